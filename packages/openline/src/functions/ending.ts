import { lineControlOf } from "../websocket/line-control.js";
import { type CloseDetails, ClosedError } from "./closed-error.js";
import { closed, type SocketLike } from "./socket-like.js";

/**
 * Is told how a connection ended.
 * @param event the `close` event; `undefined` where it was over before anybody looked.
 * @param error what the `error` event carried, where there was one: in browsers it carries nothing.
 */
export type EndingListener = (event: (Event & CloseDetails) | undefined, error: Error | undefined) => void;

/** Milliseconds in which the `close` event comes, once an object of another implementation is CLOSED. */
const lastEventDelay = 100;

/** Calls back once with the `close` event, and what went before it. Gives a function that stops waiting. */
export function onEnding(ws: SocketLike, callback: EndingListener): () => void {
  const control = lineControlOf(ws);
  const past = control?.ending;
  let error = past?.error;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    ws.removeEventListener("error", onError);
    ws.removeEventListener("close", end);
  };
  const end = (event?: Event): void => {
    stop();
    callback(event as (Event & CloseDetails) | undefined, error);
  };
  const onError = (event: Event): void => {
    error = (event as Event & { readonly error?: Error }).error;
  };
  ws.addEventListener("error", onError);
  ws.addEventListener("close", end);
  // The object is CLOSED before its last event is fired, and doesn't tell whether that is past.
  if (past || (!control && ws.readyState === closed)) {
    timer = setTimeout(() => end(past?.event), past ? 0 : lastEventDelay);
  }
  return stop;
}

/** An ending as an error: the one that the object gave, or one with the close code. */
export function reasonOf(what: string, ...[event, error]: Parameters<EndingListener>): Error {
  return error ?? new ClosedError(what, event);
}
