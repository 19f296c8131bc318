import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constants, createDeflateRaw, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { Deflater, ZLIB_FROM } from "./deflater.js";
import { Inflater } from "./inflater.js";

const TAIL = Buffer.of(0, 0, 0xff, 0xff);
const FINAL_BLOCK = Buffer.of(3, 0);

interface Options {
  windowBits: number;
  contextTakeover: boolean;
  level: number;
  memLevel: number;
}
const usual: Options = { windowBits: 15, contextTakeover: true, level: 6, memLevel: 8 };

function deflate(deflater: Deflater, text: Uint8Array): Buffer {
  return Buffer.from(deflater.deflate(text, 0, text.length));
}

/** The other end: zlib, with a window of exactly the size agreed on. */
class Peer {
  readonly #windowBits: number;
  readonly #contextTakeover: boolean;
  #history = Buffer.alloc(0);

  constructor({ windowBits, contextTakeover }: Options) {
    this.#windowBits = windowBits;
    this.#contextTakeover = contextTakeover;
  }

  read(data: Uint8Array): Buffer {
    const whole = Buffer.concat([data, TAIL, FINAL_BLOCK]);
    const { buffer, engine } = inflateRawSync(whole, {
      info: true,
      windowBits: this.#windowBits,
      // the smallest: what went out with an earlier chunk, zlib only finds again if it is in the window
      chunkSize: 64,
      ...(this.#history.length > 0 ? { dictionary: this.#history } : null),
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    assert.equal(engine.bytesWritten, whole.length);
    if (this.#contextTakeover) {
      this.#history = Buffer.concat([this.#history, buffer]).subarray(-(1 << this.#windowBits));
    }
    return buffer;
  }
}

const options = fc.record({
  windowBits: fc.integer({ min: 8, max: 15 }),
  contextTakeover: fc.boolean(),
  level: fc.integer({ min: -1, max: 9 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
});

const jsonText = fc
  .array(fc.json(), { minLength: 1, maxLength: 8 })
  .map((parts) => Buffer.from(parts.join(",")));
const runs = fc
  .array(fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 3000 })), { maxLength: 10 })
  .map((list) => Buffer.concat(list.map(([byte, count]) => Buffer.alloc(count, byte))));
const noise = fc.uint8Array({ maxLength: 3000, size: "max" }).map((bytes) => Buffer.from(bytes));
const letters = fc
  .array(fc.constantFrom(..."aabbcde{}:,"), { maxLength: 3000, size: "max" })
  .map((list) => Buffer.from(list.join("")));
/** What comes again at any distance. */
const echoes = fc
  .tuple(noise, fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 600 })), { maxLength: 12 }))
  .map(([base, cuts]) =>
    Buffer.concat([base, ...cuts.map(([start, size]) => base.subarray(start, start + size))]),
  );
const message = fc.oneof(jsonText, runs, noise, letters, echoes);

/** Messages such as an application sends: alike, but never the same. */
function jsonMessages(count: number): Buffer[] {
  let seed = 1;
  const next = (below: number) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, i) => {
    const trades = Array.from({ length: 3 }, () => ({
      symbol: ["AAPL", "MSFT", "GOOG", "AMZN", "NVDA"][next(5)],
      price: next(100_000) / 100,
      size: next(500),
      side: next(2) === 0 ? "buy" : "sell",
      time: new Date(1.7e12 + next(1e9)).toISOString(),
    }));
    return Buffer.from(JSON.stringify({ type: "trades", sequence: i, trades }));
  });
}

/** How many bytes zlib needs for all of them, its stream kept. */
async function sizeByZlib(messages: readonly Uint8Array[], level: number): Promise<number> {
  const stream = createDeflateRaw({ level });
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
  });
  for (const text of messages) {
    stream.write(text);
    await new Promise<void>((resolve) => stream.flush(constants.Z_SYNC_FLUSH, resolve));
    size -= TAIL.length;
  }
  stream.destroy();
  return size;
}

