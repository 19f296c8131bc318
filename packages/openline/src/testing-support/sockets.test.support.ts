import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { CloseEvent, MessageEvent, WebSocket } from "../index.js";
import { within } from "./guard.test.support.js";
import type { RawPeer } from "./raw-peer.test.support.js";
import { type RawServer, rawServer } from "./raw-server.test.support.js";

/** `new WebSocket(...)` with whatever arguments: for what the types would refuse. */
export function construct(...args: readonly unknown[]): WebSocket {
  const socket: unknown = Reflect.construct(WebSocket, args);
  assert.ok(socket instanceof WebSocket);
  return socket;
}

/** Calls the method `name` with whatever arguments: for what the types would refuse. */
export function call(socket: WebSocket, name: "send" | "close", ...args: readonly unknown[]): unknown {
  return Reflect.apply(socket[name], socket, args);
}

/** The next event of `type`; an error if the connection closes without one. */
export function nextEvent(socket: WebSocket, type: string): Promise<Event> {
  const ends = new AbortController();
  const { signal } = ends;
  const event = new Promise<Event>((resolve, reject) => {
    socket.addEventListener(type, (got: Event) => resolve(got), { signal });
    if (type === "close") return;
    let cause: unknown;
    socket.addEventListener(
      "error",
      (failure: Event) => {
        cause = errorOf(failure);
      },
      { signal },
    );
    socket.addEventListener("close", () => reject(new Error(`closed without "${type}"`, { cause })), {
      signal,
    });
  });
  return within(event, `the "${type}" event`).finally(() => ends.abort());
}

export async function opened(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.OPEN) return;
  await nextEvent(socket, "open");
}

export async function nextMessage(socket: WebSocket): Promise<MessageEvent> {
  const event = await nextEvent(socket, "message");
  assert.ok(event instanceof MessageEvent);
  return event;
}

export async function nextData(socket: WebSocket): Promise<unknown> {
  return (await nextMessage(socket)).data;
}

export async function closed(socket: WebSocket): Promise<CloseEvent> {
  const event = await nextEvent(socket, "close");
  assert.ok(event instanceof CloseEvent);
  return event;
}

/** The own property `error` of an `error` event. */
export function errorOf(event: Event): Error & { code?: unknown } {
  const error: unknown =
    Object.getOwnPropertyDescriptor(event, "error")?.value ?? Reflect.get(event, "error");
  assert.ok(error instanceof Error, "the event carries an Error");
  return error;
}

/** How a connection that is not to succeed went: all its events in order, the error and the close event. */
export interface Outcome {
  readonly types: readonly string[];
  readonly error: Error & { code?: unknown };
  readonly close: CloseEvent;
}

/** Waits for the end of a connection that fails. */
export async function failure(socket: WebSocket): Promise<Outcome> {
  const types: string[] = [];
  let error: (Error & { code?: unknown }) | undefined;
  for (const type of ["open", "message", "error", "close"]) {
    socket.addEventListener(type, (event: Event) => {
      types.push(`${type} ${socket.readyState}`);
      if (type === "error") error = errorOf(event);
    });
  }
  const close = await closed(socket);
  assert.ok(error !== undefined, `an error event before close: ${types.join(", ")}`);
  return { types, error, close };
}

/** The events that every failed connection ends with: nothing of the cause shows in `close`. */
export function assertAbnormal(close: CloseEvent): void {
  assert.deepEqual(
    { code: close.code, reason: close.reason, wasClean: close.wasClean },
    { code: 1006, reason: "", wasClean: false },
  );
}

/** The handshake must fail: `error`, then `close`, both with the object CLOSED, and the given code. */
export async function assertHandshakeFails(socket: WebSocket, code: string | RegExp): Promise<Error> {
  const { types, error, close } = await failure(socket);
  assert.deepEqual(types, ["error 3", "close 3"]);
  assertAbnormal(close);
  if (typeof code === "string") assert.equal(error.code, code, error.message);
  else assert.match(String(error.code), code, error.message);
  assert.ok(error.message.length > 0);
  assert.equal(socket.protocol, "");
  assert.equal(socket.extensions, "");
  return error;
}

export interface Line {
  readonly socket: WebSocket;
  readonly peer: RawPeer;
  readonly server: RawServer;
}

/** An open connection between a `WebSocket` and a raw peer. */
export async function openLine(context: TestContext, ...more: readonly unknown[]): Promise<Line> {
  const server = await rawServer(context);
  const socket = construct(server.url, ...more);
  const open = opened(socket);
  const peer = await server.accept();
  await open;
  return { socket, peer, server };
}

/** An open connection that got `frames` in the same packet as the answer of the handshake. `prepare` sees the object first. */
export async function openLineWith(
  context: TestContext,
  frames: readonly Uint8Array[],
  prepare: (socket: WebSocket) => void = () => {},
): Promise<Line> {
  const server = await rawServer(context);
  const socket = construct(server.url);
  prepare(socket);
  const open = opened(socket);
  const peer = await server.accept({}, frames);
  await open;
  return { socket, peer, server };
}

/** A descriptor as an IDL test sees it. */
export function descriptor(object: object, name: PropertyKey): PropertyDescriptor {
  const found = Object.getOwnPropertyDescriptor(object, name);
  assert.ok(found !== undefined, `${String(name)} is an own property`);
  return found;
}

/** Checks for a DOMException of the given name whose message shows every one of `values`, as they are or escaped. */
export function domException(name: string, ...values: readonly string[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof DOMException, `a DOMException, not ${String(error)}`);
    assert.equal(error.name, name, error.message);
    for (const value of values) {
      const shown = [value, JSON.stringify(value).slice(1, -1)].some((form) => error.message.includes(form));
      assert.ok(shown, `${JSON.stringify(error.message)} names ${JSON.stringify(value)}`);
    }
    return true;
  };
}
