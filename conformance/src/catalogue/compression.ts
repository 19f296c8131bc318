import { constants, deflateRawSync } from "node:zlib";
import {
  binary,
  close,
  closes,
  continuation,
  echoed,
  fails,
  goesOn,
  objectSends,
  ping,
  pong,
  ponged,
  received,
  send,
  sendCompressed,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { DeflateEncoder } from "../peer/deflate-encoder.js";
import type { DeflateParameters } from "../peer/peer-compression.js";
import { bytesOf, textOf } from "./framing.js";
import { jsonOf } from "./json.js";

const MESSAGE = "[7692] 6";
const DEFLATE = "[7692] 7.2";
const deflate: DeflateParameters = {};
const fresh: DeflateParameters = { serverNoContextTakeover: true, clientNoContextTakeover: true };
const badDeflate = fails(1007, "ERR_WS_INVALID_DEFLATE");
const RSV1 = { rsv: 4 };

/** One message compressed by zlib, as [7692] 7.2.1 has it: flushed, the last four bytes taken off. */
function byZlib(
  data: string | Uint8Array,
  level: number,
  strategy: number = constants.Z_DEFAULT_STRATEGY,
): Buffer {
  return deflateRawSync(data, { level, strategy, finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

/** Several blocks: the empty stored block that a flush leaves stays in between. */
function inBlocks(...parts: readonly string[]): Buffer {
  const blocks = parts.map((part) => deflateRawSync(part, { finishFlush: constants.Z_SYNC_FLUSH }));
  return Buffer.concat(blocks).subarray(0, -4);
}

/** A stream that ends itself with BFINAL; [7692] 7.2.3.4 appends a zero byte. */
function final(data: string): Buffer {
  return Buffer.concat([deflateRawSync(data), Buffer.of(0)]);
}

/** The second message of a context, which refers to the first, without the first. */
function referenceToNothing(): Buffer {
  const encoder = new DeflateEncoder(15, true);
  encoder.compress(Buffer.from("Hello"));
  return encoder.compress(Buffer.from("Hello"));
}

const encodings = {
  "fixed-codes": {
    payload: new DeflateEncoder(15, false).compress(Buffer.from("Hello Hello Hello")),
    data: "Hello Hello Hello",
  },
  "fixed-codes/zlib": { payload: byZlib(jsonOf(2000), 9, constants.Z_FIXED), data: jsonOf(2000) },
  "dynamic-codes": { payload: byZlib(jsonOf(20_000), 9), data: jsonOf(20_000) },
  "huffman-only": { payload: byZlib(jsonOf(2000), 6, constants.Z_HUFFMAN_ONLY), data: jsonOf(2000) },
  "run-length": { payload: byZlib("*".repeat(5000), 6, constants.Z_RLE), data: "*".repeat(5000) },
  stored: { payload: byZlib(textOf(300), 0), data: textOf(300) },
  "stored/large": { payload: byZlib(textOf(100_000), 0), data: textOf(100_000) },
  "several-blocks": {
    payload: inBlocks("Hello ", "world", "!", jsonOf(1000)),
    data: `Hello world!${jsonOf(1000)}`,
  },
  "empty-blocks": { payload: inBlocks("", "", "Hello", ""), data: "Hello" },
  "final-block": { payload: final("Hello, final block"), data: "Hello, final block" },
  "final-block/long": { payload: final(jsonOf(5000)), data: jsonOf(5000) },
  empty: { payload: Buffer.of(0x00), data: "" },
  "empty/fixed-codes": { payload: Buffer.of(0x02, 0x00), data: "" },
  "empty/final-block": { payload: final(""), data: "" },
};

const blocks = Object.entries(encodings).flatMap(([name, { payload, data }]): WireCase[] => [
  {
    id: `compression/blocks/${name}`,
    section: `${DEFLATE}.3`,
    shows: `a message is inflated, and the next one too: ${name}`,
    deflate,
    steps: [send(text(payload, RSV1)), echoed(data), send(text(payload, RSV1)), echoed(data)],
    outcome: goesOn,
  },
  {
    id: `compression/blocks/${name}/no-context-takeover`,
    section: `${DEFLATE}.3`,
    shows: `a message is inflated, each on its own: ${name}`,
    deflate: fresh,
    steps: [send(text(payload, RSV1), text(payload, RSV1)), echoed(data), echoed(data)],
    outcome: goesOn,
  },
  ...(payload.length > 1000
    ? []
    : [
        {
          id: `compression/blocks/${name}/byte-by-byte`,
          section: `${DEFLATE}.3`,
          shows: `a compressed message may come byte by byte: ${name}`,
          deflate,
          steps: [sendCut(1, text(payload, RSV1)), echoed(data)],
          outcome: goesOn,
        },
      ]),
]);

const INVALID: Record<string, Buffer> = {
  "reserved-block-type": Buffer.of(0x06),
  "reserved-block-type/final": Buffer.of(0xff, 0xff),
  "distance-too-far": referenceToNothing(),
  "stored-length-mismatch": Buffer.of(0x00, 0x05, 0x00, 0x00, 0x00, 0x48),
  "too-many-length-codes": Buffer.of(0xfc, 0x00, 0x00),
};

const invalid = Object.entries(INVALID).map(
  ([name, payload]): WireCase => ({
    id: `compression/invalid/${name}`,
    section: DEFLATE,
    shows: `data that can't be inflated fails the connection: ${name}`,
    deflate,
    steps: [send(binary(payload, RSV1))],
    outcome: badDeflate,
  }),
);

const sized = [
  0, 1, 16, 125, 126, 127, 128, 1000, 4096, 32_767, 32_768, 32_769, 65_535, 65_536, 131_072,
].flatMap((size): WireCase[] => {
  const data = size === 0 ? "" : jsonOf(size);
  const compressible = size >= 128 ? { compressed: true } : {};
  return [
    {
      id: `compression/size/${size}`,
      section: MESSAGE,
      shows: `a compressed message of ${size} bytes goes both ways`,
      deflate,
      steps: [
        sendCompressed(data),
        echoed(data, compressible),
        sendCompressed(Buffer.from(data)),
        echoed(Buffer.from(data), compressible),
      ],
      outcome: goesOn,
    },
    {
      id: `compression/size/${size}/fragments`,
      section: `${MESSAGE}.1`,
      shows: `a compressed message of ${size} bytes in fragments, with control frames in between`,
      deflate,
      steps: [sendCompressed(data, { fragmentSize: 1 + (size >> 5), between: [pong("x")] }), echoed(data)],
      outcome: goesOn,
    },
  ];
});

const mixed: readonly WireCase[] = [
  {
    id: "compression/uncompressed-between",
    section: `${MESSAGE}.1`,
    shows: "compressed and plain messages in turn; plain ones leave the context alone",
    deflate,
    steps: [
      sendCompressed(jsonOf(500)),
      echoed(jsonOf(500)),
      send(text(textOf(500))),
      echoed(textOf(500)),
      sendCompressed(jsonOf(500), { refersBack: true }),
      echoed(jsonOf(500)),
      send(text("a", { fin: false }), continuation("b")),
      echoed("ab"),
      sendCompressed(jsonOf(300), { refersBack: true }),
      echoed(jsonOf(300)),
    ],
    outcome: goesOn,
  },
  {
    id: "compression/ping-between-fragments",
    section: `${MESSAGE}.1`,
    shows: "pings between the fragments of a compressed message are answered first and are not compressed",
    deflate,
    steps: [
      sendCompressed("Hello Hello Hello", { fragmentSize: 7, between: [ping("plain")] }),
      ponged("plain"),
      echoed("Hello Hello Hello"),
    ],
    outcome: goesOn,
  },
  {
    id: "compression/fragments-of-1",
    section: `${MESSAGE}.1`,
    shows: "a compressed message in fragments of one byte",
    deflate,
    steps: [sendCompressed(jsonOf(1000), { fragmentSize: 1 }), echoed(jsonOf(1000))],
    outcome: goesOn,
  },
  {
    id: "compression/empty-fragments",
    section: `${MESSAGE}.1`,
    shows: "empty fragments within a compressed message",
    deflate,
    steps: [
      sendCompressed("Hello Hello Hello", { fragmentSize: 4, between: [continuation("", { fin: false })] }),
      echoed("Hello Hello Hello"),
    ],
    outcome: goesOn,
  },
  {
    id: "compression/incompressible",
    section: MESSAGE,
    shows: "bytes that don't get smaller go both ways all the same",
    deflate,
    steps: [sendCompressed(bytesOf(5000)), echoed(bytesOf(5000))],
    outcome: goesOn,
  },
  {
    id: "compression/many-in-one-packet",
    section: MESSAGE,
    shows: "many compressed messages in one packet keep their order",
    deflate: fresh,
    steps: [
      send(
        ...Array.from({ length: 50 }, (_, at) =>
          text(new DeflateEncoder(15, false).compress(Buffer.from(`no. ${at}`)), RSV1),
        ),
      ),
      ...Array.from({ length: 50 }, (_, at) => echoed(`no. ${at}`)),
    ],
    outcome: goesOn,
  },
  {
    id: "compression/order-with-plain-and-ping",
    section: MESSAGE,
    shows: "a plain message doesn't overtake a compressed one before it",
    deflate: fresh,
    steps: [
      send(
        text(encodings["dynamic-codes"].payload, RSV1),
        text("plain"),
        text(encodings.stored.payload, RSV1),
      ),
      echoed(jsonOf(20_000)),
      echoed("plain"),
      echoed(textOf(300)),
    ],
    outcome: goesOn,
  },
  {
    id: "compression/close-behind",
    section: MESSAGE,
    shows: "a close frame doesn't overtake a compressed message before it",
    deflate: fresh,
    steps: [send(text(encodings["dynamic-codes"].payload, RSV1), close(1000, "bye")), echoed(jsonOf(20_000))],
    outcome: closes(1000, 1000, "bye"),
  },
  {
    id: "compression/invalid-utf-8",
    section: "[6455] 8.1",
    shows: "compressed text that isn't UTF-8 is refused",
    deflate,
    steps: [send(text(byZlib(Buffer.concat([Buffer.from(textOf(300)), Buffer.of(0xff)]), 6), RSV1))],
    outcome: fails(1007, "ERR_WS_INVALID_UTF8"),
  },
  {
    id: "compression/unfinished-utf-8",
    section: "[6455] 8.1",
    shows: "compressed text that ends within a code point is refused",
    deflate,
    steps: [send(text(byZlib(Buffer.of(0xe2, 0x82), 6), RSV1))],
    outcome: fails(1007, "ERR_WS_INVALID_UTF8"),
  },
  {
    id: "compression/utf-8-across-fragments",
    section: "[6455] 8.1",
    shows: "compressed text is checked after inflation, wherever its fragments are cut",
    deflate,
    steps: [sendCompressed("한글 🚀 ä ".repeat(100), { fragmentSize: 3 }), echoed("한글 🚀 ä ".repeat(100))],
    outcome: goesOn,
  },
  {
    id: "compression/objects-own-messages",
    section: MESSAGE,
    shows: "the object compresses what it sends, text and binary",
    deflate,
    steps: [
      objectSends(jsonOf(1000)),
      received(jsonOf(1000), { compressed: true }),
      objectSends(Buffer.from(jsonOf(1000))),
      received(Buffer.from(jsonOf(1000)), { compressed: true }),
    ],
    outcome: goesOn,
  },
];

export const compression: readonly WireCase[] = [...blocks, ...invalid, ...sized, ...mixed];
