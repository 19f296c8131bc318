import type { WebSocket } from "openline";
import { maskUrl } from "openline/tracing";
import type { Line, LineOptions } from "../line/line.js";
import type { Recorder } from "../recording/recorder.js";
import type {
  DialRequest,
  Fault,
  FaultTarget,
  ObjectReport,
  PageRequest,
  ServerMessage,
  SessionId,
  WireEvent,
} from "./control-protocol.js";
import { parseFaultScript } from "./fault-script.js";
import { LineFaults } from "./line-faults.js";
import { readTarget } from "./line-target.js";
import { NodeObject } from "./node-object.js";
import { Outbox } from "./outbox.js";
import { readPageRequest } from "./page-request.js";
import { runScript } from "./script-run.js";

/** Most sessions of one page. */
const mostSessions = 20;

/** What the pages of one server share. */
export interface PageContext {
  /** The first messages that a page gets. */
  welcome(): Iterable<ServerMessage>;
  openLine(options: LineOptions): Promise<Line>;
  /** Where browsers may come from. */
  readonly origins: readonly string[];
  /** Takes what passes on a session's line. */
  recorderFor(page: PageConnection, session: SessionId): Recorder;
  /** The application's line, with `inspect`. */
  readonly inspected: LineFaults | undefined;
  /** @throws Error where there is no embedded server. */
  restartServer(crash: boolean, downFor: number): void;
  /** What has happened before there was a page to be told. */
  history(): Iterable<WireEvent>;
  /** Forgets the connections that have ended. */
  clearRecording(): void;
}

interface Session {
  readonly line: Line;
  readonly faults: LineFaults;
  readonly object: NodeObject | undefined;
}

/** One page's control connection: does what it asks, and tells it what happens. */
export class PageConnection {
  readonly #socket: WebSocket;
  readonly #context: PageContext;
  readonly #outbox: Outbox;
  readonly #sessions = new Map<SessionId, Session>();
  /** Sessions whose lines are being opened; aborted where they were forgotten meanwhile. */
  readonly #dialing = new Map<SessionId, AbortController>();
  /** The scripts that run, by their target. */
  readonly #scripts = new Map<string, AbortController>();
  #isOver = false;

