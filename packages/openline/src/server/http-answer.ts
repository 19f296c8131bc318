import { type ServerResponse, STATUS_CODES } from "node:http";
import type { ServerHttp2Stream } from "node:http2";
import type { Duplex } from "node:stream";
import type { Refusal } from "../protocol/opening-handshake-server.js";

/** Refuses a request in HTTP, says why, and closes the connection. [6455] 4.2.2 */
export function refuse(socket: Duplex, { status, message, headers }: Refusal): void {
  const body = `${message}\n`;
  const all = {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  };
  socket.on("error", ignoreError);
  socket.once("finish", () => socket.destroy());
  socket.end(`${head(status, Object.entries(all))}${body}`);
}

/** Refuses a request that has not left HTTP. */
export function answer(response: ServerResponse, { status, message, headers }: Refusal): void {
  response.writeHead(status, {
    Connection: "close",
    "Content-Type": "text/plain; charset=utf-8",
    ...headers,
  });
  response.end(`${message}\n`);
}

/** Answers with 101: from here on the connection speaks WebSocket. */
export function switchProtocols(socket: Duplex, headers: readonly (readonly [string, string])[]): void {
  socket.write(head(101, headers));
}

/** Refuses an extended CONNECT request: the stream ends, and the session goes on. [8441] 4 */
export function refuseStream(stream: ServerHttp2Stream, { status, message, headers }: Refusal): void {
  stream.on("error", ignoreError);
  if (stream.destroyed) return;
  stream.respond({ ":status": status, "content-type": "text/plain; charset=utf-8", ...lowerCase(headers) });
  stream.end(`${message}\n`);
  stream.close();
}

/** Answers an extended CONNECT request: from here on the stream speaks WebSocket. [8441] 5 */
export function acceptStream(
  stream: ServerHttp2Stream,
  headers: readonly (readonly [string, string])[],
): void {
  stream.respond({ ":status": 200, ...lowerCase(Object.fromEntries(headers)) });
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function head(status: number, headers: readonly (readonly [string, string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

function ignoreError(): void {}
