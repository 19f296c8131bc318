import assert from "node:assert/strict";
import { within } from "../guard.js";
import type { CloseRecord } from "../recorder.js";
import type { SubjectSocket } from "../subject/subject.js";

export const SIZES = [0, 1, 125, 126, 127, 128, 1000, 65535, 65536, 1_000_000];
export const CLOSE_CODES = [1000, 3000, 3999, 4000, 4999];

/** The combinations of permessage-deflate's parameters that the round trips are made with. */
export const DEFLATE_SETTINGS = {
  default: {},
  "no context takeover": { serverNoContextTakeover: true, clientNoContextTakeover: true },
  "server without context takeover": { serverNoContextTakeover: true },
  "client without context takeover": { clientNoContextTakeover: true },
  "server window of 9 bits": { serverMaxWindowBits: 9 },
  "client window of 9 bits": { clientMaxWindowBits: 9 },
  "windows of 8 bits": { serverMaxWindowBits: 8, clientMaxWindowBits: 8 },
  "windows of 15 bits": { serverMaxWindowBits: 15, clientMaxWindowBits: 15 },
} as const;

export function sampleText(size: number): string {
  return '{"name":"값","n":12345,"ok":true},ß '.repeat(size / 20 + 1).slice(0, size);
}

export function sampleBytes(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 9)) & 0xff);
}

/** Messages and the end of one object, to wait for. */
export class Inbox {
  readonly #messages: (string | Uint8Array)[] = [];
  #wake: () => void = () => {};
  readonly opened: Promise<void>;
  readonly closed: Promise<CloseRecord>;
  error: unknown;

  constructor(socket: SubjectSocket) {
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", (event) => {
      const { data } = event as { data: string | ArrayBuffer };
      this.#messages.push(typeof data === "string" ? data : new Uint8Array(data));
      this.#wake();
    });
    socket.addEventListener("error", (event) => {
      this.error = event;
    });
    this.opened =
      socket.readyState === 1
        ? Promise.resolve()
        : new Promise((resolve) => socket.addEventListener("open", () => resolve()));
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", (event) => {
        const { code, reason, wasClean } = event as CloseRecord;
        resolve({ code, reason, wasClean });
      });
    });
  }

  async message(): Promise<string | Uint8Array> {
    for (;;) {
      const next = this.#messages.shift();
      if (next !== undefined) return next;
      await within(new Promise<void>((resolve) => (this.#wake = resolve)), "a message");
    }
  }
}

/** Sends each size as text and as binary and expects the same back: first one by one, then all at once. */
export async function roundTrips(socket: SubjectSocket, inbox: Inbox): Promise<void> {
  const messages = [...SIZES.flatMap((size) => [sampleText(size), sampleBytes(size)]), "🚀 한글 \u{0}"];
  for (const message of messages) {
    socket.send(message);
    assertSame(await inbox.message(), message);
  }
  for (const message of messages) socket.send(message);
  for (const message of messages) assertSame(await inbox.message(), message);
}

export function assertSame(actual: string | Uint8Array, expected: string | Uint8Array): void {
  assert.equal(typeof actual, typeof expected);
  assert.equal(actual.length, expected.length);
  if (typeof actual === "string") assert.ok(actual === expected, "the same text");
  else assert.ok(Buffer.from(actual).equals(Buffer.from(expected)), "the same bytes");
}
