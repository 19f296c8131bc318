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
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { Opcode } from "../peer/frame-codec.js";
import { textOf } from "./framing.js";
import { INVALID_SEQUENCES, VALID } from "./utf8-sequences.js";

const SECTION = "[6455] 8.1";
const refused = fails(1007, "ERR_WS_INVALID_UTF8");
const NO_FIN = { fin: false };

const valid = Object.entries(VALID).flatMap(([name, string]): WireCase[] => [
  {
    id: `utf8/valid/${name}`,
    section: SECTION,
    shows: `valid text passes unchanged: ${name}`,
    steps: [send(text(string), text(`[${string}]`)), echoed(string), echoed(`[${string}]`)],
    outcome: goesOn,
  },
  {
    id: `utf8/valid/${name}/fragments-of-1`,
    section: SECTION,
    shows: `valid text cut within its sequences into fragments: ${name}`,
    steps: [send(...fragments(Opcode.Text, string, 1)), echoed(string)],
    outcome: goesOn,
  },
  {
    id: `utf8/valid/${name}/byte-by-byte`,
    section: SECTION,
    shows: `valid text cut within its sequences into packets: ${name}`,
    steps: [sendCut(1, text(string)), echoed(string)],
    outcome: goesOn,
  },
]);

const invalid = INVALID_SEQUENCES.flatMap(({ name, possible, impossible }): WireCase[] => {
  const sequence = Buffer.concat([possible, impossible]);
  const inText = Buffer.concat([
    Buffer.from("before "),
    sequence,
    Buffer.from(impossible.length > 0 ? " after" : ""),
  ]);
  const early: WireCase[] = [
    {
      id: `utf8/invalid/${name}/within-frame`,
      section: SECTION,
      shows: `the first bad byte fails the connection though the frame isn't all there: ${name}`,
      steps: [send(text(Buffer.concat([possible, impossible.subarray(0, 1)]), { declaredLength: 100 }))],
      outcome: refused,
    },
    {
      id: `utf8/invalid/${name}/within-frame/byte-by-byte`,
      section: SECTION,
      shows: `the first bad byte fails the connection, coming alone in its packet: ${name}`,
      steps: [
        sendCut(
          1,
          text(Buffer.concat([Buffer.from("ok "), possible, impossible.subarray(0, 1)]), {
            declaredLength: 100,
          }),
        ),
      ],
      outcome: refused,
    },
    {
      id: `utf8/invalid/${name}/within-message`,
      section: SECTION,
      shows: `the first bad byte fails the connection though fragments are to come: ${name}`,
      steps: [
        send(text(Buffer.concat([Buffer.from("ok "), possible]), NO_FIN)),
        send(continuation(impossible.subarray(0, 1), NO_FIN)),
      ],
      outcome: refused,
    },
  ];
  return [
    {
      id: `utf8/invalid/${name}`,
      section: SECTION,
      shows: `text that isn't UTF-8 is refused: ${name}`,
      steps: [send(text(inText))],
      outcome: refused,
    },
    {
      id: `utf8/invalid/${name}/fragments-of-1`,
      section: SECTION,
      shows: `text that isn't UTF-8 is refused in fragments of one byte: ${name}`,
      steps: [send(...fragments(Opcode.Text, inText, 1))],
      outcome: refused,
    },
    ...(impossible.length > 0 ? early : []),
  ];
});

const mixed = "Straße, 한글, 🚀, z̷ — ".repeat(2400);

export const utf8: readonly WireCase[] = [
  ...valid,
  ...invalid,
  ...[1, 2, 3, 5, 61, 4093].map(
    (size): WireCase => ({
      id: `utf8/long/fragments-of-${size}`,
      section: SECTION,
      shows: `a long text of all sequence lengths in fragments of ${size} bytes`,
      steps: [
        send(...fragments(Opcode.Text, mixed.slice(0, size < 5 ? 4000 : undefined), size)),
        echoed(mixed.slice(0, size < 5 ? 4000 : undefined)),
      ],
      outcome: goesOn,
    }),
  ),
  ...[7, 997, 4093].map(
    (cut): WireCase => ({
      id: `utf8/long/packets-of-${cut}`,
      section: SECTION,
      shows: `a long text of all sequence lengths in packets of ${cut} bytes`,
      steps: [
        sendCut(cut, text(mixed.slice(0, cut < 100 ? 4000 : undefined))),
        echoed(mixed.slice(0, cut < 100 ? 4000 : undefined)),
      ],
      outcome: goesOn,
    }),
  ),
  {
    id: "utf8/long/bad-byte-after-64-KiB",
    section: SECTION,
    shows: "a bad byte behind 64 KiB of good ones fails the connection before the frame's end",
    steps: [
      send(text(Buffer.concat([Buffer.from(textOf(65536)), Buffer.of(0xff)]), { declaredLength: 1_000_000 })),
    ],
    outcome: refused,
  },
  {
    id: "utf8/long/bad-byte-at-the-end",
    section: SECTION,
    shows: "a bad last byte of a long text is found",
    steps: [sendCut(10_000, text(Buffer.concat([Buffer.from(textOf(65536)), Buffer.of(0xff)])))],
    outcome: refused,
  },
  {
    id: "utf8/ping-within-sequence",
    section: SECTION,
    shows: "a ping between the fragments of one code point disturbs neither",
    steps: [
      send(text(Uint8Array.of(0xf0, 0x9f), NO_FIN), ping("p"), continuation(Uint8Array.of(0x9a, 0x80))),
      ponged("p"),
      echoed("\u{1f680}"),
    ],
    outcome: goesOn,
  },
  {
    id: "utf8/state-is-per-message",
    section: SECTION,
    shows: "an unfinished sequence isn't finished by the next message",
    steps: [send(text(Uint8Array.of(0xc3)), text(Uint8Array.of(0xa4)))],
    outcome: refused,
  },
  {
    id: "utf8/after-good-messages",
    section: SECTION,
    shows: "good messages before a bad one are delivered",
    steps: [send(text("good"), text("ä"), text(Uint8Array.of(0xff))), echoed("good"), echoed("ä")],
    outcome: refused,
  },
  {
    id: "utf8/unfinished-in-empty-last-fragment",
    section: SECTION,
    shows: "a sequence left open at an empty last fragment is refused",
    steps: [send(text(Uint8Array.of(0xe2, 0x82), NO_FIN), continuation(""))],
    outcome: refused,
  },
  {
    id: "utf8/binary",
    section: "[6455] 5.6",
    shows: "binary messages and pings may hold any bytes",
    steps: [
      send(binary(Uint8Array.of(0xff, 0xc0, 0x80))),
      echoed(Uint8Array.of(0xff, 0xc0, 0x80)),
      send(ping(Uint8Array.of(0xed, 0xa0))),
      ponged(Uint8Array.of(0xed, 0xa0)),
    ],
    outcome: goesOn,
  },
];
