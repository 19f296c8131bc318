import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import {
  type ReceivedMessage,
  WebSocketError,
  type WebSocketOpenInfo,
  WebSocketStream,
  type WebSocketStreamOptions,
} from "../index.js";
import { within } from "./guard.test.support.js";
import type { RawPeer } from "./raw-peer.test.support.js";
import { rawServer } from "./raw-server.test.support.js";

/** `new WebSocketStream(...)` with whatever arguments: for what the types would refuse. */
export function constructStream(...args: readonly unknown[]): WebSocketStream {
  const stream: unknown = Reflect.construct(WebSocketStream, args);
  assert.ok(stream instanceof WebSocketStream);
  return stream;
}

export interface StreamLine {
  readonly stream: WebSocketStream;
  readonly info: WebSocketOpenInfo;
  readonly reader: ReadableStreamDefaultReader<ReceivedMessage>;
  readonly writer: WritableStreamDefaultWriter<unknown>;
  readonly peer: RawPeer;
}

/** An open connection between a `WebSocketStream` and a raw peer that sent `frames` with its handshake. */
export async function openStreamLine(
  t: TestContext,
  options: WebSocketStreamOptions = {},
  frames: readonly Uint8Array[] = [],
): Promise<StreamLine> {
  const server = await rawServer(t);
  const stream = new WebSocketStream(server.url, options);
  const peer = await server.accept({}, frames);
  const info = await within(stream.opened, "opened");
  return { stream, info, reader: info.readable.getReader(), writer: info.writable.getWriter(), peer };
}

/** What `promise` is rejected with. */
export async function rejection(promise: Promise<unknown>, what = "a rejection"): Promise<unknown> {
  try {
    await within(promise, what);
  } catch (error) {
    return error;
  }
  throw new Error(`${what}: the promise was fulfilled`);
}

/** The `WebSocketError` that `promise` is rejected with. */
export async function streamError(promise: Promise<unknown>): Promise<WebSocketError & { cause?: unknown }> {
  const error = await rejection(promise);
  assert.ok(error instanceof WebSocketError, String(error));
  return error;
}

/** `error.cause.code`: why a connection broke. */
export function causeCode(error: { readonly cause?: unknown }): unknown {
  const { cause } = error;
  assert.ok(cause instanceof Error, `a cause, not ${String(cause)}`);
  return Reflect.get(cause, "code");
}
