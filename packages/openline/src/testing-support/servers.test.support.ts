import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { TestContext } from "node:test";
import { WebSocket } from "../index.js";
import { WebSocketServer, type WebSocketServerOptions } from "../server/index.js";
import { within } from "./guard.test.support.js";

export function portOf(server: Pick<WebSocketServer, "address">): number {
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

/** A `WebSocketServer` that listens on a free port of 127.0.0.1, closed with the end of the test. */
export async function listening(
  context: TestContext,
  options: WebSocketServerOptions = {},
): Promise<{ server: WebSocketServer; port: number; url: string }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", closeTimeout: 500, ...options });
  context.after(() => within(server.close(), "close() after the test", 10_000));
  await within(once(server, "listening"), "listening");
  const port = portOf(server);
  return { server, port, url: `ws://127.0.0.1:${port}` };
}

/** The next connection of `server`. */
export async function nextClient(
  server: WebSocketServer,
): Promise<{ socket: WebSocket; request: IncomingMessage }> {
  const [socket, request]: unknown[] = await within(once(server, "connection"), "a connection");
  assert.ok(socket instanceof WebSocket);
  return { socket, request: request as IncomingMessage };
}
