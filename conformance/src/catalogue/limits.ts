import { constants, deflateRawSync } from "node:zlib";
import {
  binary,
  continuation,
  echoed,
  fails,
  fragments,
  goesOn,
  ping,
  ponged,
  send,
  sendCompressed,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { type Frame, Opcode } from "../peer/frame-codec.js";
import { bytesOf, textOf } from "./framing.js";

const MiB = 1024 * 1024;
const LENGTH = "[6455] 5.2";
const LIMIT = "[6455] 10.4";
const wrongLength = fails(1002, "ERR_WS_PAYLOAD_LENGTH");
const tooBig = fails(1009, "ERR_WS_MESSAGE_TOO_BIG");
const options = { maxPayload: 1000 };
const NO_FIN = { fin: false };

function notShortest(id: string, frame: Frame): WireCase {
  return {
    id: `limits/not-shortest/${id}`,
    section: LENGTH,
    shows: `a length that isn't in its shortest form is refused: ${id}`,
    steps: [send(frame)],
    outcome: wrongLength,
  };
}

const lengths: readonly WireCase[] = [
  ...[0, 5, 125].map((size) => notShortest(`${size}-in-16-bits`, text(textOf(size), { lengthForm: 16 }))),
  ...[0, 5, 125, 126, 65535].map((size) =>
    notShortest(`${size}-in-64-bits`, text(textOf(size), { lengthForm: 64 })),
  ),
  ...[2n ** 63n, 2n ** 63n + 5n, 2n ** 64n - 1n].map(
    (declaredLength): WireCase => ({
      id: `limits/top-bit/${declaredLength.toString(16)}`,
      section: LENGTH,
      shows: "a 64-bit length with its top bit is refused",
      steps: [send(binary("", { declaredLength }))],
      outcome: wrongLength,
    }),
  ),
  ...[2n ** 63n - 1n, 2n ** 53n, 2n ** 53n - 1n, 2n ** 32n, 2n ** 31n].map(
    (declaredLength): WireCase => ({
      id: `limits/huge/${declaredLength.toString(16)}`,
      section: LIMIT,
      shows: "a length that is far too much is refused at once, with the default settings",
      steps: [send(binary("", { declaredLength }))],
      outcome: tooBig,
    }),
  ),
];

const maxPayload: readonly WireCase[] = [
  {
    id: "limits/max-payload/exactly",
    section: LIMIT,
    shows: "a message of exactly maxPayload bytes passes, again and again",
    options,
    steps: [send(text(textOf(1000)), binary(bytesOf(1000))), echoed(textOf(1000)), echoed(bytesOf(1000))],
    outcome: goesOn,
  },
  {
    id: "limits/max-payload/exactly-in-fragments",
    section: LIMIT,
    shows: "fragments that sum up to exactly maxPayload bytes pass",
    options,
    steps: [send(...fragments(Opcode.Text, textOf(1000), 300)), echoed(textOf(1000))],
    outcome: goesOn,
  },
  {
    id: "limits/max-payload/bytes-not-characters",
    section: LIMIT,
    shows: "maxPayload counts bytes",
    options,
    steps: [send(text("ä".repeat(500))), echoed("ä".repeat(500)), send(text(`${"ä".repeat(500)}x`))],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/one-more",
    section: LIMIT,
    shows: "a message of maxPayload + 1 bytes is refused",
    options,
    steps: [send(text(textOf(1001)))],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/declared",
    section: LIMIT,
    shows: "a declared length above maxPayload is refused before the payload comes",
    options,
    steps: [send(binary("", { declaredLength: 1001 }))],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/sum-of-fragments",
    section: LIMIT,
    shows: "the fragment whose declared length passes maxPayload is refused before its payload comes",
    options,
    steps: [
      send(
        binary(bytesOf(600), NO_FIN),
        continuation(bytesOf(400), NO_FIN),
        continuation("", { declaredLength: 1 }),
      ),
    ],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/control-frames-do-not-count",
    section: LIMIT,
    shows: "pings between fragments don't count as payload",
    options,
    steps: [
      send(text(textOf(600), NO_FIN), ping(bytesOf(125))),
      { step: "receive frame", opcode: Opcode.Pong, payload: bytesOf(125) },
      send(continuation(textOf(400))),
      echoed(textOf(600) + textOf(400)),
    ],
    outcome: goesOn,
  },
  {
    id: "limits/max-payload/inflated-exactly",
    section: LIMIT,
    shows: "a compressed message that inflates to exactly maxPayload bytes passes",
    options,
    deflate: {},
    steps: [sendCompressed("*".repeat(1000)), echoed("*".repeat(1000))],
    outcome: goesOn,
  },
  {
    id: "limits/max-payload/inflated",
    section: LIMIT,
    shows: "maxPayload counts what comes out of the inflation",
    options,
    deflate: {},
    steps: [sendCompressed("*".repeat(1001))],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/inflated-fragments",
    section: LIMIT,
    shows: "a compressed message in fragments is refused once it inflates to too much, whatever is to come",
    options,
    deflate: {},
    steps: [sendCompressed("*".repeat(100_000), { fragmentSize: 20 })],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/bomb",
    section: LIMIT,
    shows: "8 MiB out of a few KiB are refused",
    options: { maxPayload: 64 * 1024 },
    deflate: {},
    steps: [sendCompressed(Buffer.alloc(8 * MiB))],
    outcome: tooBig,
  },
  {
    id: "limits/max-payload/bomb/default-settings",
    section: LIMIT,
    shows: "101 MiB out of 100 KiB are refused with the default settings",
    deflate: {},
    steps: [send(binary(bombOf(101), { rsv: 4 }))],
    outcome: tooBig,
  },
];

/** Zeros that were compressed into blocks of 1 MiB each. */
function bombOf(mebibytes: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(MiB), { level: 9, finishFlush: constants.Z_SYNC_FLUSH });
  return Buffer.concat(new Array<Buffer>(mebibytes).fill(block));
}