  constructor(socket: WebSocket, context: PageContext) {
    this.#socket = socket;
    this.#context = context;
    this.#outbox = new Outbox((batch) => this.tell(batch));
    socket.addEventListener("message", ({ data }) => this.#receive(data));
    socket.addEventListener("close", () => void this.end());
    for (const message of context.welcome()) this.tell(message);
    for (const event of context.history()) this.#outbox.addWire(event);
  }

  tell(message: ServerMessage): void {
    if (!this.#isOver) this.#socket.send(JSON.stringify(message));
  }

  /** Whether there is room for a frame that may as well be counted only. */
  get hasRoom(): boolean {
    return this.#outbox.hasRoom;
  }

  tellWire(event: WireEvent): void {
    this.#outbox.addWire(event);
  }

  missFrame(direction: "sent" | "received", bytes: number, session: SessionId | undefined): void {
    this.#outbox.missFrame(direction, bytes, session);
  }

  /** The page is gone, or has to go: so do its objects and lines. */
  async end(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#outbox.close();
    for (const stop of [...this.#scripts.values(), ...this.#dialing.values()]) stop.abort();
    await Promise.all([...this.#sessions.keys()].map((session) => this.#forget(session)));
  }

  #receive(message: unknown): void {
    if (this.#isOver) return;
    const read = readPageRequest(message);
    if ("wrong" in read) {
      this.tell({ type: "refused", request: read.request, message: read.wrong });
      return;
    }
    const { asked } = read;
    if (asked.type === "seen") {
      this.#outbox.seen(asked.batch);
      return;
    }
    const { request } = asked;
    this.#do(asked).then(
      (answer) => this.tell(answer ?? { type: "done", request }),
      (error: unknown) => this.tell({ type: "refused", request, message: messageOf(error) }),
    );
  }

  /** @returns the answer, where it is more than "done". */
  async #do(asked: Exclude<PageRequest, { type: "seen" }>): Promise<ServerMessage | undefined> {
    const { request } = asked;
    switch (asked.type) {
      case "dial":
        return { type: "line", request, session: asked.session, url: await this.#dial(asked) };
      case "send":
        await this.#object(asked.session).send(asked);
        break;
      case "ping":
        return { type: "done", request, value: await this.#object(asked.session).ping() };
      case "close":
        this.#object(asked.session).close(asked.code, asked.reason);
        break;
      case "reconnect":
        this.#object(asked.session).reconnect();
        break;
      case "binary-type":
        this.#object(asked.session).setBinaryType(asked.binaryType);
        break;
      case "forget":
        await this.#forget(asked.session);
        break;
      case "fault":
        this.#applyFault(asked.target, asked.fault);
        break;
      case "fault-script":
        this.#startScript(asked.target, asked.script);
        break;
      case "stop-script":
        this.#scripts.get(keyOf(asked.target))?.abort();
        break;
      case "clear":
        this.#context.clearRecording();
        break;
    }
    return undefined;
  }

  /** @returns the line's URL. */
  async #dial(asked: DialRequest): Promise<string> {
    const { session, through } = asked;
    if (this.#sessions.has(session) || this.#dialing.has(session)) {
      throw new Error(`There is a session ${JSON.stringify(session)} already: forget it first`);
    }
    if (this.#sessions.size + this.#dialing.size >= mostSessions) {
      throw new Error(`A page may have ${mostSessions} sessions at once`);
    }
    const dialing = new AbortController();
    this.#dialing.set(session, dialing);
    try {
      const line = await this.#context.openLine({
        ...readTarget(asked),
        origins: this.#context.origins,
        recorder: this.#context.recorderFor(this, session),
      });
      if (dialing.signal.aborted) {
        await line.close();
        throw new Error("The session was forgotten");
      }
      await this.#add(asked, line);
      return through === "node" ? maskUrl(line.url) : line.url;
    } finally {
      this.#dialing.delete(session);
    }
  }

  async #add(asked: DialRequest, line: Line): Promise<void> {
    const { session, through } = asked;
    const faults = new LineFaults(line, (state) => this.tell({ type: "faults", session, state }));
    try {
      const object = through === "node" ? new NodeObject(line.url, asked, this.#listener()) : undefined;
      this.#sessions.set(session, { line, faults, object });
    } catch (error) {
      await line.close();
      throw error;
    }
  }

  #listener(): ConstructorParameters<typeof NodeObject>[2] {
    return {
      report: (report: ObjectReport) => this.#outbox.addReport(report),
      hasRoom: (session: SessionId) => {
        const { hasRoom } = this.#outbox;
        if (!hasRoom) this.#outbox.missReport(session);
        return hasRoom;
      },
      showUrl: maskUrl,
    };
  }

  async #forget(session: SessionId): Promise<void> {
    this.#dialing.get(session)?.abort();
    const known = this.#sessions.get(session);
    if (known === undefined) return;
    this.#sessions.delete(session);
    this.#scripts.get(keyOf({ session }))?.abort();
    await known.object?.end();
    await known.line.close();
  }

  #session(session: SessionId): Session {
    const known = this.#sessions.get(session);
    if (known === undefined) throw new Error(`There is no session ${JSON.stringify(session)}`);
    return known;
  }

  #object(session: SessionId): NodeObject {
    const { object } = this.#session(session);
    if (object === undefined) throw new Error("This session's object is the browser's: the page has it");
    return object;
  }

  #applyFault(target: FaultTarget, fault: Fault): void {
    if (fault.kind === "restart-server") {
      this.#context.restartServer(fault.crash, fault.downFor);
      return;
    }
    for (const faults of this.#faultsOf(target)) faults.apply(fault);
  }

  #faultsOf(target: FaultTarget): readonly LineFaults[] {
    if ("session" in target) return [this.#session(target.session).faults];
    const { inspected } = this.#context;
    const own = [...this.#sessions.values()].map(({ faults }) => faults);
    return inspected === undefined ? own : [inspected, ...own];
  }

  #startScript(target: FaultTarget, script: string): void {
    const parsed = parseFaultScript(script);
    if ("problems" in parsed) {
      throw new Error(parsed.problems.map(({ line, message }) => `line ${line}: ${message}`).join("\n"));
    }
    // A session that isn't there is refused before anything runs.
    this.#faultsOf(target);
    const key = keyOf(target);
    this.#scripts.get(key)?.abort();
    const stop = new AbortController();
    this.#scripts.set(key, stop);
    const apply = (fault: Fault) => this.#applyFault(target, fault);
    const onLine = (line: number) => this.tell({ type: "script", target, line });
    void runScript(parsed.steps, apply, onLine, stop.signal).then((end) => {
      if (this.#scripts.get(key) === stop) this.#scripts.delete(key);
      this.tell({ type: "script", target, ...end });
    });
  }
}

function keyOf(target: FaultTarget): string {
  return "session" in target ? `session ${target.session}` : "all";
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}
