import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import type { ByteMemory } from "./byte-memory.js";
import { type FrameHandler, type FrameHeader, FrameParser } from "./frame-parser.js";

interface Frame {
  fin: boolean;
  rsv1: boolean;
  opcode: number;
  payload: Buffer;
}

/** [6455] 5.2 to the letter, for frames of any legal length. */
function encode({ fin, rsv1, opcode, payload }: Frame, key?: Uint8Array): Buffer {
  const { length } = payload;
  const maskBit = key === undefined ? 0 : 0x80;
  const header = Buffer.alloc(length < 126 ? 2 : length < 65536 ? 4 : 10);
  header[0] = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | opcode;
  header[1] = maskBit | (length < 126 ? length : length < 65536 ? 126 : 127);
  if (header.length === 4) header.writeUInt16BE(length, 2);
  if (header.length === 10) header.writeBigUInt64BE(BigInt(length), 2);
  if (key === undefined) return Buffer.concat([header, payload]);
  return Buffer.concat([header, key, payload.map((byte, i) => byte ^ (key[i % 4] as number))]);
}

function frame(opcode: number, payload: Buffer | string, more: Partial<Frame> = {}): Frame {
  return { fin: true, rsv1: false, opcode, payload: Buffer.from(payload), ...more };
}

/** Puts the frames together again, and notes how they came. */
class Recorder implements FrameHandler {
  readonly frames: Frame[] = [];
  readonly calls: string[] = [];
  #pieces: Buffer[] = [];

  wholeFrame(header: FrameHeader, bytes: Bytes, _memory: ByteMemory, start: number, end: number): void {
    this.calls.push("whole");
    this.#add(header, Buffer.from(bytes.subarray(start, end)));
  }

  frameStart(): void {
    this.calls.push("start");
    this.#pieces = [];
  }

  framePiece(_header: FrameHeader, bytes: Bytes, start: number, end: number): void {
    this.calls.push("piece");
    this.#pieces.push(Buffer.from(bytes.subarray(start, end)));
  }

  frameEnd(header: FrameHeader): void {
    this.calls.push("end");
    this.#add(header, Buffer.concat(this.#pieces));
  }

  #add({ fin, rsv1, opcode, payloadLength }: FrameHeader, payload: Buffer): void {
    assert.equal(payload.length, payloadLength);
    this.frames.push({ fin, rsv1, opcode, payload });
  }
}

/** Long payloads compare faster as strings. */
function comparable({ payload, ...header }: Frame) {
  return { ...header, payload: payload.toString("latin1") };
}

function parserOf(expectMasked = false, allowRsv1 = false) {
  const recorder = new Recorder();
  return { recorder, parser: new FrameParser(recorder, { expectMasked, allowRsv1 }) };
}

/** A chunk as it comes from a socket, in memory that others use as well. */
function chunk(bytes: Uint8Array, offset = 0): Bytes {
  const memory = new Uint8Array(bytes.length + offset + 5);
  memory.set(bytes, offset);
  return asBytes(memory.subarray(offset, offset + bytes.length));
}

function hex(text: string): Bytes {
  return chunk(Buffer.from(text.replaceAll(" ", ""), "hex"));
}

const key = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);

