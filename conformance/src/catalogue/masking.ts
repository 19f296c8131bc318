import {
  binary,
  close,
  continuation,
  echoed,
  fails,
  goesOn,
  objectSends,
  ping,
  pong,
  received,
  send,
  text,
  type WireCase,
} from "../case.js";
import type { Frame } from "../peer/frame-codec.js";
import { bytesOf } from "./framing.js";

const FRAMES: Record<string, (masked: boolean) => Frame[]> = {
  text: (masked) => [text("Hello", { masked })],
  binary: (masked) => [binary("Hello", { masked })],
  empty: (masked) => [text("", { masked })],
  ping: (masked) => [ping("Hello", { masked })],
  pong: (masked) => [pong("Hello", { masked })],
  close: (masked) => [close(1000, "", { masked })],
  continuation: (masked) => [text("Hel", { fin: false }), continuation("lo", { masked })],
};

const wrongMasking = Object.entries(FRAMES).flatMap(([name, frames]): WireCase[] => [
  {
    id: `masking/masked-to-client/${name}`,
    section: "[6455] 5.1",
    shows: `a client refuses a masked frame: ${name}`,
    roles: ["client"],
    steps: [send(...frames(true))],
    outcome: fails(1002, "ERR_WS_MASK"),
  },
  {
    id: `masking/unmasked-to-server/${name}`,
    section: "[6455] 5.1",
    shows: `a server refuses an unmasked frame: ${name}`,
    roles: ["server"],
    steps: [send(...frames(false))],
    outcome: fails(1002, "ERR_WS_MASK"),
  },
]);

const KEYS = [0x00000000, 0xffffffff, 0x000000ff, 0xff000000, 0x80808080, 0x01020304];

const keys = KEYS.map((maskKey): WireCase => {
  const hex = maskKey.toString(16).padStart(8, "0");
  return {
    id: `masking/key/${hex}`,
    section: "[6455] 5.3",
    shows: `a server takes the mask key ${hex} off, whatever the payload's length`,
    roles: ["server"],
    steps: [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1001].flatMap((size) => [
      send(binary(bytesOf(size), { maskKey })),
      echoed(bytesOf(size)),
    ]),
    outcome: goesOn,
  };
});

export const masking: readonly WireCase[] = [
  ...wrongMasking,
  ...keys,
  {
    id: "masking/fresh-keys",
    section: "[6455] 5.3",
    shows: "a client masks each frame with a key of its own, and a server masks none",
    steps: Array.from({ length: 100 }, () => [
      objectSends("the same each time"),
      received("the same each time"),
    ]).flat(),
    outcome: goesOn,
  },
];
