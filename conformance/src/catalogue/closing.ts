import {
  close,
  closeReceived,
  closes,
  continuation,
  echoed,
  fails,
  isCut,
  objectCloses,
  objectSends,
  ping,
  received,
  send,
  sendCut,
  text,
  type WireCase,
} from "../case.js";
import { Opcode } from "../peer/frame-codec.js";
import { INVALID_SEQUENCES } from "./utf8-sequences.js";

const CLOSE = "[6455] 5.5.1";
const CODES = "[6455] 7.4";
const refused = fails(1002, "ERR_WS_CLOSE_FRAME");
const VALID_CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const INVALID_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 5001, 65535];
const longestReason = "*".repeat(123);

const codes: readonly WireCase[] = [
  ...VALID_CODES.flatMap((code): WireCase[] => [
    {
      id: `closing/code/${code}`,
      section: CODES,
      shows: `a close frame with ${code} is answered with the same code`,
      steps: [send(close(code))],
      outcome: closes(code, code),
    },
    {
      id: `closing/code/${code}/reason`,
      section: CODES,
      shows: `a close frame with ${code} and a reason: both stand in the event`,
      steps: [send(close(code, "the reason"))],
      outcome: closes(code, code, "the reason"),
    },
  ]),
  ...INVALID_CODES.map(
    (code): WireCase => ({
      id: `closing/code/${code}`,
      section: CODES,
      shows: `a close frame with ${code}, which may not be sent, is refused`,
      steps: [send(close(code, "the reason"))],
      outcome: refused,
    }),
  ),
];

const bodies: readonly WireCase[] = [
  {
    id: "closing/no-body",
    section: CLOSE,
    shows: "a close frame without a body is answered without a body, and the event says 1005",
    steps: [send(close())],
    outcome: closes(null, 1005),
  },
  {
    id: "closing/one-byte",
    section: CLOSE,
    shows: "a close frame with half a code is refused",
    steps: [send({ opcode: Opcode.Close, payload: Uint8Array.of(0x03) })],
    outcome: refused,
  },
  {
    id: "closing/byte-by-byte",
    section: CLOSE,
    shows: "a close frame may come byte by byte",
    steps: [sendCut(1, close(3001, "slowly"))],
    outcome: closes(3001, 3001, "slowly"),
  },
  ...["x", "grüß", "잘 가", longestReason, "ä".repeat(61)].map(
    (reason): WireCase => ({
      id: `closing/reason/${Buffer.byteLength(reason)}-bytes`,
      section: CLOSE,
      shows: `a reason of ${Buffer.byteLength(reason)} bytes stands in the event`,
      steps: [send(close(1000, reason))],
      outcome: closes(1000, 1000, reason),
    }),
  ),
  {
    id: "closing/reason/124-bytes",
    section: "[6455] 5.5",
    shows: "a reason of 124 bytes makes the control frame too long",
    steps: [send(close(1000, `${longestReason}*`))],
    outcome: fails(1002, "ERR_WS_CONTROL_FRAME"),
  },
  ...INVALID_SEQUENCES.map(
    ({ name, possible, impossible }): WireCase => ({
      id: `closing/reason/invalid-utf-8/${name}`,
      section: "[6455] 8.1",
      shows: `a reason that isn't UTF-8 is refused: ${name}`,
      steps: [send(close(1000, Buffer.concat([Buffer.from("so: "), possible, impossible])))],
      outcome: fails(1007, "ERR_WS_INVALID_UTF8"),
    }),
  ),
  {
    id: "closing/reason/bom",
    section: CLOSE,
    shows: "a reason keeps its byte order mark",
    steps: [send(close(1000, "\u{feff}x"))],
    outcome: closes(1000, 1000, "\u{feff}x"),
  },
];

const order: readonly WireCase[] = [
  {
    id: "closing/data-after",
    section: CLOSE,
    shows: "a message behind a close frame is not delivered",
    steps: [send(close(1000), text("late"))],
    outcome: closes(1000, 1000),
  },
  {
    id: "closing/nonsense-after",
    section: CLOSE,
    shows: "bytes behind a close frame are not looked at",
    steps: [send(close(1000, "bye"), { opcode: 5, rsv: 7, payload: "nonsense" })],
    outcome: closes(1000, 1000, "bye"),
  },
  {
    id: "closing/ping-after",
    section: CLOSE,
    shows: "a ping behind a close frame is not answered",
    steps: [send(close(1000), ping("late"))],
    outcome: closes(1000, 1000),
  },
  {
    id: "closing/two-close-frames",
    section: CLOSE,
    shows: "a second close frame changes nothing",
    steps: [send(close(3000, "first"), close(3001, "second"))],
    outcome: closes(3000, 3000, "first"),
  },
  {
    id: "closing/within-message",
    section: "[6455] 5.4",
    shows: "a close frame between fragments closes cleanly and delivers nothing of the message",
    steps: [send(text("Hel", { fin: false }), close(1001), continuation("lo"))],
    outcome: closes(1001, 1001),
  },
  {
    id: "closing/after-messages",
    section: CLOSE,
    shows: "messages before the close frame, in the same packet, are delivered and answered",
    steps: [send(text("one"), text("two"), close(1000)), echoed("one"), echoed("two")],
    outcome: closes(1000, 1000),
  },
];

