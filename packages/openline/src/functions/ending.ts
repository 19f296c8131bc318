import { lineControlOf } from "../websocket/line-control.js";
import { type CloseDetails, ClosedError } from "./closed-error.js";
import { closed, type SocketLike } from "./socket-like.js";

/** How a connection ended. */
export interface Ending {
  /** The `close` event; `undefined` where it was over before anybody looked. */
  readonly event: (Event & CloseDetails) | undefined;
  /** What the `error` event carried, where there was one: in browsers it carries nothing. */
  readonly error: Error | undefined;
}

/** Milliseconds in which the `close` event comes, once an object of another implementation is CLOSED. */
const lastEventDelay = 100;

/** Calls back once with the `close` event, and what went before it. Gives a function that stops waiting. */
export function onEnding(ws: SocketLike, callback: (ending: Ending) => void): () => void {
  let error: Error | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    ws.removeEventListener("error", onError);
    ws.removeEventListener("close", onClose);
  };
  const end = (event: Ending["event"]): void => {
    stop();
    callback({ event, error });
  };
  const onError = (event: Event): void => {
    error = (event as Event & { readonly error?: Error }).error;
  };
  const onClose = (event: Event): void => end(event as Event & CloseDetails);
  const ending = lineControlOf(ws)?.ending;
  if (ending !== undefined) {
    error = ending.error;
    timer = setTimeout(() => end(ending.event), 0);
    return stop;
  }
  ws.addEventListener("error", onError);
  ws.addEventListener("close", onClose);
  // The object is CLOSED before its last event is fired, and doesn't tell whether that is past.
  if (ws.readyState === closed && lineControlOf(ws) === undefined) {
    timer = setTimeout(() => end(undefined), lastEventDelay);
  }
  return stop;
}

/** The ending as an error: the reason that the object gave, or the close code. */
export function reasonOf({ event, error }: Ending, what: string): Error {
  return error ?? new ClosedError(what, event ?? unknownClose);
}

/** What is left to say of a connection that was over before anybody looked. */
const unknownClose: CloseDetails = { code: 1006, reason: "", wasClean: false };