const large: readonly WireCase[] = [
  {
    id: "limits/large/4-MiB-in-64-byte-fragments",
    section: "[6455] 5.4",
    shows: "4 MiB of text in fragments of 64 bytes pass with the default settings",
    steps: [sendCut(65536, ...fragments(Opcode.Text, textOf(4 * MiB), 64)), echoed(textOf(4 * MiB))],
    outcome: goesOn,
  },
  {
    id: "limits/large/4-MiB-in-64-byte-fragments/binary",
    section: "[6455] 5.4",
    shows: "4 MiB of binary in fragments of 64 bytes pass with the default settings",
    steps: [sendCut(65536, ...fragments(Opcode.Binary, bytesOf(4 * MiB), 64)), echoed(bytesOf(4 * MiB))],
    outcome: goesOn,
  },
  {
    id: "limits/large/16-MiB/binary",
    section: LENGTH,
    shows: "16 MiB in one binary frame",
    steps: [sendCut(1 * MiB, binary(bytesOf(16 * MiB))), echoed(bytesOf(16 * MiB))],
    outcome: goesOn,
  },
  {
    id: "limits/large/16-MiB/text",
    section: LENGTH,
    shows: "16 MiB in one text frame",
    steps: [sendCut(1 * MiB, text(textOf(16 * MiB))), echoed(textOf(16 * MiB))],
    outcome: goesOn,
  },
  {
    id: "limits/large/1-MiB/packets-of-1448",
    section: LENGTH,
    shows: "1 MiB in packets as a network would cut them",
    steps: [sendCut(1448, binary(bytesOf(MiB))), echoed(bytesOf(MiB))],
    outcome: goesOn,
  },
];

const counts: readonly WireCase[] = [
  {
    id: "limits/max-fragments/exactly",
    section: LIMIT,
    shows: "a message of exactly maxFragments fragments passes, again and again",
    options: { maxFragments: 10 },
    steps: [
      send(...fragments(Opcode.Text, textOf(100), 10), ...fragments(Opcode.Text, textOf(100), 10)),
      echoed(textOf(100)),
      echoed(textOf(100)),
    ],
    outcome: goesOn,
  },
  {
    id: "limits/max-fragments/one-more",
    section: LIMIT,
    shows: "one fragment more than maxFragments is refused",
    options: { maxFragments: 10 },
    steps: [send(...fragments(Opcode.Text, textOf(110), 10))],
    outcome: fails(1008, "ERR_WS_TOO_MANY_FRAGMENTS"),
  },
  {
    id: "limits/max-fragments/empty",
    section: LIMIT,
    shows: "empty fragments without end are refused",
    options: { maxFragments: 10 },
    steps: [send(text("", NO_FIN), ...Array.from({ length: 10 }, () => continuation("", NO_FIN)))],
    outcome: fails(1008, "ERR_WS_TOO_MANY_FRAGMENTS"),
  },
];

/** One ping is small enough for thousands to stand in one packet. */
const PINGS = 20_000;

const pings: readonly WireCase[] = [
  {
    id: "limits/pings/twenty-thousand",
    section: "[6455] 5.5.2",
    shows: "twenty thousand pings as fast as TCP takes them are no attack while the peer reads the pongs",
    steps: [
      send(...Array.from({ length: PINGS }, () => ping())),
      ...Array.from({ length: PINGS }, () => ponged()),
    ],
    outcome: goesOn,
  },
  {
    id: "limits/pings/pongs-not-read",
    section: LIMIT,
    shows: "pings without end from a peer that doesn't read don't pile up pongs: the connection is failed",
    steps: [{ step: "peer stops reading" }, { step: "peer sends pings without end" }],
    outcome: { outcome: "is cut", errors: ["ERR_WS_TOO_MANY_PINGS"] },
  },
];

export const limits: readonly WireCase[] = [...lengths, ...maxPayload, ...large, ...counts, ...pings];