describe("FrameParser", () => {
  describe("reads the examples of [6455] 5.7", () => {
    const hello = { fin: true, rsv1: false, opcode: 1, payload: Buffer.from("Hello") };
    const examples: [string, boolean, string, Frame[]][] = [
      ["a text frame", false, "81 05 48656c6c6f", [hello]],
      ["a masked text frame", true, "81 85 37fa213d 7f9f4d5158", [hello]],
      ["two fragments", false, "01 03 48656c 80 02 6c6f", [frame(1, "Hel", { fin: false }), frame(0, "lo")]],
      ["a ping", false, "89 05 48656c6c6f", [frame(9, "Hello")]],
      ["a masked pong", true, "8a 85 37fa213d 7f9f4d5158", [frame(10, "Hello")]],
      ["256 bytes", false, `82 7e 0100 ${"ab".repeat(256)}`, [frame(2, Buffer.alloc(256, 0xab))]],
      [
        "64 KiB",
        false,
        `82 7f 0000000000010000 ${"ab".repeat(65536)}`,
        [frame(2, Buffer.alloc(65536, 0xab))],
      ],
    ];
    for (const [name, masked, bytes, frames] of examples) {
      it(name, () => {
        const { parser, recorder } = parserOf(masked);
        parser.push(hex(bytes));
        assert.deepEqual(recorder.frames, frames);
        assert.ok(recorder.calls.every((call) => call === "whole"));
      });
    }
  });

  it("reads every length around the limits of its three forms, masked and not", () => {
    for (const length of [0, 1, 125, 126, 127, 255, 256, 65534, 65535, 65536, 65537, 70000]) {
      const sent = frame(2, Buffer.alloc(length, "0123456789"));
      for (const masked of [false, true]) {
        const { parser, recorder } = parserOf(masked);
        parser.push(chunk(encode(sent, masked ? key : undefined)));
        assert.deepEqual(recorder.frames, [sent]);
      }
    }
  });

  it("hands payloads on where they lie, without a copy", () => {
    const bytes = chunk(
      Buffer.concat([encode(frame(1, "one")), encode(frame(2, "two, cut"))]).subarray(0, -3),
    );
    const seen: Uint8Array[] = [];
    const handler: FrameHandler = {
      wholeFrame: (_header, memory) => seen.push(memory),
      frameStart() {},
      framePiece: (_header, memory) => seen.push(memory),
      frameEnd() {},
    };
    new FrameParser(handler, { expectMasked: false, allowRsv1: false }).push(bytes);
    assert.equal(seen.length, 2);
    assert.ok(seen.every((memory) => memory === bytes));
  });

  it("changes nothing outside the chunk", () => {
    const memory = Buffer.alloc(64, 0x55);
    encode(frame(1, "abcdefg"), key).copy(memory, 21);
    parserOf(true).parser.push(memory.subarray(21, 34) as Bytes);
    assert.ok(memory.subarray(0, 21).every((byte) => byte === 0x55));
    assert.ok(memory.subarray(34).every((byte) => byte === 0x55));
  });

  it("tells of a frame as soon as its header is whole, and of each piece as it comes", () => {
    const { parser, recorder } = parserOf();
    parser.push(hex("82"));
    assert.deepEqual(recorder.calls, []);
    parser.push(hex("03"));
    assert.deepEqual(recorder.calls, ["start"]);
    parser.push(hex("61"));
    parser.push(hex("62 63 82 00 82 01"));
    assert.deepEqual(recorder.calls, ["start", "piece", "piece", "end", "whole", "start"]);
  });

  it("gives an empty payload at the end of a chunk at once", () => {
    for (const cut of [0, 1]) {
      const { parser, recorder } = parserOf();
      const bytes = hex("89 00");
      parser.push(bytes.subarray(0, cut) as Bytes);
      parser.push(bytes.subarray(cut) as Bytes);
      assert.deepEqual(recorder.calls, ["whole"]);
    }
  });

  describe("gives the same frames for the same bytes, cut anywhere", () => {
    const lengths = fc.oneof(fc.nat(20), fc.constantFrom(124, 125, 126, 127, 128, 300, 65535, 65536));
    const control = fc.record({
      fin: fc.constant(true),
      rsv1: fc.constant(false),
      opcode: fc.constantFrom(8, 9, 10),
      payload: fc.uint8Array({ maxLength: 125 }).map((bytes) => Buffer.from(bytes)),
    });
    const data = fc.record({
      fin: fc.boolean(),
      rsv1: fc.boolean(),
      opcode: fc.constantFrom(1, 2),
      payload: fc
        .tuple(lengths, fc.uint8Array({ minLength: 1, maxLength: 9 }))
        .map(([length, pattern]) => Buffer.alloc(length, pattern)),
    });
    const continuation = data.map((one) => ({ ...one, rsv1: false, opcode: 0 }));
    const frames = fc.array(fc.oneof(data, continuation, control), { maxLength: 6 });
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.nat(70000)), { maxLength: 40 });

    for (const masked of [false, true]) {
      it(masked ? "masked" : "not masked", () => {
        fc.assert(
          fc.property(
            frames,
            sizes,
            fc.uint8Array({ minLength: 4, maxLength: 4 }),
            fc.nat(3),
            (sent, cuts, maskingKey, offset) => {
              const stream = Buffer.concat(sent.map((one) => encode(one, masked ? maskingKey : undefined)));
              const { parser, recorder } = parserOf(masked, true);
              let position = 0;
              for (const size of [...cuts, stream.length]) {
                parser.push(chunk(stream.subarray(position, position + size), offset));
                position += size;
              }
              assert.deepEqual(recorder.frames.map(comparable), sent.map(comparable));
            },
          ),
        );
      });
    }

    it("byte by byte", () => {
      const sent = [
        frame(1, "Hel", { fin: false }),
        frame(9, "?"),
        frame(0, "lo"),
        frame(2, Buffer.alloc(300, 7)),
      ];
      const { parser, recorder } = parserOf(true);
      for (const byte of Buffer.concat(sent.map((one) => encode(one, key))))
        parser.push(chunk(Uint8Array.of(byte)));
      assert.deepEqual(recorder.frames, sent);
    });
  });

  describe("refuses", () => {
    /** The bytes end with the one that gives the error away. */
    type Bad = [
      name: string,
      bytes: string,
      code: string,
      options?: { masked?: boolean; allowRsv1?: boolean },
    ];
    const bad: Bad[] = [
      ["RSV1 without an extension, text", "c1", "ERR_WS_RESERVED_BITS"],
      ["RSV1 without an extension, binary", "c2", "ERR_WS_RESERVED_BITS"],
      ["RSV1 without an extension, first fragment", "41", "ERR_WS_RESERVED_BITS"],
      ["RSV2", "a1", "ERR_WS_RESERVED_BITS"],
      ["RSV3", "91", "ERR_WS_RESERVED_BITS"],
      ["RSV2 beside an extension", "e1", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ["RSV3 beside an extension", "d2", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ["RSV1 on a continuation", "c0", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ["RSV1 on a close frame", "c8", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ["RSV1 on a ping", "c9", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ["RSV1 on a pong", "ca", "ERR_WS_RESERVED_BITS", { allowRsv1: true }],
      ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
        (opcode): Bad => [
          `opcode 0x${opcode.toString(16)}`,
          `8${opcode.toString(16)}`,
          "ERR_WS_UNKNOWN_OPCODE",
        ],
      ),
      ["a fragmented close frame", "08", "ERR_WS_CONTROL_FRAME"],
      ["a fragmented ping", "09", "ERR_WS_CONTROL_FRAME"],
      ["a fragmented pong", "0a", "ERR_WS_CONTROL_FRAME"],
      ["a ping of 126 bytes", "89 7e", "ERR_WS_CONTROL_FRAME"],
      ["a close frame with a 64-bit length", "88 7f", "ERR_WS_CONTROL_FRAME"],
      ["a masked pong of 126 bytes", "8a fe", "ERR_WS_CONTROL_FRAME", { masked: true }],
      ["a masked frame from a server", "81 80", "ERR_WS_MASK"],
      ["a masked ping from a server", "89 85", "ERR_WS_MASK"],
      ["a frame that is not masked from a client", "81 05", "ERR_WS_MASK", { masked: true }],
      ["an empty one that is not masked from a client", "88 00", "ERR_WS_MASK", { masked: true }],
      ["125 in 16 bits", "81 7e 007d", "ERR_WS_PAYLOAD_LENGTH"],
      ["0 in 16 bits", "82 7e 0000", "ERR_WS_PAYLOAD_LENGTH"],
      ["125 in 16 bits, masked", "82 fe 007d", "ERR_WS_PAYLOAD_LENGTH", { masked: true }],
      ["65,535 in 64 bits", "82 7f 000000000000ffff", "ERR_WS_PAYLOAD_LENGTH"],
      ["0 in 64 bits", "82 7f 0000000000000000", "ERR_WS_PAYLOAD_LENGTH"],
      ["a length with its highest bit", "82 7f 8000000000000000", "ERR_WS_PAYLOAD_LENGTH"],
      ["a length of all ones", "02 ff ffffffffffffffff", "ERR_WS_PAYLOAD_LENGTH", { masked: true }],
    ];
    const after = Buffer.alloc(200, 0x81);
    for (const [name, text, code, { masked = false, allowRsv1 = false } = {}] of bad) {
      it(`${name}, at once and whatever comes before and after`, () => {
        const bytes = hex(text);
        const before = encode(frame(9, "before"), masked ? key : undefined);
        const expected = { name: "ConnectionError", code, closeCode: 1002 };

        const { parser, recorder } = parserOf(masked, allowRsv1);
        assert.throws(() => parser.push(chunk(Buffer.concat([before, bytes, after]))), expected);
        assert.deepEqual(recorder.frames, [frame(9, "before")]);

        const { parser: slow } = parserOf(masked, allowRsv1);
        for (const byte of bytes.subarray(0, -1)) slow.push(chunk(Uint8Array.of(byte)));
        assert.throws(() => slow.push(chunk(bytes.subarray(-1))), expected);
      });
    }
  });

  it("takes RSV1 on the first frame of a message where an extension gives it a meaning", () => {
    const sent = [frame(1, "a", { rsv1: true }), frame(2, "b", { rsv1: true, fin: false }), frame(0, "c")];
    const { parser, recorder } = parserOf(false, true);
    parser.push(chunk(Buffer.concat(sent.map((one) => encode(one)))));
    assert.deepEqual(recorder.frames, sent);
  });

  it("reads a length of 2^53 and more without choking", () => {
    const lengths: number[] = [];
    const handler: FrameHandler = {
      wholeFrame: () => assert.fail(),
      frameStart: ({ payloadLength }) => lengths.push(payloadLength),
      framePiece() {},
      frameEnd: () => assert.fail(),
    };
    for (const text of ["82 7f 0020000000000000 00", "82 7f 7fffffffffffffff 00", "82 7f 0000000100000000"]) {
      new FrameParser(handler, { expectMasked: false, allowRsv1: false }).push(hex(text));
    }
    assert.deepEqual(lengths, [2 ** 53, 2 ** 63, 2 ** 32]);
  });

  describe("stop", () => {
    it("ends the reading in the middle of a chunk, from inside the handler", () => {
      const { recorder } = parserOf();
      const parser: FrameParser = new FrameParser(
        {
          wholeFrame(...args) {
            recorder.wholeFrame(...args);
            parser.stop();
          },
          frameStart: () => assert.fail(),
          framePiece: () => assert.fail(),
          frameEnd: () => assert.fail(),
        },
        { expectMasked: false, allowRsv1: false },
      );
      parser.push(hex("8800 8900 ffff"));
      parser.push(hex("ffff"));
      assert.deepEqual(recorder.frames, [frame(8, "")]);
    });

    it("ends the reading with the last piece of a payload, too", () => {
      const parser: FrameParser = new FrameParser(
        {
          wholeFrame: () => assert.fail(),
          frameStart() {},
          framePiece: () => parser.stop(),
          frameEnd: () => assert.fail(),
        },
        { expectMasked: false, allowRsv1: false },
      );
      parser.push(hex("8201"));
      parser.push(hex("61 8900"));
    });

    it("ignores the rest of a payload and of a header", () => {
      for (const start of ["82 02 61", "82"]) {
        const { parser, recorder } = parserOf();
        parser.push(hex(start));
        parser.stop();
        parser.push(hex("02 6162 ffff"));
        assert.deepEqual(recorder.frames, []);
      }
    });
  });

  describe("hold and resume", () => {
    it("gives the same frames, wherever it is held, however the bytes are cut and whosever they are", () => {
      const sent = [
        frame(1, "one"),
        frame(9, ""),
        frame(2, Buffer.alloc(200, 2)),
        frame(1, "four"),
        frame(8, ""),
      ];
      const stream = Buffer.concat(sent.map((one) => encode(one, key)));
      fc.assert(
        fc.property(
          fc.array(fc.nat(5), { maxLength: 5 }),
          fc.array(fc.integer({ min: 1, max: 150 }), { maxLength: 20 }),
          fc.infiniteStream(fc.boolean()),
          fc.boolean(),
          (holdAfter, cuts, resumes, lent) => {
            const recorder = new Recorder();
            let held = false;
            const holdAt = (): void => {
              if (!holdAfter.includes(recorder.frames.length)) return;
              held = true;
              parser.hold();
            };
            const parser: FrameParser = new FrameParser(
              {
                wholeFrame(...args) {
                  assert.ok(!held);
                  recorder.wholeFrame(...args);
                  holdAt();
                },
                frameStart: () => recorder.frameStart(),
                framePiece: (...args) => recorder.framePiece(...args),
                frameEnd(header) {
                  recorder.frameEnd(header);
                  holdAt();
                },
              },
              { expectMasked: true, allowRsv1: false },
            );
            const resume = (): void => {
              held = false;
              parser.resume();
            };
            let position = 0;
            for (const size of [...cuts, stream.length]) {
              const packet = chunk(stream.subarray(position, position + size));
              parser.push(packet, lent);
              if (lent) packet.fill(0xee);
              position += size;
              if (held && resumes.next().value) resume();
            }
            while (held) resume();
            assert.deepEqual(recorder.frames, sent);
          },
        ),
        { numRuns: 500 },
      );
    });

    it("forgets what waits once it is stopped", () => {
      const { parser, recorder } = parserOf();
      parser.hold();
      parser.push(hex("8900"));
      parser.stop();
      parser.resume();
      assert.deepEqual(recorder.frames, []);
    });
  });
});
