import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import { type FrameHandler, type FrameHeader, FrameParser } from "./frame-parser.js";
import { FrameWriter } from "./frame-writer.js";
import { Opcode } from "./opcode.js";
import { OutgoingBuffer } from "./outgoing-buffer.js";

/** A writer and what it has handed over. */
function writerOf(masked: boolean) {
  const sent: Buffer[] = [];
  const output: OutgoingBuffer = new OutgoingBuffer({
    flush() {
      for (const segment of output.takeSegments()) {
        sent.push(Buffer.from(segment.bytes));
        segment.release();
      }
    },
  });
  return {
    writer: new FrameWriter(output, masked),
    take(): Bytes {
      output.takeSegments().forEach((segment) => {
        sent.push(Buffer.from(segment.bytes));
        segment.release();
      });
      return asBytes(Buffer.concat(sent.splice(0)));
    },
  };
}

function bytesOf(data: string | Uint8Array): Bytes {
  return asBytes(Buffer.from(data));
}

/** What a client's frame comes to without its mask, and the key; the mask bit is checked and taken off. */
function unmasked(bytes: Bytes): { plain: Buffer; key: Buffer } {
  const second = bytes[1] as number;
  assert.ok(second >= 0x80, "a client's frame is masked");
  const length = second & 0x7f;
  const headerLength = length < 126 ? 2 : length === 126 ? 4 : 10;
  const key = bytes.subarray(headerLength, headerLength + 4);
  const header = Buffer.from(bytes.subarray(0, headerLength));
  header[1] = length;
  const payload = bytes.subarray(headerLength + 4).map((byte, i) => byte ^ (key[i % 4] as number));
  return { plain: Buffer.concat([header, payload]), key };
}

describe("FrameWriter", () => {
  const headers: [length: number, hex: string][] = [
    [0, "8200"],
    [1, "8201"],
    [125, "827d"],
    [126, "827e007e"],
    [127, "827e007f"],
    [256, "827e0100"],
    [65535, "827effff"],
    [65536, "827f0000000000010000"],
    [70001, "827f0000000000011171"],
  ];
  for (const [length, hex] of headers) {
    it(`writes ${length} bytes under their shortest header, in both roles`, () => {
      const payload = bytesOf(Buffer.alloc(length, "0123456"));
      const expected = Buffer.concat([Buffer.from(hex, "hex"), payload]);
      const server = writerOf(false);
      server.writer.frame(Opcode.Binary, payload, 0, length);
      assert.ok(server.take().equals(expected));
      const client = writerOf(true);
      client.writer.frame(Opcode.Binary, payload, 0, length);
      assert.ok(unmasked(client.take()).plain.equals(expected));
      assert.ok(payload.equals(Buffer.alloc(length, "0123456")), "the payload is the caller's");
    });
  }

  it("writes each opcode, and RSV1 for what is compressed", () => {
    const { writer, take } = writerOf(false);
    const payload = bytesOf("xyz");
    for (const opcode of Object.values(Opcode)) writer.frame(opcode, payload, 1, 2);
    writer.compressedFrame(Opcode.Text, payload, 0, 3);
    writer.compressedFrame(Opcode.Binary, payload, 3, 3);
    assert.equal(
      take().toString("hex"),
      "800179" + "810179" + "820179" + "880179" + "890179" + "8a0179" + "c10378797a" + "c200",
    );
  });

  it("writes text as UTF-8 and gives its length", () => {
    const texts: [string, string][] = [
      ["", ""],
      ["Hello", "48656c6c6f"],
      ["é", "c3a9"],
      ["€\u{1f600}", "e282acf09f9880"],
      ["a\ud800", "61efbfbd"],
      ["\udc00\ud800", "efbfbdefbfbd"],
      ["\ufeff", "efbbbf"],
      ["\u0000\u007f", "007f"],
    ];
    for (const [text, hex] of texts) {
      const length = hex.length / 2;
      for (const masked of [false, true]) {
        const { writer, take } = writerOf(masked);
        assert.equal(writer.text(text), length);
        const bytes = masked ? unmasked(take()).plain : take();
        assert.equal(bytes.toString("hex"), Buffer.of(0x81, length).toString("hex") + hex);
      }
    }
  });

  it("masks each frame with a key of its own", () => {
    const { writer, take } = writerOf(true);
    const keys = new Set<string>();
    for (let i = 0; i < 50; i++) {
      writer.text("same");
      keys.add(unmasked(take()).key.toString("hex"));
    }
    assert.ok(keys.size > 48);
  });

  it("takes the payload at the call", () => {
    const { writer, take } = writerOf(false);
    const payload = bytesOf("before");
    writer.frame(Opcode.Binary, payload, 0, 6);
    payload.fill(0);
    assert.equal(take().toString("latin1"), "\x82\x06before");
  });

  describe("writes what FrameParser reads back, whatever the frames", () => {
    const text = fc
      .tuple(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(1, 2, 50, 9000))
      .map(([part, times]) => part.repeat(times));
    const binary = fc
      .tuple(
        fc.uint8Array({ minLength: 1, maxLength: 11 }),
        fc.constantFrom(0, 1, 125, 126, 65535, 65536, 200_000),
      )
      .map(([pattern, length]) => Buffer.alloc(length, pattern));
    for (const masked of [false, true]) {
      it(masked ? "masked" : "not masked", () => {
        fc.assert(
          fc.property(fc.array(fc.oneof(text, binary), { maxLength: 8 }), (messages) => {
            const { writer, take } = writerOf(masked);
            for (const message of messages) {
              if (typeof message === "string") writer.text(message);
              else writer.frame(Opcode.Binary, asBytes(message), 0, message.length);
            }
            const read: (string | Buffer)[] = [];
            const handler: FrameHandler = {
              wholeFrame({ fin, opcode }: FrameHeader, bytes, _words, start, end) {
                assert.ok(fin);
                read.push(
                  opcode === Opcode.Text
                    ? bytes.utf8Slice(start, end)
                    : Buffer.from(bytes.subarray(start, end)),
                );
              },
              frameStart: () => assert.fail(),
              framePiece: () => assert.fail(),
              frameEnd: () => assert.fail(),
            };
            new FrameParser(handler, { expectMasked: masked, allowRsv1: false }).push(take());
            assert.equal(read.length, messages.length);
            for (const [i, message] of messages.entries()) {
              const got = read[i];
              if (typeof message === "string") assert.equal(got, message.toWellFormed());
              else assert.ok(Buffer.isBuffer(got) && got.equals(message));
            }
          }),
        );
      });
    }
  });
});
