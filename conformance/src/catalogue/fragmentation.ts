import {
  binary,
  continuation,
  echoed,
  fails,
  fragments,
  goesOn,
  isCut,
  ping,
  pong,
  ponged,
  type Step,
  send,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { type Frame, Opcode } from "../peer/frame-codec.js";
import { bytesOf, textOf } from "./framing.js";

const SECTION = "[6455] 5.4";
const refused = fails(1002, "ERR_WS_FRAGMENTATION");
const NO_FIN = { fin: false };

/** The same frames in one packet, in a packet each, and byte by byte. */
function threeWays(
  id: string,
  shows: string,
  frames: Frame[],
  after: Step[],
  outcome: WireCase["outcome"],
): WireCase[] {
  const ways: Record<string, Step[]> = {
    "one-packet": [send(...frames)],
    "packet-each": frames.map((frame) => send(frame)),
    "byte-by-byte": [sendCut(1, ...frames)],
  };
  return Object.entries(ways).map(([way, steps]) => ({
    id: `fragmentation/${id}/${way}`,
    section: SECTION,
    shows,
    steps: [...steps, ...after],
    outcome,
  }));
}

const legal: WireCase[] = [
  ...threeWays(
    "two",
    "two fragments are one message",
    [text("fragment1", NO_FIN), continuation("fragment2")],
    [echoed("fragment1fragment2")],
    goesOn,
  ),
  ...threeWays(
    "two-binary",
    "two binary fragments are one binary message",
    [binary("fragment1", NO_FIN), continuation("fragment2")],
    [echoed(Buffer.from("fragment1fragment2"))],
    goesOn,
  ),
  ...threeWays(
    "ping-between",
    "a ping between fragments is answered before the message is whole",
    [text("fragment1", NO_FIN), ping("ping"), continuation("fragment2")],
    [ponged("ping"), echoed("fragment1fragment2")],
    goesOn,
  ),
  ...threeWays(
    "pings-and-pongs-between",
    "control frames between all fragments disturb nothing",
    [
      text("a", NO_FIN),
      ping("1"),
      continuation("b", NO_FIN),
      pong("x"),
      ping("2"),
      continuation("c", NO_FIN),
      ping("3"),
      continuation("d"),
    ],
    [ponged("1"), ponged("2"), ponged("3"), echoed("abcd")],
    goesOn,
  ),
  ...threeWays(
    "empty-all",
    "fragments that are all empty make an empty message",
    [text("", NO_FIN), continuation("", NO_FIN), continuation("")],
    [echoed("")],
    goesOn,
  ),
  ...threeWays(
    "empty-first",
    "an empty first fragment",
    [text("", NO_FIN), continuation("Hello", NO_FIN), continuation(" world")],
    [echoed("Hello world")],
    goesOn,
  ),
  ...threeWays(
    "empty-middle",
    "an empty fragment in the middle",
    [text("Hello", NO_FIN), continuation("", NO_FIN), continuation(" world")],
    [echoed("Hello world")],
    goesOn,
  ),
  ...threeWays(
    "empty-last",
    "an empty last fragment",
    [text("Hello", NO_FIN), continuation(" world", NO_FIN), continuation("")],
    [echoed("Hello world")],
    goesOn,
  ),
  ...threeWays(
    "empty-binary",
    "empty binary fragments make an empty binary message",
    [binary("", NO_FIN), continuation("")],
    [echoed(Buffer.alloc(0))],
    goesOn,
  ),
  ...threeWays(
    "several-messages",
    "fragmented and whole messages in turn keep their types and borders",
    [text("a", NO_FIN), continuation("b"), binary("c"), binary("d", NO_FIN), continuation("e"), text("f")],
    [echoed("ab"), echoed(Buffer.from("c")), echoed(Buffer.from("de")), echoed("f")],
    goesOn,
  ),
];

const sized = [1, 2, 3, 64, 125, 126, 1000].flatMap((size): WireCase[] => [
  {
    id: `fragmentation/fragments-of-${size}/text`,
    section: SECTION,
    shows: `a text of 3000 bytes in fragments of ${size}`,
    steps: [send(...fragments(Opcode.Text, textOf(3000), size)), echoed(textOf(3000))],
    outcome: goesOn,
  },
  {
    id: `fragmentation/fragments-of-${size}/binary`,
    section: SECTION,
    shows: `a binary of 3000 bytes in fragments of ${size}, a ping after each`,
    steps: [
      send(
        ...fragments(Opcode.Binary, bytesOf(3000), size).flatMap((frame) =>
          frame.fin ? [frame] : [frame, pong("x")],
        ),
      ),
      echoed(bytesOf(3000)),
    ],
    outcome: goesOn,
  },
]);

const illegal: WireCase[] = [
  ...threeWays(
    "continuation-first",
    "a continuation without a start is refused",
    [continuation("Hello"), text("Hello")],
    [],
    refused,
  ),
  ...threeWays(
    "continuation-first-no-fin",
    "a continuation without a start and without FIN is refused",
    [continuation("Hello", NO_FIN), text("Hello")],
    [],
    refused,
  ),
  ...threeWays(
    "continuation-first-empty",
    "an empty continuation without a start is refused",
    [continuation("")],
    [],
    refused,
  ),
  ...threeWays(
    "continuation-after-message",
    "a continuation after a whole message is refused",
    [text("Hello"), continuation("more")],
    [echoed("Hello")],
    refused,
  ),
  ...threeWays(
    "continuation-after-fragments",
    "a continuation after the last fragment is refused",
    [text("Hel", NO_FIN), continuation("lo"), continuation("more")],
    [echoed("Hello")],
    refused,
  ),
  ...threeWays(
    "continuation-after-ping",
    "a ping doesn't start a message that could be continued",
    [ping("1"), continuation("more")],
    [ponged("1")],
    refused,
  ),
  ...threeWays(
    "text-in-text",
    "a text frame within a fragmented text is refused",
    [text("Hel", NO_FIN), text("lo")],
    [],
    refused,
  ),
  ...threeWays(
    "binary-in-text",
    "a binary frame within a fragmented text is refused",
    [text("Hel", NO_FIN), binary("lo")],
    [],
    refused,
  ),
  ...threeWays(
    "text-in-binary",
    "a text frame within a fragmented binary is refused",
    [binary("Hel", NO_FIN), text("lo", NO_FIN)],
    [],
    refused,
  ),
  ...threeWays(
    "text-after-empty-fragment",
    "a text frame after an empty first fragment is refused",
    [text("", NO_FIN), text("Hello")],
    [],
    refused,
  ),
  {
    id: "fragmentation/continuation-first/header-alone",
    section: SECTION,
    shows: "a continuation without a start is refused before its payload comes",
    steps: [send(continuation("", { declaredLength: 1000 }))],
    outcome: refused,
  },
  {
    id: "fragmentation/cut-within-message",
    section: "[6455] 7.1.5",
    shows: "the end of the connection within a fragmented message delivers nothing of it",
    steps: [send(text("Hel", NO_FIN)), { step: "peer ends" }],
    outcome: isCut,
  },
  {
    id: "fragmentation/cut-within-frame",
    section: "[6455] 7.1.5",
    shows: "the end of the connection within a frame delivers nothing of it",
    steps: [send(text("Hel", { declaredLength: 5 })), { step: "peer ends" }],
    outcome: isCut,
  },
];

export const fragmentation: readonly WireCase[] = [...legal, ...sized, ...illegal];
