import ansis, { type Ansis } from "ansis";
import { connectionInfo, type WebSocket } from "openline";
import { hexView } from "../terminal/hex-view.js";
import { type JsonToken, layOutJson } from "../terminal/json-layout.js";
import { formatBytes, formatDuration, formatTime, now } from "../terminal/quantities.js";
import { visibleLine, visibleLines } from "../terminal/visible-text.js";
import type { End } from "./conversation.js";
import { shortEnd } from "./failure.js";

// How what happens looks on a terminal: a sign, the time, what it is, its size; then the content, below it where it has
// several lines. Signs and words tell everything apart; colours only help.

/** Bytes and characters of a message that are shown. */
const mostBytes = 4096;
const mostCharacters = 16_384;

interface Kind {
  readonly sign: string;
  readonly colour: Ansis;
}

const kinds = {
  received: { sign: "←", colour: ansis.cyan },
  sent: { sign: "→", colour: ansis.green },
  state: { sign: "●", colour: ansis.yellow },
  closed: { sign: "○", colour: ansis.yellow },
  failed: { sign: "✗", colour: ansis.red },
  heartbeat: { sign: "◇", colour: ansis.magenta },
  note: { sign: "·", colour: ansis.gray },
} as const satisfies Record<string, Kind>;

const jsonColours: Readonly<Record<JsonToken, Ansis>> = {
  key: ansis.blue,
  string: ansis.green,
  number: ansis.yellow,
  word: ansis.magenta,
  punctuation: ansis.gray,
};

function entry(kind: Kind, what: string, detail: string, below: readonly string[] = []): string {
  const { sign, colour } = kind;
  const head =
    `${colour(sign)} ${ansis.gray(formatTime(now()))} ${colour(what.padEnd(7))} ${detail}`.trimEnd();
  return [head, ...below.map((line) => `    ${line}`)].join("\n");
}

/** @param isJsonLaidOut whether JSON is indented. */
export function received(data: string | ArrayBuffer, isJsonLaidOut: boolean): string {
  return message(kinds.received, data, isJsonLaidOut);
}

/** What was sent otherwise than as it was typed. */
export function sent(data: string | Uint8Array<ArrayBuffer>): string {
  return message(kinds.sent, typeof data === "string" ? data : data.slice().buffer, false);
}

function message(kind: Kind, data: string | ArrayBuffer, isJsonLaidOut: boolean): string {
  if (typeof data !== "string") {
    const rows = hexView(new Uint8Array(data, 0, Math.min(data.byteLength, mostBytes)));
    const rest = data.byteLength - mostBytes;
    return entry(kind, "binary", size(data.byteLength), [...rows, ...more(rest, formatBytes(rest))]);
  }
  const bytes = size(Buffer.byteLength(data));
  const paint = (part: string, type: JsonToken): string => jsonColours[type](visibleLine(part));
  const json = isJsonLaidOut && data.length <= mostCharacters ? layOutJson(data, paint) : undefined;
  if (json !== undefined) {
    const [only = ""] = json;
    return json.length === 1 ? entry(kind, "text", `${bytes} ${only}`) : entry(kind, "text", bytes, json);
  }
  const rest = data.length - mostCharacters;
  const lines = visibleLines(data.slice(0, mostCharacters));
  const [only = ""] = lines;
  if (lines.length === 1 && rest <= 0) return entry(kind, "text", `${bytes} ${only}`);
  return entry(kind, "text", bytes, [...lines, ...more(rest, `${rest} characters`)]);
}

function size(bytes: number): string {
  return ansis.gray(formatBytes(bytes).padStart(8));
}

function more(rest: number, what: string): string[] {
  return rest > 0 ? [ansis.gray(`… ${what} more`)] : [];
}

export function ping(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString("latin1");
  return entry(kinds.heartbeat, "ping", payload.length === 0 ? "" : JSON.stringify(visibleLine(text)));
}

export function pong(milliseconds: number): string {
  return entry(kinds.heartbeat, "pong", `after ${formatDuration(milliseconds)}`);
}

export function connecting(url: string): string {
  return entry(kinds.state, "connect", visibleLine(url));
}

export function opened({ protocol, extensions }: WebSocket): string {
  const [extension = ""] = extensions.split(";");
  const details = [protocol === "" ? "" : `subprotocol ${protocol}`, extension].filter((part) => part !== "");
  return entry(kinds.state, "open", visibleLine(details.join(", ")));
}

export function closing(code: number, reason: string): string {
  return entry(kinds.state, "closing", visibleLine(`${code} ${reason}`.trim()));
}

export function closed({ code, reason, wasClean }: End): string {
  const what = `code ${code}, reason ${JSON.stringify(reason)}, wasClean ${wasClean}`;
  return entry(wasClean ? kinds.closed : kinds.failed, "close", visibleLine(what));
}

export function reconnecting(attempt: number, delay: number, end: End): string {
  return entry(
    kinds.closed,
    "down",
    visibleLine(`${shortEnd(end)}; attempt ${attempt} in ${formatDuration(delay)}`),
  );
}

/** Something to know. */
export function note(text: string, below: readonly string[] = []): string {
  const { sign, colour } = kinds.note;
  return [`${colour(sign)} ${visibleLine(text)}`, ...below.map((line) => `    ${line}`)].join("\n");
}

/** Something that could not be done. */
export function mistake(text: string): string {
  return `${kinds.failed.colour(kinds.failed.sign)} ${visibleLine(text)}`;
}

const states = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const;

/** All there is to know of the object and of its connection. */
export function state(
  readyState: 0 | 1 | 2 | 3,
  bufferedAmount: number,
  connection: WebSocket | undefined,
  url: string,
): string {
  const rows: [name: string, value: string][] = [
    ["readyState", `${readyState} ${states[readyState]}`],
    ["url", url],
    ["bufferedAmount", formatBytes(bufferedAmount)],
  ];
  if (connection !== undefined) {
    const info = connectionInfo(connection);
    const { tls } = info;
    rows.push(
      ["protocol", connection.protocol || "none"],
      ["extensions", connection.extensions || "none"],
      ["peer", info.remoteAddress === undefined ? "" : `${info.remoteAddress} port ${info.remotePort}`],
      ["HTTP", info.httpVersion ?? ""],
      [
        "TLS",
        tls === undefined
          ? "none"
          : `${tls.protocol}, ${tls.cipher.name}, ${tls.authorized ? "" : "not "}verified`,
      ],
      ["sent", `${info.messagesSent} messages, ${formatBytes(info.bytesSent)} on the wire`],
      ["received", `${info.messagesReceived} messages, ${formatBytes(info.bytesReceived)} on the wire`],
    );
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  const shown = rows.filter(([, value]) => value !== "");
  return shown
    .map(([name, value]) => `    ${ansis.gray(name.padEnd(width))}  ${visibleLine(value)}`)
    .join("\n");
}
