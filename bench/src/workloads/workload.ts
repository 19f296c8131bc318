import type { Socket } from "node:net";
import type { ContextTakeover } from "../deflated-frames.js";
import type { Behaviours } from "../peer/behaviour.js";
import type { Timing } from "../rate-meter.js";
import type { MessageEventLike, WebSocketLike } from "../websocket-like.js";
import type { Metrics } from "../worker-protocol.js";

export interface Metric {
  readonly key: string;
  readonly unit: "messages/s" | "connections/s" | "bytes" | "ms" | "µs" | "×" | "%";
  /** `info` is shown, but not compared. */
  readonly better: "higher" | "lower" | "info";
  readonly label: string;
  /** Compare what lies above the figure of a plain socket, which every implementation has to pay. */
  readonly abovePlainSocket?: true;
}

interface WorkloadBase {
  readonly name: string;
  readonly title: string;
  /** The chart it is drawn in. */
  readonly group: string;
  /** The first is the one that counts. */
  readonly metrics: readonly Metric[];
  /** Seconds after which a run is given up; 60 if absent. */
  readonly patience?: number;
  /** How many times the usual warm-up it takes until all code is compiled; once if absent. */
  readonly warmups?: number;
}

/** The competitor is the client; the peer is raw TCP code. */
export interface ClientWorkload extends WorkloadBase {
  readonly side: "client";
  readonly tls: boolean;
  /** permessage-deflate, if the peer agrees to it, and how. */
  readonly takeover: ContextTakeover | undefined;
  readonly peer: () => Promise<Behaviours>;
  readonly webSocket: (run: WebSocketRun) => Promise<Metrics>;
  readonly plainSocket: (run: PlainSocketRun) => Promise<Metrics>;
}

/** The competitor is the server; the load comes from raw sockets. */
export interface ServerWorkload extends WorkloadBase {
  readonly side: "server";
  readonly takeover: ContextTakeover | undefined;
  /** Measures in the load's process; undefined if `server` does. */
  readonly load: (run: LoadRun) => Promise<Metrics | undefined>;
  /** Measures in the server's process. */
  readonly server?: (run: Run) => Promise<Metrics>;
}

export type Workload = ClientWorkload | ServerWorkload;

export interface Run {
  readonly timing: Timing;
  /** To be called where the counted time begins and ends, so that the load of both processes is known for it. */
  readonly started: () => void;
  readonly stopped: () => void;
  readonly tell: (text: string) => void;
  /** Resolves when the other process of the run tells this text; one that came before counts, too. */
  readonly told: (text: string) => Promise<void>;
}

export interface WebSocketRun extends Run {
  /** Resolves with an open connection; it fails the run if the connection fails later. */
  readonly open: (path: string, onMessage: (event: MessageEventLike) => void) => Promise<WebSocketLike>;
  /** A new object whose connection isn't open yet, without any handler. */
  readonly create: (path: string) => WebSocketLike;
}

export interface PlainSocketRun extends Run {
  /** Resolves with a connection that has left the opening handshake behind. */
  readonly connect: (path: string, onData: (bytes: Buffer) => void) => Promise<Socket>;
}

export interface LoadRun extends Run {
  readonly port: number;
  readonly takeover: ContextTakeover | undefined;
}
