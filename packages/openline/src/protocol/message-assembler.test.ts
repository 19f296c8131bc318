import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import { LoopMemory } from "./byte-memory.js";
import type { FrameHeader } from "./frame-parser.js";
import { Inflater } from "./inflater.js";
import { MessageAssembler, type MessageHandler, type MessageLimits } from "./message-assembler.js";
import { Opcode } from "./opcode.js";
import type { Role } from "./role.js";

class Recorder implements MessageHandler {
  readonly messages: (string | Buffer)[] = [];
  readonly buffers: ArrayBuffer[] = [];

  text(data: string): void {
    this.messages.push(data);
  }

  binary(data: ArrayBuffer): void {
    this.buffers.push(data);
    this.messages.push(Buffer.from(data));
  }
}

const noLimits: MessageLimits = { maxPayload: 2 ** 31, maxFragments: 2 ** 31 };

function assemblerOf(limits: Partial<MessageLimits> = {}, role: Role = "server") {
  const recorder = new Recorder();
  const createInflater = () => new Inflater({ windowBits: 15, contextTakeover: true });
  const assembler = new MessageAssembler(role, recorder, { ...noLimits, ...limits }, createInflater);
  return { assembler, recorder };
}

function header(opcode: number, payloadLength: number, more: Partial<FrameHeader> = {}): FrameHeader {
  return { opcode, payloadLength, fin: true, rsv1: false, ...more };
}

/** One fragment, its payload in one or in several pieces. */
interface Fragment {
  readonly opcode: number;
  readonly pieces: readonly (string | Uint8Array)[];
  readonly fin?: boolean;
  readonly rsv1?: boolean;
  /** Whether the frame comes in one. */
  readonly whole?: boolean;
}

function give(
  assembler: MessageAssembler,
  { opcode, pieces, fin = true, rsv1 = false, whole }: Fragment,
): void {
  const payloads = pieces.map((piece) => asBytes(Buffer.from(piece)));
  const all = asBytes(Buffer.concat(payloads));
  const frame = header(opcode, all.length, { fin, rsv1 });
  if (whole) {
    // In memory that is larger than the frame, as a socket's chunk is.
    const memory = asBytes(Buffer.concat([Buffer.alloc(3, 0xff), all, Buffer.alloc(3, 0xff)]));
    assembler.wholeFrame(frame, memory, new LoopMemory(memory), 3, 3 + all.length);
    memory.fill(0xff);
    return;
  }
  assembler.frameStart(frame);
  for (const bytes of payloads) {
    if (bytes.length === 0) continue;
    assembler.framePiece(frame, bytes, 0, bytes.length);
    bytes.fill(0xff);
  }
  assembler.frameEnd(frame);
}

function deflated(data: string | Uint8Array): Bytes {
  return asBytes(deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4));
}

const { Text, Binary, Continuation } = Opcode;

