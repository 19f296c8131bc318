import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "openline";
import { type FaultyLine, type LineOptions, openLine } from "../line/line.js";
import type { ConnectionEvent } from "../recording/connection-event.js";
import { harText } from "../recording/har-writer.js";
import type { Recorder } from "../recording/recorder.js";
import type { Recording } from "../recording/recording.js";
import type { ServerMessage, SessionId, WireEvent } from "./control-protocol.js";
import { LineFaults } from "./line-faults.js";
import { PageConnection, type PageContext } from "./page-connection.js";
import { PageFiles } from "./page-files.js";
import { PageServer } from "./page-server.js";
import { PlayServer } from "./play-server.js";
import { recentEvents } from "./recent-events.js";
import { wireEvent } from "./wire-event.js";

/** What `startWorkbench` takes. */
export interface WorkbenchOptions {
  /** The page's port; 0 for a free one. */
  readonly port: number;
  /** Of the command, as the page shows it. */
  readonly version: string;
  /** The page shows it, and sessions are recorded to it. Whoever made it closes it, after the workbench. */
  readonly recording: Recording;
  /** The application's line, whose faults the page sets; without it there is an embedded server. */
  readonly inspect?: {
    readonly line: FaultyLine;
    readonly proxyUrl: string;
    readonly targetUrl: string;
  };
  /** Default: `dist/page` of this package. */
  readonly pageDirectory?: string;
}

/** The page's server, with all that is behind it. */
export interface Workbench {
  /** The page's address, with its secret. */
  readonly url: string;
  /** A URL that leads to the page once: for the command line of a browser, which other users can read. */
  invite(): string;
  /** Ends the pages' objects, their lines, and the servers. */
  close(): Promise<void>;
}

/** Starts the page's server, on 127.0.0.1 only. @throws FailureError where it can't. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const files = new PageFiles(options.pageDirectory ?? fileURLToPath(new URL("../page/", import.meta.url)));
  await files.check();
  const pages = new Pages(options);
  const server = await PageServer.start({
    port: options.port,
    files,
    serve: (path, query, response) => pages.serve(path, query, response),
    onPage: (socket) => pages.add(socket),
  });
  await pages.begin(server.origins);
  return {
    url: server.url,
    invite: () => server.invite(),
    close: async () => {
      // The objects first: their servers are to see how they close.
      await pages.close();
      await server.close();
    },
  };
}

/** The pages that are open, and what they share. */
class Pages implements PageContext {
  /** The lines have the page's headers, credentials perhaps: they aren't for other users of the machine. */
  readonly openLine = (options: LineOptions) => openLine({ ...options, isSecret: true });
  readonly inspected: LineFaults | undefined;
  origins: readonly string[] = [];
  readonly #options: WorkbenchOptions;
  readonly #pages = new Set<PageConnection>();
  /** Whose a connection is; those of an application are nobody's. */
  readonly #owners = new Map<number, { readonly page: PageConnection; readonly session: SessionId }>();
  #play: PlayServer | undefined;
  readonly #unsubscribe: () => void;

