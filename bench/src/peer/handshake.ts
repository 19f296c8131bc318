import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { ContextTakeover } from "../deflated-frames.js";

const headEnd = Buffer.from("\r\n\r\n");

/** The head of an HTTP message at the beginning of `bytes`, and where it ends; undefined while it is incomplete. */
export function readHead(bytes: Buffer): { head: string; end: number } | undefined {
  const index = bytes.indexOf(headEnd);
  if (index === -1) return undefined;
  return { head: bytes.toString("latin1", 0, index), end: index + headEnd.length };
}

export function pathOf(requestHead: string): string {
  return requestHead.split(" ", 2)[1] ?? "/";
}

/** Switches protocols, and takes up permessage-deflate where both the workload and the client want it. */
export function answerUpgrade(
  requestHead: string,
  takeover: ContextTakeover | undefined,
): { readonly head: string; readonly deflates: boolean } {
  const key = /^sec-websocket-key: *(\S+)/im.exec(requestHead)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
  ];
  const offer = /^sec-websocket-extensions:(.*)$/im.exec(requestHead)?.[1] ?? "";
  const deflates = takeover !== undefined && offer.includes("permessage-deflate");
  if (deflates) {
    const parameters =
      takeover === "takeover" ? "" : "; server_no_context_takeover; client_no_context_takeover";
    lines.push(`Sec-WebSocket-Extensions: permessage-deflate${parameters}`);
  }
  return { head: `${lines.join("\r\n")}\r\n\r\n`, deflates };
}

/** What a plain socket sends to be treated like a WebSocket client. */
export function upgradeRequest(path: string, port: number, offersDeflate: boolean): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ];
  if (offersDeflate) lines.push("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
  return `${lines.join("\r\n")}\r\n\r\n`;
}
