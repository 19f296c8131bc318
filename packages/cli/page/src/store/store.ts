import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type {
  FaultState,
  HelloMessage,
  ScriptMessage,
  SessionId,
  WireEvent,
} from "../../../src/workbench/control-protocol.js";
import { ControlConnection, type ServerNews } from "../control/control-connection.js";
import { Recording } from "./recording.js";
import { type Dial, Session, type Through } from "./session.js";

/** All that the page knows. Panels get it with `useStore()`. */
export class Store {
  readonly control: ControlConnection;
  /** What the server is; absent until it has said so. */
  readonly hello = signal<HelloMessage | undefined>(undefined);
  /** Whether the embedded server is there. */
  readonly isServerUp = signal(true);
  /** The objects of the last Connect: none, one, or two side by side. */
  readonly sessions = signal<readonly Session[]>([]);
  /** What passes on the lines now. */
  readonly live = new Recording();
  /** A recording that was opened from a file, shown in place of the live one. */
  readonly opened = signal<Recording | undefined>(undefined);
  /** The recording to show. */
  readonly shown: ReadonlySignal<Recording> = computed(() => this.opened.value ?? this.live);
  /** The lasting faults on each session's line; `undefined` stands for the application's lines, with `inspect`. */
  readonly faults = signal<ReadonlyMap<SessionId | undefined, FaultState>>(new Map());
  /** The latest of what a fault script has told. */
  readonly script = signal<ScriptMessage | undefined>(undefined);
  #sessionCount = 0;

  constructor(controlUrl: string | URL) {
    this.control = new ControlConnection(controlUrl, (news) => this.#hear(news));
  }

  /** Makes one object for each of `through`, in place of those of before. Rejected if one is refused. */
  async connect(dial: Dial, through: readonly Through[]): Promise<void> {
    await this.forget();
    const prefix = Date.now().toString(36);
    this.sessions.value = through.map(
      (where) => new Session(`${prefix}-${++this.#sessionCount}`, where, dial, this.control),
    );
    try {
      await Promise.all(this.sessions.value.map((session) => session.open(this.live.traffic)));
    } catch (error) {
      // An object that was never made is none to look at.
      await this.forget();
      throw error;
    }
  }

  /** Ends the objects and their lines. */
  async forget(): Promise<void> {
    const old = this.sessions.value;
    this.sessions.value = [];
    // A server that has gone has none of them any more.
    await Promise.allSettled(old.map((session) => session.forget()));
  }

  /** Empties the recording, here and on the server. */
  async clear(): Promise<void> {
    this.live.clear();
    await this.control.request({ type: "clear" }).catch(() => {
      // A server that has gone has nothing to empty.
    });
  }

  /** Shows what a file holds, in place of what passes now. */
  openRecording(name: string, events: readonly WireEvent[]): void {
    const recording = new Recording(name);
    recording.push(events);
    this.opened.value = recording;
  }

  closeRecording(): void {
    this.opened.value = undefined;
  }

  #hear(news: ServerNews): void {
    if (news.type === "hello") this.hello.value = news;
    else if (news.type === "server") this.isServerUp.value = news.isUp;
    else if (news.type === "faults") {
      this.faults.value = new Map(this.faults.value).set(news.session, news.state);
    } else if (news.type === "script") this.script.value = news;
    else {
      this.live.push(news.wire, news.missed);
      for (const report of news.reports) {
        const session = this.sessions.value.find(({ id }) => id === report.session);
        if (!session) continue;
        session.reports.push(report);
        this.live.traffic.countReport(report);
      }
      this.control.seen(news.batch);
    }
  }
}

export const StoreContext = createContext<Store | undefined>(undefined);

export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error("No store around this component");
  return store;
}
