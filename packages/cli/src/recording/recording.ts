import type {
  ConnectionEvent,
  EndEvent,
  FrameEvent,
  RequestEvent,
  ResponseEvent,
} from "./connection-event.js";
import { FrameLog } from "./frame-log.js";
import { type HarCreator, harText } from "./har-writer.js";
import type { RecordedConnection } from "./recorded-connection.js";
import type { Recorder } from "./recorder.js";
import { SpoolFile } from "./spool-file.js";

export interface RecordingOptions {
  /** Bytes to keep in memory before a temporary file takes them. Default 64 MiB. */
  readonly memoryLimit?: number;
}

/** @param frame the frame's number on its connection, from 0; `undefined` for other events. */
export type RecordingListener = (event: ConnectionEvent, frame: number | undefined) => void;

const defaultMemoryLimit = 64 * 1024 * 1024;
/** Once there is a file, it is written to in smaller portions: each holds up the process. */
const spooledMemoryLimit = 4 * 1024 * 1024;

/** What has passed on any number of connections, as long as it may be: nothing is left out. */
export class Recording implements Recorder {
  readonly #connections = new Map<number, LoggedConnection>();
  readonly #listeners = new Set<RecordingListener>();
  #memoryLimit: number;
  #memory = 0;
  #spool: SpoolFile | undefined;
  #problem: Error | undefined;
  #lastConnection = 0;
  #frames = 0;

  constructor({ memoryLimit = defaultMemoryLimit }: RecordingOptions = {}) {
    this.#memoryLimit = memoryLimit;
  }

  /** In the order of their numbers. */
  get connections(): readonly RecordedConnection[] {
    return [...this.#connections.values()];
  }

  /** How many frames there are, of all connections. */
  get frames(): number {
    return this.#frames;
  }

  /** The temporary file, once there is one. */
  get spool(): SpoolFile | undefined {
    return this.#spool;
  }

  /** Why the temporary file can't be used, and memory has to take all. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  newConnection(): number {
    const connection = ++this.#lastConnection;
    const log = new FrameLog(connection, (bytes) => {
      this.#memory += bytes;
    });
    this.#connections.set(connection, new LoggedConnection(connection, log));
    return connection;
  }

  /** Takes an event of a connection that `newConnection` has numbered. Its payload is copied. */
  append(event: ConnectionEvent): void {
    const connection = this.#connections.get(event.connection);
    if (connection === undefined) throw new RangeError(`There is no connection ${event.connection}`);
    let frame: number | undefined;
    if (event.kind === "frame") {
      frame = connection.frames.frames;
      connection.frames.append(event);
      this.#frames++;
      if (this.#memory > this.#memoryLimit) this.#makeRoom();
    } else connection.take(event);
    for (const listener of this.#listeners) listener(event, frame);
  }

  /** Is told of each event right after it was taken. @returns ends that. */
  subscribe(listener: RecordingListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A frame with its whole payload. */
  frame(connection: number, frame: number): FrameEvent | undefined {
    return this.#connections.get(connection)?.frames.at(frame);
  }

  /** How many frames a connection has so far. */
  framesOf(connection: number): number {
    return this.#connections.get(connection)?.frames.frames ?? 0;
  }

  /** A connection's frames from this number on, counted from 0. */
  framesFrom(connection: number, first: number): Iterable<FrameEvent> {
    return this.#connections.get(connection)?.frames.from(first) ?? [];
  }

  /** The recording as a HAR file, in pieces. */
  har(creator: HarCreator): Generator<string> {
    return harText(creator, this.connections);
  }

  /** Forgets the connections that have ended. */
  clear(): void {
    for (const [connection, { frames, end }] of this.#connections) {
      if (end === undefined) continue;
      this.#connections.delete(connection);
      this.#frames -= frames.frames;
      frames.forget();
    }
    if (this.#connections.size > 0) return;
    this.#spool?.close();
    this.#spool = undefined;
  }

  /** Forgets everything. */
  close(): void {
    this.#connections.clear();
    this.#listeners.clear();
    this.#spool?.close();
    this.#spool = undefined;
  }

  #makeRoom(): void {
    try {
      this.#spool ??= new SpoolFile();
      for (const { frames } of this.#connections.values()) frames.spool(this.#spool);
      this.#memoryLimit = Math.min(this.#memoryLimit, spooledMemoryLimit);
    } catch (error) {
      // The disk is full, say: what is recorded so far stays readable, and the rest has to stay in memory.
      this.#problem = error instanceof Error ? error : new Error(String(error));
      this.#memoryLimit = Infinity;
    }
  }
}

/** A connection whose frames are in a log, and whose few other events are at hand. */
class LoggedConnection implements RecordedConnection {
  readonly connection: number;
  readonly frames: FrameLog;
  request: RequestEvent | undefined;
  response: ResponseEvent | undefined;
  end: EndEvent | undefined;

  constructor(connection: number, frames: FrameLog) {
    this.connection = connection;
    this.frames = frames;
  }

  take(event: Exclude<ConnectionEvent, FrameEvent>): void {
    if (event.kind === "request") this.request = event;
    else if (event.kind === "response") this.response = event;
    else this.end = event;
  }
}
