import {
  binary,
  close,
  continuation,
  echoed,
  fails,
  ping,
  pong,
  ponged,
  type Step,
  send,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import type { Frame } from "../peer/frame-codec.js";
import type { DeflateParameters } from "../peer/peer-compression.js";

const SECTION = "[6455] 5.2";
const refused = fails(1002, "ERR_WS_RESERVED_BITS");
const NO_DEFLATE = undefined;
const DEFLATE: DeflateParameters = {};

function nameOf(rsv: number): string {
  return [rsv & 4 ? "rsv1" : "", rsv & 2 ? "rsv2" : "", rsv & 1 ? "rsv3" : ""].filter(Boolean).join("+");
}

/** The places where a frame with reserved bits can stand, each as the steps that lead there. */
function places(rsv: number): Record<string, Step[]> {
  const afterMessage = [text("Hello"), text("Hello", { rsv }), ping("late")];
  return {
    text: [send(text("Hello", { rsv }))],
    "empty-text": [send(text("", { rsv }))],
    binary: [send(binary(Uint8Array.of(0, 255, 254, 253), { rsv }))],
    "header-alone": [send(text("", { rsv, declaredLength: 1000 }))],
    ping: [send(ping("Hello", { rsv }))],
    pong: [send(pong("Hello", { rsv }))],
    close: [send(close(1000, "", { rsv }))],
    "after-message/one-packet": [send(...afterMessage), echoed("Hello")],
    "after-message/packet-each": [...afterMessage.map((frame) => send(frame)), echoed("Hello")],
    "after-message/byte-by-byte": [sendCut(1, ...afterMessage), echoed("Hello")],
    "after-ping": [send(ping("first")), ponged("first"), send(text("Hello", { rsv }))],
    "first-fragment": [send(text("Hel", { rsv, fin: false }))],
    continuation: [send(text("Hel", { fin: false }), continuation("lo", { rsv }))],
    "middle-continuation": [send(text("H", { fin: false }), continuation("ell", { rsv, fin: false }))],
    "ping-between-fragments": [send(text("Hel", { fin: false }), ping("", { rsv }))],
  };
}

function withBits(rsv: number, deflate: DeflateParameters | undefined, only?: readonly string[]): WireCase[] {
  return Object.entries(places(rsv))
    .filter(([place]) => only === undefined || only.includes(place))
    .map(([place, steps]) => ({
      id: `reserved-bits/${deflate ? "deflate/" : ""}${nameOf(rsv)}/${place}`,
      section: deflate ? "[7692] 6" : SECTION,
      shows: `${nameOf(rsv)} is refused ${deflate ? "although compression was agreed on" : "where no extension gave it a meaning"}: ${place}`,
      steps,
      outcome: refused,
      ...(deflate ? { deflate } : {}),
    }));
}

const NOT_FOR_RSV1 = [
  "ping",
  "pong",
  "close",
  "continuation",
  "middle-continuation",
  "ping-between-fragments",
];

const compressedThenMarked: Frame[] = [
  // Two fragments of one compressed message: an empty stored block, then the same with RSV1 once more.
  text(Uint8Array.of(0x00, 0x00, 0x00, 0xff, 0xff), { rsv: 4, fin: false }),
  continuation(Uint8Array.of(0x00), { rsv: 4 }),
];

export const reservedBits: readonly WireCase[] = [
  ...[4, 2, 1, 6, 5, 3, 7].flatMap((rsv) => withBits(rsv, NO_DEFLATE)),
  ...[2, 1, 6, 5, 3, 7].flatMap((rsv) => withBits(rsv, DEFLATE)),
  ...withBits(4, DEFLATE, NOT_FOR_RSV1),
  {
    id: "reserved-bits/deflate/rsv1/continuation-of-compressed",
    section: "[7692] 6.1",
    shows: "RSV1 stands on the first fragment of a compressed message only",
    deflate: DEFLATE,
    steps: [send(...compressedThenMarked)],
    outcome: refused,
  },
];