  constructor(options: WorkbenchOptions) {
    this.#options = options;
    const { inspect, recording } = options;
    this.inspected =
      inspect && new LineFaults(inspect.line, (state) => this.#tellAll({ type: "faults", state }));
    this.#unsubscribe = recording.subscribe((event, frame) => this.#tellWire(event, frame ?? 0));
  }

  /** @param origins where browsers may have the page from. */
  async begin(origins: readonly string[]): Promise<void> {
    this.origins = origins;
    if (this.#options.inspect !== undefined) return;
    this.#play = await PlayServer.start(origins, (isUp) => this.#tellAll({ type: "server", isUp }));
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await Promise.all([...this.#pages].map((page) => page.end()));
    await this.#play?.close();
  }

  add(socket: WebSocket): void {
    const page = new PageConnection(socket, this);
    this.#pages.add(page);
    socket.addEventListener("close", () => this.#pages.delete(page));
  }

  *welcome(): Generator<ServerMessage> {
    const { version, inspect } = this.#options;
    if (inspect !== undefined) {
      const { proxyUrl, targetUrl } = inspect;
      yield { type: "hello", version, mode: "inspect", places: [], inspect: { proxyUrl, targetUrl } };
    } else {
      yield { type: "hello", version, mode: "workbench", places: this.#play?.places ?? [] };
      yield { type: "server", isUp: this.#play?.isUp === true };
    }
    if (this.inspected !== undefined) yield { type: "faults", state: this.inspected.state };
  }

  /** What an application did before the page was there. */
  *history(): Generator<WireEvent> {
    if (this.inspected === undefined) return;
    for (const [event, frame] of recentEvents(this.#options.recording)) {
      if (!this.#owners.has(event.connection)) yield wireEvent(event, frame, undefined);
    }
  }

  recorderFor(page: PageConnection, session: SessionId): Recorder {
    const { recording } = this.#options;
    return {
      newConnection: () => {
        const connection = recording.newConnection();
        this.#owners.set(connection, { page, session });
        return connection;
      },
      append: (event) => recording.append(event),
    };
  }

  restartServer(crash: boolean, downFor: number): void {
    if (this.#play === undefined) throw new Error("There is no embedded server: it isn't ours to restart");
    void this.#play.restart(crash, downFor);
  }

  clearRecording(): void {
    this.#options.recording.clear();
  }

  /** Answers what isn't a file of the page's. */
  async serve(path: string, query: URLSearchParams, response: ServerResponse): Promise<boolean> {
    if (path === "recording.har") {
      await this.#serveHar(query.get("connections"), response);
      return true;
    }
    const [, connection, frame] = /^payload\/(\d{1,15})\/(\d{1,15})$/.exec(path) ?? [];
    const payload = this.#options.recording.frame(Number(connection), Number(frame))?.payload;
    if (payload === undefined) return false;
    // Whatever the peer has sent: a file, never a page of ours.
    response.writeHead(200, {
      "Content-Disposition": "attachment",
      "Content-Length": Buffer.byteLength(payload),
      "Content-Type": typeof payload === "string" ? "text/plain; charset=utf-8" : "application/octet-stream",
    });
    response.end(payload);
    return true;
  }

  async #serveHar(wanted: string | null, response: ServerResponse): Promise<void> {
    const { recording, version } = this.#options;
    const numbers = wanted === null ? undefined : new Set(wanted.split(",").map(Number));
    const connections = recording.connections.filter(
      ({ connection }) => numbers === undefined || numbers.has(connection),
    );
    const name = `openline-${new Date()
      .toISOString()
      .replace(/:|\..*/g, "-")
      .replace(/-$/, "")}.har`;
    response.writeHead(200, {
      "Content-Disposition": `attachment; filename="${name}"`,
      "Content-Type": "application/json; charset=utf-8",
    });
    // A page that goes away in the midst is no failure.
    await pipeline(Readable.from(harText({ name: "openline", version }, connections)), response).catch(
      () => {},
    );
  }

  #tellWire(event: ConnectionEvent, frame: number): void {
    const owner = this.#owners.get(event.connection);
    if (event.kind === "end") this.#owners.delete(event.connection);
    if (owner !== undefined) tellWire(owner.page, event, frame, owner.session);
    else for (const page of this.#pages) tellWire(page, event, frame, undefined);
  }

  #tellAll(message: ServerMessage): void {
    for (const page of this.#pages) page.tell(message);
  }
}

/** Frames of messages and pings are no more than counted where the page is too slow; whatever changes a state is told. */
function tellWire(
  page: PageConnection,
  event: ConnectionEvent,
  frame: number,
  session: SessionId | undefined,
): void {
  if (event.kind === "frame" && event.opcode !== closeOpcode && !page.hasRoom) {
    page.missFrame(event.direction, event.length, session);
  } else {
    page.tellWire(wireEvent(event, frame, session));
  }
}

const closeOpcode = 8;