const byObject: readonly WireCase[] = [
  ...[1000, 3000, 3999, 4000, 4999].map(
    (code): WireCase => ({
      id: `closing/object/${code}`,
      section: "[6455] 7.1.2",
      shows: `close(${code}, reason) sends that code and reason`,
      steps: [
        objectCloses(code, "grüß dich"),
        closeReceived(code, "grüß dich"),
        send(close(code, "grüß dich")),
      ],
      outcome: closes("sent already", code, "grüß dich"),
    }),
  ),
  {
    id: "closing/object/no-code",
    section: "[WS] close(code, reason)",
    shows: "close() sends a close frame without a body",
    steps: [objectCloses(), closeReceived(), send(close())],
    outcome: closes("sent already", 1005),
  },
  {
    id: "closing/object/no-code/answered-with-code",
    section: "[6455] 7.1.5",
    shows: "the code that the peer answers with stands in the event",
    steps: [objectCloses(), closeReceived(), send(close(1001, "going"))],
    outcome: closes("sent already", 1001, "going"),
  },
  {
    id: "closing/object/answered-otherwise",
    section: "[6455] 7.1.5",
    shows: "the peer's code and reason count, not the object's own",
    steps: [objectCloses(3000, "mine"), closeReceived(3000, "mine"), send(close(4000, "yours"))],
    outcome: closes("sent already", 4000, "yours"),
  },
  {
    id: "closing/object/answered-without-body",
    section: "[6455] 7.1.5",
    shows: "an answer without a body makes the event say 1005",
    steps: [objectCloses(3000, "mine"), closeReceived(3000, "mine"), send(close())],
    outcome: closes("sent already", 1005),
  },
  {
    id: "closing/object/longest-reason",
    section: "[6455] 5.5",
    shows: "a reason of 123 bytes just fits",
    steps: [objectCloses(1000, longestReason), closeReceived(1000, longestReason), send(close(1000))],
    outcome: closes("sent already", 1000),
  },
  {
    id: "closing/object/after-sending",
    section: "[WS] close(code, reason)",
    shows: "what was sent before close() goes out before the close frame",
    steps: [
      objectSends("one"),
      objectSends("two"),
      objectCloses(1000),
      received("one"),
      received("two"),
      closeReceived(1000),
      send(close(1000)),
    ],
    outcome: closes("sent already", 1000),
  },
  {
    id: "closing/object/peer-sends-on",
    section: "[6455] 1.4",
    shows: "messages that come while the object waits for the peer's close frame don't break the handshake",
    steps: [objectCloses(1000), closeReceived(1000), send(text("crossing"), close(1000))],
    outcome: closes("sent already", 1000),
  },
  {
    id: "closing/object/bad-answer",
    section: CODES,
    shows: "an answer with a code that may not be sent isn't a clean end",
    steps: [objectCloses(1000), closeReceived(1000), send(close(1005)), { step: "peer ends" }],
    outcome: isCut,
  },
  {
    id: "closing/object/peer-ends-instead",
    section: "[6455] 7.1.5",
    shows: "the end of the connection without the peer's close frame is not clean",
    steps: [objectCloses(1000), closeReceived(1000), { step: "peer ends" }],
    outcome: isCut,
  },
  {
    id: "closing/peer-ends",
    section: "[6455] 7.1.5",
    shows: "the end of the connection without a close frame is 1006",
    steps: [send(text("Hello")), echoed("Hello"), { step: "peer ends" }],
    outcome: isCut,
  },
  {
    id: "closing/peer-resets",
    section: "[6455] 7.1.5",
    shows: "a connection reset is 1006",
    steps: [send(text("Hello")), echoed("Hello"), { step: "peer resets" }],
    outcome: isCut,
  },
];

export const closing: readonly WireCase[] = [...codes, ...bodies, ...order, ...byObject];
