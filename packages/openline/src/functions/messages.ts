import { type LineControl, lineControlOf } from "../websocket/line-control.js";
import { type Ending, onEnding, reasonOf } from "./ending.js";
import { checkSocket, type SocketLike } from "./socket-like.js";

/** What a `message` event carries: text, or binary data as `binaryType` says. */
export type MessageData = string | ArrayBuffer | Blob;

/** What `messages` takes besides the object. */
export interface MessagesOptions {
  /**
   * Bytes of messages that may wait for the loop before an object of ours stops reading; it goes on below half of them.
   * Default 1 MiB. Each message counts 64 bytes more than its data. Objects of other implementations can't stop.
   */
  readonly highWaterMark?: number;
}

const defaultHighWaterMark = 1024 * 1024;

/** What a message costs besides its data. */
const overhead = 64;

interface Waiting {
  readonly resolve: (result: IteratorResult<MessageData, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** The messages of one object, kept until the loop takes them. */
class MessageIterator implements AsyncIterableIterator<MessageData, undefined, undefined> {
  readonly #ws: SocketLike;
  readonly #control: LineControl | undefined;
  readonly #highWaterMark: number;
  readonly #stopWaiting: () => void;
  #messages: MessageData[] = [];
  /** Place of the next message among them. */
  #next = 0;
  #bytes = 0;
  #waiting: Waiting[] = [];
  #ending: Ending | undefined;
  #finished = false;
  #holding = false;

  constructor(ws: SocketLike, highWaterMark: number) {
    this.#ws = ws;
    this.#control = lineControlOf(ws);
    this.#highWaterMark = highWaterMark;
    ws.addEventListener("message", this.#onMessage);
    this.#stopWaiting = onEnding(ws, (ending) => this.#end(ending));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next message; calls may overlap. */
  next(): Promise<IteratorResult<MessageData, undefined>> {
    if (this.#next < this.#messages.length) return Promise.resolve({ done: false, value: this.#take() });
    if (this.#finished) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (this.#ending !== undefined) this.#settle(this.#ending);
    });
  }

  /** What `break` calls: stops listening, and forgets the messages that wait. */
  return(): Promise<IteratorResult<MessageData, undefined>> {
    this.#finished = true;
    this.#stopListening();
    this.#messages = [];
    this.#next = 0;
    this.#bytes = 0;
    for (const { resolve } of this.#waiting.splice(0)) resolve(done);
    return Promise.resolve(done);
  }

  readonly #onMessage = (event: Event): void => {
    const { data } = event as Event & { readonly data: MessageData };
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: data });
      return;
    }
    this.#messages.push(data);
    this.#bytes += costOf(data);
    if (this.#bytes < this.#highWaterMark || this.#holding) return;
    this.#holding = true;
    this.#control?.holdReading(this);
  };

  #take(): MessageData {
    const data = this.#messages[this.#next] as MessageData;
    this.#next++;
    this.#bytes -= costOf(data);
    // Forgets what has been taken, in strides that cost little.
    if (this.#next === this.#messages.length) {
      this.#messages = [];
      this.#next = 0;
    } else if (this.#next === 1024) {
      this.#messages = this.#messages.slice(this.#next);
      this.#next = 0;
    }
    if (this.#holding && this.#bytes <= this.#highWaterMark / 2) this.#release();
    return data;
  }

  #release(): void {
    this.#holding = false;
    this.#control?.releaseReading(this);
  }

  #end(ending: Ending): void {
    this.#ending = ending;
    this.#stopListening();
    if (this.#waiting.length > 0) this.#settle(ending);
  }

  /** Ends the loop, with an error for the first who waits where the end was not clean. */
  #settle(ending: Ending): void {
    this.#finished = true;
    const waiting = this.#waiting.splice(0);
    const [first, ...others] = waiting;
    if (ending.event?.wasClean === true) first?.resolve(done);
    else first?.reject(reasonOf(ending, "The connection ended without a closing handshake"));
    for (const { resolve } of others) resolve(done);
  }

  #stopListening(): void {
    this.#ws.removeEventListener("message", this.#onMessage);
    this.#stopWaiting();
    if (this.#holding) this.#release();
  }
}

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

function costOf(data: MessageData): number {
  if (typeof data === "string") return overhead + data.length;
  return overhead + ("byteLength" in data ? data.byteLength : data.size);
}

/**
 * The `data` of the messages from this call on, for one `for await` loop or for calls of `next()`. Nothing is lost
 * between two steps, nor while the object is still CONNECTING. The loop ends after a clean close; `break` ends it, too,
 * and leaves the connection open.
 *
 * Takes a `WebSocket` of any implementation. Ours stops reading while too many messages wait, so that TCP slows the peer
 * down.
 * @throws (from the loop) the error of the connection, or a `ClosedError`, after the last message before an end that was
 * not clean.
 * @throws TypeError for a wrong option.
 */
export function messages(
  ws: SocketLike,
  options: MessagesOptions = {},
): AsyncIterableIterator<MessageData, undefined, undefined> {
  checkSocket(ws, "messages");
  const { highWaterMark = defaultHighWaterMark } = options;
  if (typeof highWaterMark !== "number" || !(highWaterMark >= 1)) {
    throw new TypeError(
      `messages: the option highWaterMark is ${String(highWaterMark)}, but must be a number of bytes from 1`,
    );
  }
  return new MessageIterator(ws, highWaterMark);
}
