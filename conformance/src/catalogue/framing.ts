import {
  binary,
  echoed,
  goesOn,
  objectSends,
  received,
  send,
  sendCut,
  text,
  type WireCase,
} from "../case.js";

const SIZES = [0, 1, 2, 124, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537];
/** Bytes a packet: down to one where that stays short. */
function cutsFor(size: number): number[] {
  return size <= 256 ? [1, 2, 7] : [997, 4096, 65536];
}

export function textOf(size: number): string {
  return "The quick brown fox jumps over the lazy dog. ".repeat(size / 45 + 1).slice(0, size);
}
export function bytesOf(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => (at * 167 + (at >> 8)) & 0xff);
}

function ofSize(size: number): WireCase[] {
  const types = [
    { type: "text", frame: text(textOf(size)), data: textOf(size) },
    { type: "binary", frame: binary(bytesOf(size)), data: bytesOf(size) },
  ];
  return types.flatMap(({ type, frame, data }) => [
    {
      id: `framing/${type}/${size}`,
      section: "[6455] 5.2",
      shows: `a ${type} message of ${size} bytes goes both ways`,
      steps: [send(frame), echoed(data)],
      outcome: goesOn,
    },
    ...cutsFor(size).map((cut) => ({
      id: `framing/${type}/${size}/packets-of-${cut}`,
      section: "[6455] 5.2",
      shows: `a ${type} message of ${size} bytes in packets of ${cut} bytes`,
      steps: [sendCut(cut, frame), echoed(data)],
      outcome: goesOn,
    })),
  ]);
}

const EVERY_SMALL_SIZE = Array.from({ length: 131 }, (_, size) => size);

export const framing: readonly WireCase[] = [
  ...SIZES.flatMap(ofSize),
  {
    id: "framing/every-small-size/one-packet",
    section: "[6455] 5.2",
    shows: "messages of 0 to 130 bytes, all in one packet, keep order and size",
    steps: [
      send(...EVERY_SMALL_SIZE.map((size) => binary(bytesOf(size)))),
      ...EVERY_SMALL_SIZE.map((size) => echoed(bytesOf(size))),
    ],
    outcome: goesOn,
  },
  {
    id: "framing/every-small-size/packets-of-13",
    section: "[6455] 5.2",
    shows: "messages of 0 to 130 bytes, cut without regard to frames, keep order and size",
    steps: [
      sendCut(13, ...EVERY_SMALL_SIZE.map((size) => text(textOf(size)))),
      ...EVERY_SMALL_SIZE.map((size) => echoed(textOf(size))),
    ],
    outcome: goesOn,
  },
  {
    id: "framing/text-and-binary-in-turn",
    section: "[6455] 5.6",
    shows: "text stays text and binary stays binary, message by message",
    steps: [
      send(text("a"), binary("b"), text("c"), binary("d")),
      echoed("a"),
      echoed(Buffer.from("b")),
      echoed("c"),
      echoed(Buffer.from("d")),
    ],
    outcome: goesOn,
  },
  {
    id: "framing/object-sends-every-size",
    section: "[6455] 5.2",
    shows: "the object writes each length in its shortest form",
    steps: SIZES.flatMap((size) => [objectSends(bytesOf(size)), received(bytesOf(size))]),
    outcome: goesOn,
  },
];
