import { type ReadonlySignal, signal } from "@preact/signals";
import type { Headers } from "../../../src/recording/connection-event.js";
import type { SessionId, WireEvent } from "../../../src/workbench/control-protocol.js";
import { FrameSignal } from "./frame-signal.js";

/** One connection in short: what the list of connections and the headings show. */
export interface ConnectionSummary {
  readonly connection: number;
  readonly session: SessionId | undefined;
  readonly began: number;
  url: string;
  requestHeaders: Headers;
  status: number | undefined;
  responseHeaders: Headers;
  sentMessages: number;
  receivedMessages: number;
  end: Extract<WireEvent, { kind: "end" }> | undefined;
}

const maxConnections = 5000;

/** The connections that a line has seen, by number. */
export class Connections {
  readonly #changes = new FrameSignal();
  readonly #summaries = new Map<number, ConnectionSummary>();
  #openCount = 0;

  get version(): ReadonlySignal<number> {
    return this.#changes.version;
  }

  /** In the order in which they began. */
  get all(): readonly ConnectionSummary[] {
    return [...this.#summaries.values()];
  }

  get count(): number {
    return this.#summaries.size;
  }

  /** How many are under way. */
  get openCount(): number {
    return this.#openCount;
  }

  get(connection: number): ConnectionSummary | undefined {
    return this.#summaries.get(connection);
  }

  /** The one chosen, or all. */
  readonly chosen = signal<number | undefined>(undefined);

  add(events: readonly WireEvent[]): void {
    for (const event of events) this.#addEvent(event);
    this.#changes.touch();
  }

  clear(): void {
    this.#summaries.clear();
    this.#openCount = 0;
    this.chosen.value = undefined;
    this.#changes.touch();
  }

  #addEvent(event: WireEvent): void {
    const summary = this.#summaries.get(event.connection) ?? this.#begin(event);
    if (event.kind === "request") {
      summary.url = event.url;
      summary.requestHeaders = event.headers;
    } else if (event.kind === "response") {
      summary.status = event.status;
      summary.responseHeaders = event.headers;
    } else if (event.kind === "end") {
      if (!summary.end) this.#openCount--;
      summary.end = event;
    } else if (event.opcode < 8 && event.fin) {
      if (event.direction === "sent") summary.sentMessages++;
      else summary.receivedMessages++;
    }
  }

  #begin({ connection, session, time }: WireEvent): ConnectionSummary {
    const summary: ConnectionSummary = {
      connection,
      session,
      began: time,
      url: "",
      requestHeaders: [],
      status: undefined,
      responseHeaders: [],
      sentMessages: 0,
      receivedMessages: 0,
      end: undefined,
    };
    this.#summaries.set(connection, summary);
    this.#openCount++;
    if (this.#summaries.size > maxConnections) {
      const [oldest] = this.#summaries.keys();
      if (oldest !== undefined) this.#summaries.delete(oldest);
    }
    return summary;
  }
}
