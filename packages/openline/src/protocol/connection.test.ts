import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync, inflateRawSync, constants as zlib } from "node:zlib";
import fc from "fast-check";
import { asBytes, type Bytes } from "./buffer.js";
import type { CloseStatus } from "./close-frame.js";
import { Connection, type ConnectionHandler, type ConnectionOptions } from "./connection.js";
import { ConnectionError } from "./connection-error.js";
import type { AgreedDeflate } from "./permessage-deflate.js";
import type { Role } from "./role.js";

type Happening =
  | [name: "text", data: string]
  | [name: "binary", hex: string]
  | [name: "pong", payload: string]
  | [name: "close", status: CloseStatus]
  | [name: "failed", code: string];

/** One end of a line: notes what its connection tells, and keeps what it sends. */
class End implements ConnectionHandler {
  readonly connection: Connection;
  readonly happenings: Happening[] = [];
  outputReadies = 0;
  flushes = 0;
  /** Whether the network takes what is flushed. */
  taking = true;
  /** What the program does with a text. */
  onText: (data: string) => void = () => {};
  #sent: Buffer[] = [];

  constructor(role: Role, options: Partial<ConnectionOptions> = {}) {
    this.connection = new Connection(
      { role, deflate: undefined, compression: {}, maxPayload: 1e9, maxFragments: 1e9, ...options },
      this,
    );
  }

  text(data: string): void {
    this.happenings.push(["text", data]);
    this.onText(data);
  }

  binary(data: ArrayBuffer): void {
    this.happenings.push(["binary", Buffer.from(data).toString("hex")]);
  }

  pong(payload: Bytes): void {
    this.happenings.push(["pong", payload.toString("latin1")]);
  }

  closeReceived(status: CloseStatus): void {
    this.happenings.push(["close", status]);
  }

  failed(error: ConnectionError): void {
    this.happenings.push(["failed", error.code]);
  }

  outputReady(): void {
    this.outputReadies++;
  }

  flush(): void {
    this.flushes++;
    for (const segment of this.connection.output.takeSegments()) {
      this.#sent.push(Buffer.from(segment.bytes));
      segment.release();
    }
    if (this.taking) this.connection.outputTaken();
  }