describe("Deflater", () => {
  it("writes what zlib and our own read: any messages, level, window, with and without takeover", () => {
    fc.assert(
      fc.property(options, fc.array(message, { minLength: 1, maxLength: 12 }), (choice, messages) => {
        const deflater = new Deflater(choice);
        const inflater = new Inflater(choice);
        const peer = new Peer(choice);
        for (const text of messages) {
          const data = deflate(deflater, text);
          assert.deepEqual(peer.read(data), text);
          assert.deepEqual(Buffer.from(inflater.inflate(data, 0, data.length, text.length)), text);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps connections that take turns apart", () => {
    fc.assert(
      fc.property(
        fc.array(options, { minLength: 2, maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(3), message), { minLength: 2, maxLength: 25 }),
        (choices, turns) => {
          const ends = choices.map((choice) => ({ deflater: new Deflater(choice), peer: new Peer(choice) }));
          for (const [turn, text] of turns) {
            const end = ends[turn % ends.length];
            assert.ok(end);
            assert.deepEqual(end.peer.read(deflate(end.deflater, text)), text);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("takes large messages at every window and level", () => {
    const large = Buffer.concat(jsonMessages(600));
    const mixed = Buffer.concat([large.subarray(0, 70_000), Buffer.alloc(70_000), large.subarray(-70_000)]);
    for (let windowBits = 8; windowBits <= 15; windowBits++) {
      for (const level of [-1, 0, 1, 6, 9]) {
        const choice = { ...usual, windowBits, level };
        const deflater = new Deflater(choice);
        const peer = new Peer(choice);
        for (const text of [large, large.subarray(0, 300), mixed, large.subarray(100, 400)]) {
          const data = deflate(deflater, text);
          assert.deepEqual(peer.read(data), text);
          if (level !== 0) assert.ok(data.length < text.length / 1.5);
        }
      }
    }
  });

  it("makes one zero byte of an empty message", () => {
    for (const level of [0, 1, 6, 9]) {
      const deflater = new Deflater({ ...usual, level });
      assert.deepEqual(deflate(deflater, Buffer.alloc(0)), Buffer.of(0));
      deflate(deflater, Buffer.from("something"));
      assert.deepEqual(deflate(deflater, Buffer.alloc(0)), Buffer.of(0));
    }
  });

  it("takes its message out of a larger buffer", () => {
    const text = Buffer.from("one two three");
    const data = Buffer.from(new Deflater(usual).deflate(text, 4, 7));
    assert.equal(String(new Peer(usual).read(data)), "two");
  });

  it("gives a view from the start of its memory", () => {
    const all = Buffer.concat([...jsonMessages(200), Buffer.alloc(100_000)]);
    const deflater = new Deflater(usual);
    for (let size = 1; size < all.length; size = Math.ceil(size * 1.7)) {
      assert.equal(deflater.deflate(all, 0, size).byteOffset, 0);
    }
  });

  it("refers to the message before only with context takeover", () => {
    const [text] = jsonMessages(1);
    assert.ok(text);
    const sizes = (contextTakeover: boolean) => {
      const deflater = new Deflater({ ...usual, contextTakeover });
      return [deflate(deflater, text).length, deflate(deflater, text).length] as const;
    };
    const [first, second] = sizes(true);
    assert.ok(second < 12 && first > 100);
    const [alone, again] = sizes(false);
    assert.equal(alone, again);
    assert.equal(alone, first);
  });

  it("stores what does not get smaller, and everything at level 0", () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24));
    const random = Buffer.from(bytes.map((byte, i) => byte ^ (Math.imul(i, i) >> 3)));
    assert.ok(deflate(new Deflater(usual), random).length <= random.length + 6);
    const text = Buffer.alloc(100_000, "a");
    const stored = deflate(new Deflater({ ...usual, level: 0 }), text);
    assert.equal(stored.length, text.length + 2 * 5 + 1);
  });

  it("comes close to zlib, with its history and without", async () => {
    const messages = jsonMessages(300);
    const raw = messages.reduce((sum, text) => sum + text.length, 0);
    const sizeOf = (choice: Options) => {
      const deflater = new Deflater(choice);
      return messages.reduce((sum, text) => sum + deflate(deflater, text).length, 0);
    };
    assert.ok(messages.every((text) => text.length < ZLIB_FROM));
    for (const level of [1, 6, 9]) {
      const size = sizeOf({ ...usual, level });
      const byZlib = await sizeByZlib(messages, level);
      assert.ok(size < 1.15 * byZlib, `level ${level}: ${size} of ${raw} bytes, zlib ${byZlib}`);
    }
  });

  it("works on when the places of its tables have been used up", () => {
    const deflater = new Deflater({ ...usual, contextTakeover: false });
    const peer = new Peer({ ...usual, contextTakeover: false });
    const text = Buffer.from("abcdefgh abcdefgh");
    const size = deflate(deflater, text).length;
    for (let i = 0; i < 40_000; i++) deflater.deflate(text, 0, text.length);
    const data = deflate(deflater, text);
    assert.deepEqual(peer.read(data), text);
    assert.equal(data.length, size);
  });
});
