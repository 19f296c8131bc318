import { lineControlOf } from "../websocket/line-control.js";
import { checkBytes } from "./check-bytes.js";
import { onEnding, reasonOf } from "./ending.js";
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

const defaultHighWaterMark = 2 ** 20;

/** What a message costs besides its data. */
const overhead = 64;

interface Waiting {
  readonly resolve: (result: IteratorResult<MessageData, undefined>) => void;
  readonly reject: (error: Error) => void;
}

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
  checkBytes("messages: the option highWaterMark", highWaterMark, 1);
  const control = lineControlOf(ws);
  /** Messages that have come, and those that are taken next, turned round: both ends of the queue are cheap. */
  let behind: MessageData[] = [];
  let ahead: MessageData[] = [];
  let bytes = 0;
  let isHolding = false;
  const waiting: Waiting[] = [];
  let isOver = false;
  /** What the first who waits after an end that was not clean is told. */
  let failure: Error | undefined;

  const take = (): MessageData | undefined => {
    if (ahead.length === 0) [ahead, behind] = [behind.reverse(), []];
    return ahead.pop();
  };

  const release = (): void => {
    if (isHolding) control?.releaseReading(iterator);
    isHolding = false;
  };

  /** Gives to those who wait what there is. */
  const serve = (): void => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      const value = take();
      if (value === undefined && !isOver) return;
      waiting.shift();
      if (value !== undefined) {
        bytes -= costOf(value);
        if (bytes <= highWaterMark / 2) release();
        first.resolve({ done: false, value });
      } else if (failure) {
        first.reject(failure);
        failure = undefined;
      } else first.resolve({ done: true, value });
    }
  };

  const onMessage = (event: Event): void => {
    const { data } = event as Event & { readonly data: MessageData };
    behind.push(data);
    bytes += costOf(data);
    serve();
    if (bytes < highWaterMark || isHolding) return;
    isHolding = true;
    control?.holdReading(iterator);
  };

  const end = (reason?: Error): void => {
    isOver = true;
    failure = reason;
    ws.removeEventListener("message", onMessage);
    stopWaiting();
    release();
    serve();
  };

  ws.addEventListener("message", onMessage);
  const stopWaiting = onEnding(ws, (event, error) =>
    end(
      event?.wasClean
        ? undefined
        : reasonOf("The connection ended without a closing handshake", event, error),
    ),
  );

  const iterator: AsyncIterableIterator<MessageData, undefined, undefined> = {
    [Symbol.asyncIterator]: () => iterator,
    next: () =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        serve();
      }),
    // What `break` calls: the messages that wait are forgotten.
    return() {
      ahead = [];
      behind = [];
      bytes = 0;
      end();
      return iterator.next() as Promise<IteratorReturnResult<undefined>>;
    },
  };
  return iterator;
}