describe("MessageAssembler", () => {
  for (const whole of [true, false]) {
    describe(whole ? "with frames that come in one" : "with frames that come in pieces", () => {
      it("gives text and binary messages", () => {
        const { assembler, recorder } = assemblerOf({}, whole ? "client" : "server");
        give(assembler, { opcode: Text, pieces: ["Grüße"], whole });
        give(assembler, { opcode: Text, pieces: [], whole });
        give(assembler, { opcode: Binary, pieces: ["\u0001\u0002"], whole });
        give(assembler, { opcode: Binary, pieces: [], whole });
        give(assembler, { opcode: Text, pieces: ["\ufeffBOM"], whole });
        assert.deepEqual(recorder.messages, ["Grüße", "", Buffer.of(1, 2), Buffer.of(), "\ufeffBOM"]);
        assert.deepEqual(
          recorder.buffers.map((buffer) => buffer.byteLength),
          [2, 0],
        );
      });

      it("puts fragments together, a character cut between two of them included", () => {
        const { assembler, recorder } = assemblerOf();
        give(assembler, { opcode: Text, pieces: [Buffer.of(0xe2, 0x82)], fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: [], fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: [Buffer.of(0xac, 0x21)], whole });
        assert.deepEqual(recorder.messages, ["€!"]);
      });

      it("refuses fragments without a beginning and beginnings without an end", () => {
        const expected = { code: "ERR_WS_FRAGMENTATION", closeCode: 1002 };
        for (const fin of [true, false]) {
          assert.throws(
            () => give(assemblerOf().assembler, { opcode: Continuation, pieces: ["x"], fin, whole }),
            expected,
          );
          const { assembler } = assemblerOf();
          give(assembler, { opcode: Binary, pieces: [], fin: false, whole });
          assert.throws(() => give(assembler, { opcode: Text, pieces: [], fin, whole }), expected);
          const { assembler: after } = assemblerOf();
          give(after, { opcode: Text, pieces: ["a"], fin: false, whole });
          give(after, { opcode: Continuation, pieces: ["b"], whole });
          assert.throws(() => give(after, { opcode: Continuation, pieces: ["c"], fin, whole }), expected);
        }
      });

      it("refuses text that is not UTF-8, but no such bytes in a binary message", () => {
        for (const bad of [[0xff], [0xed, 0xa0, 0x80], [0x41, 0xc3]]) {
          const { assembler, recorder } = assemblerOf();
          give(assembler, { opcode: Binary, pieces: [Buffer.from(bad)], whole });
          assert.throws(() => give(assembler, { opcode: Text, pieces: [Buffer.from(bad)], whole }), {
            code: "ERR_WS_INVALID_UTF8",
            closeCode: 1007,
          });
          assert.deepEqual(recorder.messages, [Buffer.from(bad)]);
        }
      });

      it("starts the check of UTF-8 anew with each message", () => {
        const { assembler, recorder } = assemblerOf();
        give(assembler, { opcode: Text, pieces: ["é"], fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: ["é"], whole });
        give(assembler, { opcode: Binary, pieces: [Buffer.of(0xff)], fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: [Buffer.of(0xff)], whole });
        assert.deepEqual(recorder.messages, ["éé", Buffer.of(0xff, 0xff)]);
      });

      it("counts the bytes of all fragments against the limit", () => {
        const tooBig = { code: "ERR_WS_MESSAGE_TOO_BIG", closeCode: 1009 };
        const { assembler, recorder } = assemblerOf({ maxPayload: 4 });
        give(assembler, { opcode: Text, pieces: ["1234"], whole });
        give(assembler, { opcode: Binary, pieces: ["12"], fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: ["34"], whole });
        assert.equal(recorder.messages.length, 2);
        give(assembler, { opcode: Binary, pieces: ["12"], fin: false, whole });
        assert.throws(() => give(assembler, { opcode: Continuation, pieces: ["345"], whole }), tooBig);
        assert.throws(
          () => give(assemblerOf({ maxPayload: 4 }).assembler, { opcode: Text, pieces: ["12345"], whole }),
          tooBig,
        );
        assert.equal(recorder.messages.length, 2);
      });

      it("counts the fragments against the limit, empty ones too", () => {
        const { assembler, recorder } = assemblerOf({ maxFragments: 3 });
        for (let message = 0; message < 2; message++) {
          give(assembler, { opcode: Binary, pieces: [], fin: false, whole });
          give(assembler, { opcode: Continuation, pieces: [], fin: false, whole });
          give(assembler, { opcode: Continuation, pieces: [], whole });
        }
        assert.equal(recorder.messages.length, 2);
        give(assembler, { opcode: Binary, pieces: [], fin: false, whole });
        for (let i = 0; i < 2; i++) give(assembler, { opcode: Continuation, pieces: [], fin: false, whole });
        assert.throws(() => give(assembler, { opcode: Continuation, pieces: [], whole }), {
          code: "ERR_WS_TOO_MANY_FRAGMENTS",
          closeCode: 1008,
        });
      });

      it("inflates compressed messages, with what earlier ones left", () => {
        const { assembler, recorder } = assemblerOf();
        // [7692] 7.2.3.1 and 7.2.3.2: "Hello", and "Hello" again by reference.
        const hello = Buffer.from("f248cdc9c90700", "hex");
        const again = Buffer.from("f200110000", "hex");
        give(assembler, {
          opcode: Text,
          pieces: [hello.subarray(0, 3), hello.subarray(3)],
          rsv1: true,
          whole,
        });
        give(assembler, { opcode: Text, pieces: ["plain"], whole });
        give(assembler, { opcode: Binary, pieces: [again.subarray(0, 2)], rsv1: true, fin: false, whole });
        give(assembler, { opcode: Continuation, pieces: [again.subarray(2)], whole });
        give(assembler, { opcode: Text, pieces: [Buffer.of(0)], rsv1: true, whole });
        assert.deepEqual(recorder.messages, ["Hello", "plain", Buffer.from("Hello"), ""]);
        assert.equal(recorder.buffers[0]?.byteLength, 5);
      });

      it("counts a message's bytes after inflation", () => {
        const { assembler, recorder } = assemblerOf({ maxPayload: 1000 });
        give(assembler, { opcode: Binary, pieces: [deflated(Buffer.alloc(1000))], rsv1: true, whole });
        assert.equal(recorder.buffers[0]?.byteLength, 1000);
        for (const size of [1001, 10_000_000]) {
          assert.throws(
            () =>
              give(assembler, { opcode: Binary, pieces: [deflated(Buffer.alloc(size))], rsv1: true, whole }),
            { code: "ERR_WS_MESSAGE_TOO_BIG", closeCode: 1009 },
          );
        }
      });

      it("refuses compressed text that is not UTF-8, and data that can't be inflated", () => {
        const text = deflated(Buffer.of(0x41, 0xc3));
        assert.throws(
          () => give(assemblerOf().assembler, { opcode: Text, pieces: [text], rsv1: true, whole }),
          {
            code: "ERR_WS_INVALID_UTF8",
            closeCode: 1007,
          },
        );
        const nonsense = Buffer.alloc(8, 0xff);
        assert.throws(
          () => give(assemblerOf().assembler, { opcode: Binary, pieces: [nonsense], rsv1: true, whole }),
          { code: "ERR_WS_INVALID_DEFLATE", closeCode: 1007 },
        );
      });

      it("gives each binary message memory of its own", () => {
        const { assembler, recorder } = assemblerOf();
        const data = Buffer.alloc(300, "abc");
        for (const rsv1 of [false, true]) {
          for (let i = 0; i < 2; i++)
            give(assembler, { opcode: Binary, pieces: [rsv1 ? deflated(data) : data], rsv1, whole });
        }
        assert.equal(new Set(recorder.buffers).size, 4);
        assert.ok(recorder.buffers.every((buffer) => data.equals(Buffer.from(buffer))));
      });
    });
  }

  it("refuses bad UTF-8 with the piece that holds it, in the middle of a frame", () => {
    const { assembler } = assemblerOf();
    const frame = header(Text, 1000, { fin: false });
    assembler.frameStart(frame);
    assembler.framePiece(frame, asBytes(Buffer.of(0x41, 0xc3, 0xbf, 0xf0)), 0, 4);
    assert.throws(() => assembler.framePiece(frame, asBytes(Buffer.of(0x80)), 0, 1), {
      code: "ERR_WS_INVALID_UTF8",
    });
  });

  it("refuses a message that is too big with its header, before a byte of it has come", () => {
    const { assembler } = assemblerOf({ maxPayload: 1000 });
    assert.throws(() => assembler.frameStart(header(Binary, 2 ** 53)), { code: "ERR_WS_MESSAGE_TOO_BIG" });
    const { assembler: fragmented } = assemblerOf({ maxPayload: 1000 });
    give(fragmented, { opcode: Binary, pieces: [Buffer.alloc(600)], fin: false });
    assert.throws(() => fragmented.frameStart(header(Continuation, 401)), { code: "ERR_WS_MESSAGE_TOO_BIG" });
  });

  it("gives the same message for any fragmentation, compressed or not, in one or in pieces", () => {
    const fragment = fc.record({ size: fc.nat(9), pieces: fc.nat(3), whole: fc.boolean() });
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 40 }).map((text) => text.toWellFormed()),
        fc.boolean(),
        fc.boolean(),
        fc.array(fragment, { maxLength: 8 }),
        fc.constantFrom<Role>("client", "server"),
        (text, asText, rsv1, cuts, role) => {
          const { assembler, recorder } = assemblerOf({}, role);
          const payload = rsv1 ? deflated(text) : Buffer.from(text);
          let opcode: number = asText ? Text : Binary;
          let position = 0;
          for (const [i, { size, pieces, whole }] of [
            ...cuts,
            { size: payload.length, pieces: 1, whole: true },
          ].entries()) {
            const bytes = payload.subarray(position, position + size);
            const cut = Math.ceil(bytes.length / (pieces + 1));
            give(assembler, {
              opcode,
              rsv1: rsv1 && i === 0,
              fin: i === cuts.length,
              pieces: Array.from({ length: pieces + 1 }, (_, n) => bytes.subarray(n * cut, (n + 1) * cut)),
              whole,
            });
            opcode = Continuation;
            position += size;
          }
          assert.deepEqual(recorder.messages, [asText ? text : Buffer.from(text)]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
