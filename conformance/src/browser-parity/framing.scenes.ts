import { closeEvent, errorEvent } from "./expected-lines.js";
import type { Difference, Scene, Stage } from "./scene.js";
import { binary, close, continuation, type FrameOptions, frame, ping, text } from "./server-frames.js";
import { sendsOnly } from "./servers.js";

/** Opens, lets the server write its bytes, and records everything to the end. */
const watchToTheEnd = async ({ WebSocket, url, watch, next, tell, state }: Stage): Promise<void> => {
  const ws = new WebSocket(url);
  watch(ws);
  await next(ws, "open");
  tell("ready");
  await next(ws, "close");
  state("end", ws);
};

const unfinished: FrameOptions = { fin: false };

/** A text frame that announces a length it does not have. */
const announced = (length: bigint): Buffer => {
  const header = Buffer.from([0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(length, 2);
  return header;
};

const INVALID_PAYLOAD: Difference = {
  why: "Chromium reports bad UTF-8 with 1002; RFC 6455 7.4.1 has 1007 for it",
  chromium: [["wire", { close: 1002 }]],
  openline: [["wire", { close: 1007 }]],
};

const DISCARDED: Difference = {
  why: "Chromium fails the connection over bytes after the close frame; RFC 6455 1.4 has them discarded",
  chromium: [errorEvent, closeEvent(1006)],
  openline: [closeEvent(1000, "")],
};

const violations: readonly [name: string, section: string, ...frames: Buffer[]][] = [
  ["a masked frame", "5.1", text("masked", { mask: true })],
  ["a masked empty frame", "5.1", text("", { mask: true })],
  ["a masked close frame", "5.1", frame(0x8, Buffer.from([3, 0xe8]), { mask: true })],
  ["RSV1 without an extension", "5.2", text("x", { rsv: 4 })],
  ["RSV2", "5.2", text("x", { rsv: 2 })],
  ["RSV3 on a binary frame", "5.2", binary(Buffer.from([1]), { rsv: 1 })],
  ["RSV1 on a ping", "5.2", ping("x", { rsv: 4 })],
  ["RSV1 on a continuation", "5.2", text("a", unfinished), continuation("b", { rsv: 4 })],
  ["the reserved opcode 3", "5.2", frame(0x3, "x")],
  ["the reserved opcode 7, empty", "5.2", frame(0x7)],
  ["the reserved control opcode 11", "5.2", frame(0xb, "x")],
  ["the reserved control opcode 15", "5.2", frame(0xf)],
  ["a fragmented ping", "5.5", ping("x", unfinished)],
  ["a fragmented close frame", "5.5", frame(0x8, Buffer.from([3, 0xe8]), unfinished)],
  ["a ping of 126 bytes", "5.5", ping("x".repeat(126))],
  ["a close frame of 126 bytes", "5.5", close(1000, "x".repeat(124))],
  ["a continuation without a start", "5.4", continuation("x")],
  ["an unfinished continuation without a start", "5.4", continuation("x", unfinished)],
  ["a continuation after the end", "5.4", text("a", unfinished), continuation("b"), continuation("c")],
  ["a new text before the end of the last", "5.4", text("a", unfinished), text("b")],
  ["a new binary before the end of the last", "5.4", text("a", unfinished), binary(Buffer.from([1]))],
  ["a length of 16 bits that fits in 7", "5.2", text("x".repeat(125), { lengthForm: "16" })],
  ["a length of 64 bits that fits in 7", "5.2", text("x", { lengthForm: "64" })],
  ["a length of 64 bits that fits in 16", "5.2", text("x".repeat(200), { lengthForm: "64" })],
  ["a length with its top bit set", "5.2", announced(0x8000_0000_0000_0005n)],
  ["a close frame of one byte", "5.5.1", frame(0x8, Buffer.from([3]))],
  ["a close frame with bad UTF-8", "5.5.1", close(1000, Buffer.from([0xff]))],
  ["bad UTF-8", "8.1", text(Buffer.from([0x61, 0xff, 0x62]))],
  ["an encoded surrogate", "8.1", text(Buffer.from([0xed, 0xa0, 0x80]))],
  ["an overlong encoding", "8.1", text(Buffer.from([0xc0, 0xaf]))],
  ["a code point beyond the last", "8.1", text(Buffer.from([0xf4, 0x90, 0x80, 0x80]))],
  ["a text that ends inside of a character", "8.1", text(Buffer.from([0x61, 0xe2, 0x82]))],
  ["bad UTF-8 in a continuation", "8.1", text("a", unfinished), continuation(Buffer.from([0xff]))],
  [
    "a character cut by the end of the message",
    "8.1",
    text(Buffer.from([0xe2]), unfinished),
    continuation(""),
  ],
  ["a good message, then a bad frame", "7.1.7", text("good"), frame(0x3)],
  ["a bad frame, then a good message", "7.1.7", frame(0x3), text("too late")],
  [
    "good messages and a ping before a bad frame",
    "7.1.7",
    text("1"),
    ping("p"),
    text("2"),
    text("x", { rsv: 1 }),
  ],
];

const tolerated: readonly [name: string, section: string, ...frames: Buffer[]][] = [
  ["a ping of 125 bytes", "5.5", ping("x".repeat(125)), close(1000)],
  ["a pong that nobody asked for", "5.5.3", frame(0xa, "unasked"), close(1000)],
  [
    "a character in two fragments",
    "5.4",
    text(Buffer.from([0xe2, 0x82]), unfinished),
    continuation(Buffer.from([0xac])),
    close(),
  ],
  ["a fragmented message that a close frame cuts", "5.4", text("half", unfinished), close(1000)],
  ["frames after the close frame", "5.5.1", close(1000), text("after"), ping("after"), close(1001, "second")],
  ["rubbish after the close frame", "5.5.1", close(1000), Buffer.from("rubbish")],
];

export const framingScenes: readonly Scene[] = [
  ...violations.map(
    ([name, section, ...frames]): Scene => ({
      name: `fails the connection: ${name}`,
      section: `RFC 6455 ${section}`,
      server: sendsOnly(...frames),
      client: watchToTheEnd,
      freeCloseReason: true,
      differences: section === "8.1" || name.includes("bad UTF-8") ? [INVALID_PAYLOAD] : [],
    }),
  ),
  ...tolerated.map(
    ([name, section, ...frames]): Scene => ({
      name: `is no failure: ${name}`,
      section: `RFC 6455 ${section}`,
      server: async (peer) => {
        const connection = await peer.accepted();
        await peer.reached.wait("ready");
        connection.write(...frames);
        await connection.received("close");
        connection.end();
      },
      client: watchToTheEnd,
      differences: name.includes("after the close frame") ? [DISCARDED] : [],
    }),
  ),
];
