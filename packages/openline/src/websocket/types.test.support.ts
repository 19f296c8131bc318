// Tests of the types: the compiler runs them, and a wrong type breaks the build. Nothing here is ever called.
import {
  type CloseDetails,
  type CloseEvent,
  type ConnectionInfo,
  closed,
  connectionInfo,
  drained,
  type ErrorEvent,
  type HandshakeTrace,
  type MessageData,
  type MessageEvent,
  messages,
  opened,
  pause,
  ping,
  resume,
  type SocketLike,
  terminate,
  WebSocket,
  type WebSocketEventMap,
} from "../index.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where `value` has exactly the type `Expected`. */
function isExactly<Expected>() {
  return <Actual>(_value: Actual, _same: Same<Actual, Expected>): void => {};
}

export function eventMap(socket: WebSocket): void {
  isExactly<keyof WebSocketEventMap>()("open" as keyof WebSocketEventMap, true);
  isExactly<"open" | "message" | "error" | "close">()("open" as keyof WebSocketEventMap, true);

  socket.onopen = (event) => isExactly<Event>()(event, true);
  socket.onmessage = (event) => isExactly<MessageEvent>()(event, true);
  socket.onerror = (event) => isExactly<ErrorEvent>()(event, true);
  socket.onclose = (event) => isExactly<CloseEvent>()(event, true);
  socket.onclose = null;
  socket.onopen = function () {
    isExactly<WebSocket>()(this, true);
  };

  socket.addEventListener("open", (event) => isExactly<Event>()(event, true));
  socket.addEventListener("message", (event) => isExactly<MessageEvent>()(event, true));
  socket.addEventListener("error", ({ error }) => isExactly<string>()(error.code, true));
  socket.addEventListener("close", ({ code, reason, wasClean }) => {
    isExactly<number>()(code, true);
    isExactly<string>()(reason, true);
    isExactly<boolean>()(wasClean, true);
  });
  socket.addEventListener("close", { handleEvent: (event) => isExactly<CloseEvent>()(event, true) });
  socket.addEventListener("close", (event) => isExactly<CloseEvent>()(event, true), { once: true });
  socket.addEventListener("a program's own", (event: Event) => isExactly<Event>()(event, true));
  socket.removeEventListener("close", (event) => isExactly<CloseEvent>()(event, true));

  // @ts-expect-error: a message event is no close event
  socket.onmessage = (event: CloseEvent) => event.code;
  // @ts-expect-error: a handler is a function
  socket.onopen = "open";
}

export function object(socket: WebSocket): void {
  isExactly<0 | 1 | 2 | 3>()(socket.readyState, true);
  isExactly<"blob" | "arraybuffer">()(socket.binaryType, true);
  isExactly<1>()(WebSocket.OPEN, true);
  isExactly<1>()(socket.OPEN, true);
  socket.send("text");
  socket.send(new ArrayBuffer(1));
  socket.send(new Uint8Array(1));
  socket.send(new Blob([]));
  // @ts-expect-error: a number would be sent as text
  socket.send(5);
  // @ts-expect-error: there is no such type
  socket.binaryType = "nodebuffer";
  // @ts-expect-error: it changes by itself
  socket.readyState = 1;
  // @ts-expect-error: there is no such option
  new WebSocket("ws://localhost", { noSuchOption: true });
}

export async function functions(socket: WebSocket, foreign: SocketLike): Promise<void> {
  isExactly<Event>()(await opened(foreign), true);
  isExactly<Event & CloseDetails>()(await closed(foreign), true);
  isExactly<void>()(await drained(socket, 10), true);
  isExactly<number>()(await ping(socket, "data"), true);
  isExactly<ConnectionInfo>()(connectionInfo(socket), true);
  isExactly<void>()(terminate(socket), true);
  for await (const data of messages(foreign, { highWaterMark: 10 })) isExactly<MessageData>()(data, true);
  isExactly<string | ArrayBuffer | Blob>()("" as MessageData, true);
  for (const ours of [opened, closed, messages, drained]) ours(socket);

  // @ts-expect-error: a browser's object can't ping
  await ping(foreign);
  // @ts-expect-error: nor be cut
  terminate(foreign);
  // @ts-expect-error: nor pause
  pause(foreign);
  // @ts-expect-error: nor resume
  resume(foreign);
  // @ts-expect-error: nor tell of its connection
  connectionInfo(foreign);
  // @ts-expect-error: nothing to wait for
  await drained(foreign);
  // @ts-expect-error: an emitter has other methods
  messages({ on: () => {}, readyState: 1 });
  // @ts-expect-error: there is no such option
  messages(socket, { highWatermark: 1 });
  // @ts-expect-error: a ping's data is no number
  await ping(socket, 5);
}

export function traces(trace: HandshakeTrace): void {
  if (trace.stage === "request") isExactly<string>()(trace.url, true);
  else isExactly<number>()(trace.status, true);
}