  /** All that has been sent since the last call. */
  take(): Buffer {
    for (const segment of this.connection.output.takeSegments()) {
      this.#sent.push(Buffer.from(segment.bytes));
      segment.release();
    }
    return Buffer.concat(this.#sent.splice(0));
  }

  receive(...bytes: (string | Uint8Array)[]): void {
    for (const part of bytes) {
      this.connection.receive(asBytes(typeof part === "string" ? hex(part) : new Uint8Array(part)));
    }
  }
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

/** A short frame as `role`'s peer sends it, to a server masked with a key of zeros. */
function frameTo(role: Role, firstByte: number, payload: string | Uint8Array): Buffer {
  const bytes = Buffer.from(payload);
  const lengths = bytes.length < 126 ? [bytes.length] : [126, bytes.length >> 8, bytes.length & 0xff];
  if (role === "client") return Buffer.concat([Buffer.of(firstByte, ...lengths), bytes]);
  const [first = 0, ...rest] = lengths;
  return Buffer.concat([Buffer.of(firstByte, 0x80 | first, ...rest, 0, 0, 0, 0), bytes]);
}

/** The frames that `role` has sent, unmasked: "first byte:payload", both in hex. */
function framesFrom(role: Role, bytes: Buffer): string[] {
  const frames: string[] = [];
  for (let i = 0; i < bytes.length; ) {
    const first = bytes.readUInt8(i);
    const second = bytes.readUInt8(i + 1);
    assert.equal(second >= 0x80, role === "client", "clients mask, servers don't");
    let length = second & 0x7f;
    i += 2;
    if (length === 126) {
      length = bytes.readUInt16BE(i);
      i += 2;
    }
    const key = role === "client" ? bytes.subarray(i, i + 4) : Buffer.alloc(4);
    if (role === "client") i += 4;
    const payload = bytes.subarray(i, i + length).map((byte, n) => byte ^ (key[n % 4] as number));
    frames.push(`${first.toString(16)}:${Buffer.from(payload).toString("hex")}`);
    i += length;
  }
  return frames;
}

const agreed: AgreedDeflate = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

const roles: readonly Role[] = ["client", "server"];

for (const role of roles) {
  const peer: Role = role === "client" ? "server" : "client";
  const frame = (firstByte: number, payload: string | Uint8Array = "") => frameTo(role, firstByte, payload);

  describe(`Connection, ${role}`, () => {
    describe("receives", () => {
      it("messages, and control frames between their fragments", () => {
        const end = new End(role);
        end.receive(
          frame(0x01, "Hel"),
          frame(0x8a, "pong"),
          frame(0x89, "ping"),
          frame(0x80, "lo"),
          frame(0x82, "\x01"),
        );
        assert.deepEqual(end.happenings, [
          ["pong", "pong"],
          ["text", "Hello"],
          ["binary", "01"],
        ]);
        assert.deepEqual(framesFrom(role, end.take()), ["8a:70696e67"]);
      });

      it("control frames cut into single bytes, in the middle of a message cut into single bytes", () => {
        const end = new End(role);
        const stream = Buffer.concat([
          frame(0x01, "ab"),
          frame(0x89, "p".repeat(125)),
          frame(0x8a, "x"),
          frame(0x80, "cd"),
        ]);
        for (const byte of stream) end.receive(Uint8Array.of(byte));
        assert.deepEqual(end.happenings, [
          ["pong", "x"],
          ["text", "abcd"],
        ]);
        assert.deepEqual(framesFrom(role, end.take()), [`8a:${"70".repeat(125)}`]);
      });

      it("nothing while it is held, and the rest in its order afterwards", () => {
        const end = new End(role);
        end.connection.hold();
        end.receive(frame(0x81, "a"), frame(0x88));
        assert.deepEqual(end.happenings, []);
        end.connection.resume();
        assert.deepEqual(end.happenings, [
          ["text", "a"],
          ["close", { code: 1005, reason: "" }],
        ]);
      });

      it("nothing behind a message that is held at, wherever the packet ends", () => {
        for (const behind of [[], [frame(0x81, "b")], [frame(0x89, "?"), frame(0x81, "b")]]) {
          const end = new End(role);
          end.onText = () => end.connection.hold();
          end.receive(Buffer.concat([frame(0x81, "a"), ...behind]));
          assert.deepEqual(end.happenings, [["text", "a"]]);
          assert.equal(end.take().length, 0);
          end.connection.resume();
          const rest = behind.length === 0 ? [] : [["text", "b"]];
          assert.deepEqual(end.happenings.slice(1), rest);
        }
      });

      it("a mistake that was held back as any other", () => {
        const end = new End(role);
        end.connection.hold();
        end.receive(frame(0x83));
        end.connection.resume();
        assert.deepEqual(end.happenings, [["failed", "ERR_WS_UNKNOWN_OPCODE"]]);
      });
    });

    describe("sends", () => {
      it("text, binary data and pings, and says so each time", () => {
        const end = new End(role);
        assert.equal(end.connection.sendText("né"), 3);
        end.connection.sendBinary(Uint8Array.of(1, 2, 3).subarray(1));
        end.connection.sendBinary(Uint16Array.of(0x0504).buffer);
        end.connection.sendBinary(new DataView(Uint8Array.of(6, 7, 8).buffer, 1, 1));
        end.connection.ping(asBytes(Buffer.from("?")));
        assert.equal(end.outputReadies, 5);
        assert.deepEqual(framesFrom(role, end.take()), ["81:6ec3a9", "82:0203", "82:0405", "82:07", "89:3f"]);
      });

      it("a close frame, and nothing behind it that could disturb the peer", () => {
        const end = new End(role);
        end.connection.close(3000, "bye");
        end.connection.close(1000);
        end.connection.ping(asBytes(Buffer.of()));
        end.receive(frame(0x89, "too late"));
        assert.deepEqual(framesFrom(role, end.take()), ["88:0bb8627965"]);
        assert.equal(end.connection.closing.step, "close-frame");
      });

      it("a close frame without a body where there is no code", () => {
        const end = new End(role);
        end.connection.close();
        assert.deepEqual(framesFrom(role, end.take()), ["88:"]);
      });
    });

    describe("closes", () => {
      it("by answering with the peer's own code and reason", () => {
        const end = new End(role);
        end.receive(frame(0x88, hex("0bb9 626f6e")));
        assert.deepEqual(end.happenings, [["close", { code: 3001, reason: "bon" }]]);
        assert.deepEqual(framesFrom(role, end.take()), ["88:0bb9626f6e"]);
        assert.ok(end.connection.closing.complete);
      });

      it("by answering an empty close frame with an empty one", () => {
        const end = new End(role);
        end.receive(frame(0x88));
        assert.deepEqual(end.happenings, [["close", { code: 1005, reason: "" }]]);
        assert.deepEqual(framesFrom(role, end.take()), ["88:"]);
      });

      it("without a second close frame where it began", () => {
        const end = new End(role);
        end.connection.close(1000, "");
        end.receive(frame(0x81, "still read"), frame(0x88, hex("03e8")));
        assert.deepEqual(end.happenings, [
          ["text", "still read"],
          ["close", { code: 1000, reason: "" }],
        ]);
        assert.deepEqual(framesFrom(role, end.take()), ["88:03e8"]);
        assert.equal(end.connection.closing.step, role === "server" ? "end" : "peer-end");
      });

      it("behind the answers to the messages before it", () => {
        const end = new End(role);
        end.onText = () => end.connection.sendText("answer");
        end.receive(Buffer.concat([frame(0x81, "last question"), frame(0x88, hex("03e8"))]));
        assert.deepEqual(framesFrom(role, end.take()), ["81:616e73776572", "88:03e8"]);
        assert.deepEqual(end.happenings.at(-1), ["close", { code: 1000, reason: "" }]);
      });

      it("where the answer to the last message is to close as well", () => {
        const end = new End(role);
        end.onText = () => end.connection.close(4000, "mine");
        end.receive(Buffer.concat([frame(0x81, "bye"), frame(0x88, hex("0bb8"))]));
        assert.deepEqual(framesFrom(role, end.take()), [`88:0fa0${Buffer.from("mine").toString("hex")}`]);
        assert.deepEqual(end.happenings.at(-1), ["close", { code: 3000, reason: "" }]);
        assert.ok(end.connection.closing.complete);
      });

      it("in the middle of a message, and ignores what follows", () => {
        const end = new End(role);
        const stream = [
          frame(0x01, "never"),
          frame(0x88, hex("03e9")),
          frame(0x80, " whole"),
          frame(0x83),
          frame(0x89),
        ];
        end.receive(Buffer.concat(stream));
        end.receive("ffffff");
        assert.deepEqual(end.happenings, [["close", { code: 1001, reason: "" }]]);
        assert.deepEqual(framesFrom(role, end.take()), ["88:03e9"]);
      });
    });

    describe("fails", () => {
      const bad: [name: string, received: Buffer[], code: string, closeCode: number][] = [
        ["an unknown opcode", [frame(0x83)], "ERR_WS_UNKNOWN_OPCODE", 1002],
        ["reserved bits", [frame(0xc1)], "ERR_WS_RESERVED_BITS", 1002],
        ["a frame masked as the other role's", [frameTo(peer, 0x81, "")], "ERR_WS_MASK", 1002],
        ["a fragment without a beginning", [frame(0x80, "x")], "ERR_WS_FRAGMENTATION", 1002],
        ["text that is not UTF-8", [frame(0x81, Buffer.of(0xff))], "ERR_WS_INVALID_UTF8", 1007],
        ["a close frame of one byte", [frame(0x88, "x")], "ERR_WS_CLOSE_FRAME", 1002],
        ["a close code that may not be sent", [frame(0x88, hex("03ed"))], "ERR_WS_CLOSE_FRAME", 1002],
        ["a close reason that is not UTF-8", [frame(0x88, hex("03e8 ff"))], "ERR_WS_INVALID_UTF8", 1007],
        ["a message that is too big", [frame(0x82, "12345")], "ERR_WS_MESSAGE_TOO_BIG", 1009],
        [
          "a message in too many fragments",
          [frame(0x02), frame(0x00), frame(0x80)],
          "ERR_WS_TOO_MANY_FRAGMENTS",
          1008,
        ],
      ];
      for (const [name, received, code, closeCode] of bad) {
        it(`on ${name}: says ${closeCode} and reads no further`, () => {
          const end = new End(role, { maxPayload: 4, maxFragments: 2 });
          end.receive(
            frame(0x81, "ok"),
            Buffer.concat([...received, frame(0x81, "no"), frame(0x89)]),
            frame(0x81, "no"),
          );
          assert.deepEqual(end.happenings, [
            ["text", "ok"],
            ["failed", code],
          ]);
          assert.deepEqual(framesFrom(role, end.take()), [`88:0${closeCode.toString(16)}`]);
          assert.ok(!end.connection.closing.complete);
        });
      }

      it("behind the answers to the messages before the mistake", () => {
        const end = new End(role);
        end.onText = () => end.connection.sendText("answer");
        end.receive(Buffer.concat([frame(0x81, "question"), frame(0x83), frame(0x81, "no")]));
        assert.deepEqual(framesFrom(role, end.take()), ["81:616e73776572", "88:03ea"]);
        assert.deepEqual(end.happenings.at(-1), ["failed", "ERR_WS_UNKNOWN_OPCODE"]);
      });

      it("while a message is being handled: nothing behind it is read", () => {
        const end = new End(role);
        end.onText = () => end.connection.fail(new ConnectionError("ERR_WS_BLOB_READ", 1011, ""));
        end.receive(Buffer.concat([frame(0x81, "last"), frame(0x81, "no"), frame(0x88, hex("03e8"))]));
        assert.deepEqual(framesFrom(role, end.take()), ["88:03f3"]);
        assert.deepEqual(end.happenings, [
          ["text", "last"],
          ["failed", "ERR_WS_BLOB_READ"],
        ]);
      });

      it("in silence where its close frame has gone out already", () => {
        const end = new End(role);
        end.connection.close(1000);
        end.take();
        end.receive(frame(0x83));
        assert.deepEqual(end.happenings, [["failed", "ERR_WS_UNKNOWN_OPCODE"]]);
        assert.equal(end.take().length, 0);
      });

      it("once", () => {
        const end = new End(role);
        end.connection.fail(new ConnectionError("ERR_WS_BLOB_READ", 1011, ""));
        end.connection.fail(new ConnectionError("ERR_WS_CONTROL_FRAME", 1002, ""));
        end.receive(frame(0x83));
        assert.deepEqual(end.happenings, [["failed", "ERR_WS_BLOB_READ"]]);
        assert.deepEqual(framesFrom(role, end.take()), ["88:03f3"]);
      });

      it("not when the mistake is its handler's", () => {
        const end = new End(role);
        end.text = () => {
          throw new RangeError("mine");
        };
        assert.throws(() => end.receive(frame(0x81, "x")), new RangeError("mine"));
      });
    });

    describe("answers pings", () => {
      it("each with its payload, as long as the network takes the pongs", () => {
        const end = new End(role);
        end.receive(Buffer.concat(Array.from({ length: 5000 }, (_, i) => frame(0x89, String(i)))));
        assert.deepEqual(end.happenings, []);
        assert.deepEqual(
          framesFrom(role, end.take()),
          Array.from({ length: 5000 }, (_, i) => `8a:${Buffer.from(String(i)).toString("hex")}`),
        );
      });

      it("and fails where the peer goes on pinging but reads no pongs", () => {
        const end = new End(role);
        end.taking = false;
        const pings = Buffer.concat(Array<Buffer>(1000).fill(frame(0x89, "x".repeat(125))));
        let received = 0;
        while (end.happenings.length === 0 && received < 20) {
          end.receive(Buffer.from(pings));
          received++;
        }
        assert.deepEqual(end.happenings, [["failed", "ERR_WS_TOO_MANY_PINGS"]]);
        const frames = framesFrom(role, end.take());
        // 1 MiB of pongs of 125 bytes, their headers counted with 6 each.
        assert.ok(frames.length > 7000 && frames.length < 9000, `${frames.length} pongs wait`);
        assert.equal(frames.at(-1), "88:03f0");
      });
    });

    describe("compresses", () => {
      const long = "compress me ".repeat(20);

      function inflated(frameText: string): string {
        const [first, payload = ""] = frameText.split(":");
        assert.equal(first, "c1");
        return inflateRawSync(hex(`${payload}0000ffff`), { finishFlush: zlib.Z_SYNC_FLUSH }).toString();
      }

      it("messages from the threshold on", () => {
        const end = new End(role, { deflate: agreed, compression: { threshold: 100 } });
        end.connection.sendText("x".repeat(99));
        assert.equal(end.connection.sendText("x".repeat(100)), 100);
        end.connection.sendBinary(Buffer.alloc(99));
        end.connection.sendBinary(Buffer.alloc(100));
        const frames = framesFrom(role, end.take());
        assert.deepEqual(
          frames.map((text) => text.split(":")[0]),
          ["81", "c1", "82", "c2"],
        );
        assert.equal(inflated(frames[1] ?? ""), "x".repeat(100));
      });

      it("from 128 bytes on where nothing else was asked for", () => {
        const end = new End(role, { deflate: agreed });
        end.connection.sendBinary(Buffer.alloc(127));
        end.connection.sendBinary(Buffer.alloc(128));
        assert.deepEqual(
          framesFrom(role, end.take()).map((text) => text.slice(0, 2)),
          ["82", "c2"],
        );
      });

      it("nothing without an agreement, whatever the options", () => {
        const end = new End(role, { compression: { threshold: 0 } });
        end.connection.sendText("plain");
        assert.deepEqual(framesFrom(role, end.take()), ["81:706c61696e"]);
      });

      it("with what earlier messages left only where that was agreed for its own direction", () => {
        const mine = role === "client" ? "clientNoContextTakeover" : "serverNoContextTakeover";
        const theirs = role === "client" ? "serverNoContextTakeover" : "clientNoContextTakeover";
        const send = (deflate: AgreedDeflate) => {
          const end = new End(role, { deflate });
          for (let i = 0; i < 2; i++) end.connection.sendText(long);
          return framesFrom(role, end.take());
        };
        const [first = "", second = ""] = send({ ...agreed, [theirs]: true });
        assert.ok(second.length < first.length);
        const alone = send({ ...agreed, [mine]: true });
        assert.deepEqual(alone.map(inflated), [long, long]);
      });

      it("looks back no further than its own window", () => {
        const mine = role === "client" ? "clientMaxWindowBits" : "serverMaxWindowBits";
        const theirs = role === "client" ? "serverMaxWindowBits" : "clientMaxWindowBits";
        // Nothing repeats within 512 bytes, all of it 600 bytes later.
        const noise = Buffer.from(Array.from({ length: 600 }, (_, i) => (Math.sin(i + 1) * 1e6) & 0xff));
        const size = (deflate: AgreedDeflate) => {
          const end = new End(role, { deflate });
          end.connection.sendBinary(Buffer.concat([noise, noise]));
          return end.take().length;
        };
        assert.ok(size({ ...agreed, [mine]: 9 }) > 1100);
        assert.ok(size({ ...agreed, [theirs]: 9 }) < 800);
      });
    });

    it("inflates with a context only where that was agreed for the peer's direction", () => {
      const theirs = role === "client" ? "serverNoContextTakeover" : "clientNoContextTakeover";
      const first = deflateRawSync("Hello", { finishFlush: zlib.Z_SYNC_FLUSH }).subarray(0, -4);
      // [7692] 7.2.3.2: "Hello" by reference to the message before.
      const second = hex("f200110000");
      const end = new End(role, { deflate: agreed });
      end.receive(frame(0xc1, first), frame(0xc1, second));
      assert.deepEqual(end.happenings, [
        ["text", "Hello"],
        ["text", "Hello"],
      ]);
      const forgetful = new End(role, { deflate: { ...agreed, [theirs]: true } });
      forgetful.receive(frame(0xc1, first), frame(0xc1, second));
      assert.deepEqual(forgetful.happenings, [
        ["text", "Hello"],
        ["failed", "ERR_WS_INVALID_DEFLATE"],
      ]);
    });
  });
}

describe("Two connections", () => {
  const texts = fc
    .tuple(fc.string({ unit: "binary", maxLength: 30 }), fc.constantFrom(1, 1, 9, 5000))
    .map(([text, times]): Happening => ["text", text.toWellFormed().repeat(times)]);
  const binaries = fc
    .tuple(fc.uint8Array({ maxLength: 30 }), fc.constantFrom(1, 1, 9, 5000))
    .map(([bytes, times]): Happening => ["binary", Buffer.from(bytes).toString("hex").repeat(times)]);
  const windowBits = fc.integer({ min: 8, max: 15 });
  const agreements: fc.Arbitrary<AgreedDeflate> = fc.record({
    serverNoContextTakeover: fc.boolean(),
    clientNoContextTakeover: fc.boolean(),
    serverMaxWindowBits: windowBits,
    clientMaxWindowBits: windowBits,
  });

  for (const role of roles) {
    it(`understand each other, whatever the ${role} sends and however it is cut`, () => {
      fc.assert(
        fc.property(
          fc.array(fc.oneof(texts, binaries), { maxLength: 8 }),
          fc.option(agreements, { nil: undefined }),
          fc.nat(200),
          fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 70_000 })), {
            maxLength: 30,
          }),
          (messages, deflate, threshold, cuts) => {
            const sender = new End(role, { deflate, compression: { threshold } });
            const receiver = new End(role === "client" ? "server" : "client", { deflate });
            for (const [name, data] of messages) {
              if (name === "text") sender.connection.sendText(data);
              if (name === "binary") sender.connection.sendBinary(Buffer.from(data, "hex"));
            }
            sender.connection.close(1000, "done");
            const stream = sender.take();
            let position = 0;
            for (const size of [...cuts, stream.length]) {
              receiver.receive(stream.subarray(position, position + size));
              position += size;
            }
            assert.deepEqual(receiver.happenings, [...messages, ["close", { code: 1000, reason: "done" }]]);
            sender.receive(receiver.take());
            assert.deepEqual(sender.happenings, [["close", { code: 1000, reason: "done" }]]);
            assert.ok(sender.connection.closing.complete && receiver.connection.closing.complete);
          },
        ),
      );
    });
  }
});
