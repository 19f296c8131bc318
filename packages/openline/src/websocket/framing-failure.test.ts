import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  binary,
  close,
  continuation,
  encodeFrame,
  ping,
  text,
} from "../testing-support/frames.test.support.js";
import { assertAbnormal, failure, openLine } from "../testing-support/sockets.test.support.js";

const maskKey = Uint8Array.of(1, 2, 3, 4);

/** What breaks the framing, the code of the `error`, and the code that goes to the server. */
const cases: [string, Uint8Array[], string, number][] = [
  ["a masked frame", [text("x", { maskKey })], "ERR_WS_MASK", 1002],
  ["RSV1 without an extension", [text("x", { rsv: 4 })], "ERR_WS_RESERVED_BITS", 1002],
  ["RSV2", [text("x", { rsv: 2 })], "ERR_WS_RESERVED_BITS", 1002],
  ["RSV3", [binary(Uint8Array.of(1), { rsv: 1 })], "ERR_WS_RESERVED_BITS", 1002],
  ["a reserved bit of a control frame", [ping("", { rsv: 4 })], "ERR_WS_RESERVED_BITS", 1002],
  ...[0x3, 0x7, 0xb, 0xf].map((opcode): [string, Uint8Array[], string, number] => [
    `opcode ${opcode}`,
    [encodeFrame(opcode)],
    "ERR_WS_UNKNOWN_OPCODE",
    1002,
  ]),
  ["a fragmented ping", [ping("", { fin: false })], "ERR_WS_CONTROL_FRAME", 1002],
  ["a ping of 126 bytes", [ping("p".repeat(126))], "ERR_WS_CONTROL_FRAME", 1002],
  ["a continuation without a start", [continuation("x")], "ERR_WS_FRAGMENTATION", 1002],
  ["a message within a message", [text("x", { fin: false }), text("y")], "ERR_WS_FRAGMENTATION", 1002],
  ["a 16-bit length under 126", [Uint8Array.of(0x81, 126, 0, 5)], "ERR_WS_PAYLOAD_LENGTH", 1002],
  [
    "a 64-bit length under 65,536",
    [Uint8Array.of(0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff)],
    "ERR_WS_PAYLOAD_LENGTH",
    1002,
  ],
  [
    "a 64-bit length with its top bit",
    [Uint8Array.of(0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0)],
    "ERR_WS_PAYLOAD_LENGTH",
    1002,
  ],
  ["text that is no UTF-8", [text(Uint8Array.of(0x61, 0xc0, 0x80))], "ERR_WS_INVALID_UTF8", 1007],
  ["a surrogate in UTF-8", [text(Uint8Array.of(0xed, 0xa0, 0x80))], "ERR_WS_INVALID_UTF8", 1007],
  ["text that ends within a character", [text(Uint8Array.of(0xe2, 0x82))], "ERR_WS_INVALID_UTF8", 1007],
  [
    "a bad byte in a fragment, before the message is whole",
    [text("x", { fin: false }), continuation(Uint8Array.of(0xff), { fin: false })],
    "ERR_WS_INVALID_UTF8",
    1007,
  ],
  [
    "a bad byte in a frame, before the frame is whole",
    [
      text(`${"x".repeat(99)}\u0000y`)
        .fill(0xf8, 101, 102)
        .subarray(0, 102),
    ],
    "ERR_WS_INVALID_UTF8",
    1007,
  ],
];

describe("a frame that breaks the rules", () => {
  for (const [what, bytes, code, closeCode] of cases) {
    test(`${what}: ${code}, ${closeCode} to the server, 1006 to the program`, async (t) => {
      const { socket, peer } = await openLine(t, { perMessageDeflate: false });
      const failing = failure(socket);
      peer.send(text("before"), ...bytes);
      assert.equal(await peer.nextCloseCode(), closeCode);
      // The client may not wait for a server that is broken for longer than it takes to end.
      peer.socket.end();
      const { types, error, close: event } = await failing;
      assert.deepEqual([types[0], ...types.slice(-2)], ["message 1", "error 3", "close 3"]);
      assert.equal(types.length, 3);
      assert.equal(error.code, code);
      assert.ok(error.message.length > 10, error.message);
      assertAbnormal(event);
    });
  }

  test("is followed by nothing: later frames are dropped", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    socket.onmessage = ({ data }) => got.push(data);
    const failing = failure(socket);
    peer.send(text("before"), encodeFrame(0x3), text("after"), close(1000));
    assert.equal(await peer.nextCloseCode(), 1002);
    peer.socket.end();
    assertAbnormal((await failing).close);
    assert.deepEqual(got, ["before"]);
  });
});
