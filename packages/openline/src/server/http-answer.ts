import { STATUS_CODES } from "node:http";
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

/** Answers with 101: from here on the connection speaks WebSocket. */
export function switchProtocols(socket: Duplex, headers: readonly (readonly [string, string])[]): void {
  socket.write(head(101, headers));
}

function head(status: number, headers: readonly (readonly [string, string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`;
}

function ignoreError(): void {}
