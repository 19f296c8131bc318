import { createHash, randomFillSync } from "node:crypto";
import type { AgreedDeflate } from "./permessage-deflate.js";

/** The only version there is. [6455] 4.1 */
export const webSocketVersion = "13";

/** The value that the server mixes into the client's key. [6455] 1.3 */
const acceptGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const keyLength = 16;
/** Random bytes for 64 keys: one call of the CSPRNG for each costs 4 µs of the 150 that a connection takes. */
const keys = Buffer.alloc(64 * keyLength);
let used = keys.length;

/** A fresh `Sec-WebSocket-Key`: 16 random bytes. [6455] 4.1 */
export function createKey(): string {
  if (used === keys.length) {
    randomFillSync(keys);
    used = 0;
  }
  used += keyLength;
  return keys.toString("base64", used - keyLength, used);
}

/** The `Sec-WebSocket-Accept` that proves a server has read `key`. [6455] 4.2.2 */
export function acceptValue(key: string): string {
  return createHash("sha1")
    .update(key + acceptGuid)
    .digest("base64");
}

/** Header values by lower-case name, repeated ones joined, as Node's HTTP parser gives them. */
export type HandshakeHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A header's value, or `undefined` where it is missing. */
export function headerValue(headers: HandshakeHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

/** What client and server have agreed on. */
export interface Handshake {
  /** The subprotocol in use, "" for none. */
  readonly subprotocol: string;
  /** The extensions in use, as their header has them, "" for none. */
  readonly extensions: string;
  readonly deflate: AgreedDeflate | undefined;
}
