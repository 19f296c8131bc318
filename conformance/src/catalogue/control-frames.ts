import {
  binary,
  close,
  echoed,
  fails,
  goesOn,
  ping,
  pong,
  ponged,
  send,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { Opcode } from "../peer/frame-codec.js";
import { bytesOf } from "./framing.js";

const TEN = Array.from({ length: 10 }, (_, at) => `payload-${at}`);
const PING = "[6455] 5.5.2";
const PONG = "[6455] 5.5.3";
const CONTROL = "[6455] 5.5";
const refused = fails(1002, "ERR_WS_CONTROL_FRAME");
const CONTROL_OPCODES = { close: Opcode.Close, ping: Opcode.Ping, pong: Opcode.Pong };

const answered: readonly WireCase[] = [
  { payload: "", name: "empty" },
  { payload: "Hello, world!", name: "text" },
  { payload: Uint8Array.of(0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff), name: "not-utf-8" },
  { payload: new Uint8Array(125).fill(0xfe), name: "125-bytes" },
].flatMap(({ payload, name }) => [
  {
    id: `control/ping/${name}`,
    section: PING,
    shows: `a ping is answered with its own payload: ${name}`,
    steps: [send(ping(payload)), ponged(payload)],
    outcome: goesOn,
  },
  {
    id: `control/ping/${name}/byte-by-byte`,
    section: PING,
    shows: `a ping that comes byte by byte is answered: ${name}`,
    steps: [sendCut(1, ping(payload)), ponged(payload)],
    outcome: goesOn,
  },
  {
    id: `control/pong/${name}`,
    section: PONG,
    shows: `a pong that nobody asked for is not answered: ${name}`,
    steps: [send(pong(payload))],
    outcome: goesOn,
  },
]);

const illegal = Object.entries(CONTROL_OPCODES).flatMap(([name, opcode]): WireCase[] => [
  {
    id: `control/${name}/126-bytes`,
    section: CONTROL,
    shows: `a ${name} of 126 bytes is refused`,
    steps: [send({ opcode, payload: closeLike(126) })],
    outcome: refused,
  },
  {
    id: `control/${name}/126-bytes/header-alone`,
    section: CONTROL,
    shows: `a ${name} of 126 bytes is refused before its payload comes`,
    steps: [send({ opcode, declaredLength: 126 })],
    outcome: refused,
  },
  {
    id: `control/${name}/65536-bytes`,
    section: CONTROL,
    shows: `a ${name} with a 64-bit length is refused`,
    steps: [send({ opcode, declaredLength: 65536 })],
    outcome: refused,
  },
  {
    id: `control/${name}/fragmented`,
    section: CONTROL,
    shows: `a ${name} without FIN is refused`,
    steps: [send({ opcode, payload: closeLike(4), fin: false })],
    outcome: refused,
  },
  {
    id: `control/${name}/fragmented-empty`,
    section: CONTROL,
    shows: `an empty ${name} without FIN is refused`,
    steps: [send({ opcode, fin: false })],
    outcome: refused,
  },
]);

/** A payload that is a fine close body but for its length: code 1000 and a reason of ASCII. */
function closeLike(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at === 0 ? 0x03 : at === 1 ? 0xe8 : 0x2a));
}

export const controlFrames: readonly WireCase[] = [
  ...answered,
  ...illegal,
  {
    id: "control/ping/ten",
    section: PING,
    shows: "ten pings in one packet are answered in their order",
    steps: [send(...TEN.map((payload) => ping(payload))), ...TEN.map((payload) => ponged(payload))],
    outcome: goesOn,
  },
  {
    id: "control/ping/ten-packets",
    section: PING,
    shows: "ten pings, each in a packet of its own, are answered in their order",
    steps: [...TEN.map((payload) => send(ping(payload))), ...TEN.map((payload) => ponged(payload))],
    outcome: goesOn,
  },
  {
    id: "control/ping/ten-byte-by-byte",
    section: PING,
    shows: "ten pings byte by byte are answered in their order",
    steps: [sendCut(1, ...TEN.map((payload) => ping(payload))), ...TEN.map((payload) => ponged(payload))],
    outcome: goesOn,
  },
  {
    id: "control/ping/thousand",
    section: PING,
    shows: "a thousand pings in a row, the peer reading along, are answered one by one",
    steps: Array.from({ length: 1000 }, (_, at) => [send(ping(String(at))), ponged(String(at))]).flat(),
    outcome: goesOn,
  },
  {
    id: "control/ping/between-messages",
    section: PING,
    shows: "a ping between two messages disturbs neither",
    steps: [
      send(text("one")),
      echoed("one"),
      send(ping("now")),
      ponged("now"),
      send(binary(bytesOf(300))),
      echoed(bytesOf(300)),
    ],
    outcome: goesOn,
  },
  {
    id: "control/pong/then-ping",
    section: PONG,
    shows: "a pong that nobody asked for, then a ping: only the ping is answered",
    steps: [send(pong("unasked"), ping("asked")), ponged("asked")],
    outcome: goesOn,
  },
  {
    id: "control/pong/many",
    section: PONG,
    shows: "a thousand pongs that nobody asked for are let pass",
    steps: [
      send(...Array.from({ length: 1000 }, () => pong("unasked"))),
      send(text("Hello")),
      echoed("Hello"),
    ],
    outcome: goesOn,
  },
  {
    id: "control/ping/then-close",
    section: PING,
    shows: "a ping in the same packet as a later close frame is answered first",
    steps: [send(ping("last"), close(1000)), ponged("last")],
    outcome: { outcome: "closes", answer: 1000, code: 1000, reason: "" },
  },
];
