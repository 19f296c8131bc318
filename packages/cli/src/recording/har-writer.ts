import { toBase64 } from "./base64.js";
import type { EndEvent, FrameEvent, Headers, RequestEvent, ResponseEvent } from "./connection-event.js";
import {
  type HarEntry,
  type HarFragment,
  type HarHeader,
  type HarMessage,
  toDateTime,
  toMicroseconds,
  toSeconds,
} from "./har.js";
import type { RecordedConnection } from "./recorded-connection.js";

// No Node module here: the page imports it, too.

/** Who has written an archive. */
export interface HarCreator {
  readonly name: string;
  readonly version: string;
}

/** Characters that are put together before they are given out. */
const pieceLength = 2 ** 16;

/** A HAR file in pieces: as large as the recording may be, no more than a piece of it is in memory. */
export function* harText(creator: HarCreator, connections: Iterable<RecordedConnection>): Generator<string> {
  let text = `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`;
  let isFirst = true;
  for (const connection of connections) {
    text += isFirst ? "\n" : ",\n";
    isFirst = false;
    for (const piece of entryText(connection)) {
      text += piece;
      if (text.length < pieceLength) continue;
      yield text;
      text = "";
    }
  }
  yield `${text}\n]}}\n`;
}

function* entryText(connection: RecordedConnection): Generator<string> {
  const head = JSON.stringify(entryOf(connection));
  yield `${head.slice(0, -1)},"_webSocketMessages":[`;
  let messages = 0;
  let fragments = 0;
  for (const frame of connection.frames) {
    const message = messageOf(frame);
    if (message === undefined) fragments++;
    else yield `${messages++ === 0 ? "\n" : ",\n"}${JSON.stringify(message)}`;
  }
  yield "]";
  if (fragments > 0) yield* fragmentsText(connection.frames);
  if (connection.end !== undefined) yield `,"_end":${JSON.stringify(endOf(connection.end))}`;
  yield "}";
}

/** Most connections have none, so they are worth a second walk where there are some. */
function* fragmentsText(frames: Iterable<FrameEvent>): Generator<string> {
  yield ',"_fragments":[';
  let index = 0;
  let isFirst = true;
  for (const frame of frames) {
    if (frame.payload !== undefined) {
      index++;
      continue;
    }
    yield `${isFirst ? "\n" : ",\n"}${JSON.stringify(fragmentOf(frame, index))}`;
    isFirst = false;
  }
  yield "]";
}

type EntryHead = Omit<HarEntry, "_webSocketMessages" | "_fragments" | "_end">;

function entryOf({ request, response, frames, end }: RecordedConnection): EntryHead {
  const start = request?.time ?? response?.time ?? firstTime(frames) ?? end?.time ?? 0;
  const answered = response?.time ?? end?.time ?? start;
  const wait = toMicroseconds(answered - start);
  const receive = toMicroseconds((end?.time ?? answered) - answered);
  return {
    startedDateTime: toDateTime(start),
    time: toMicroseconds(wait + receive),
    request: requestOf(request, response),
    response: responseOf(response, end),
    cache: {},
    timings: { send: 0, wait, receive },
    _resourceType: "websocket",
  };
}

function firstTime(frames: Iterable<FrameEvent>): number | undefined {
  for (const { time } of frames) return time;
  return undefined;
}

/** An archive has no entry without a request: one that didn't come is empty. */
function requestOf(
  request: RequestEvent | undefined,
  response: ResponseEvent | undefined,
): HarEntry["request"] {
  const url = request?.url ?? "";
  return {
    method: request?.method ?? "",
    url,
    httpVersion: `HTTP/${response?.httpVersion ?? "1.1"}`,
    headers: harHeaders(request?.headers ?? []),
    queryString: URL.canParse(url) ? harHeaders([...new URL(url).searchParams]) : [],
    cookies: [],
    headersSize: -1,
    bodySize: 0,
  };
}

function responseOf(response: ResponseEvent | undefined, end: EndEvent | undefined): HarEntry["response"] {
  return {
    status: response?.status ?? 0,
    statusText: response?.statusText ?? "",
    httpVersion: response === undefined ? "" : `HTTP/${response.httpVersion}`,
    headers: harHeaders(response?.headers ?? []),
    cookies: [],
    content: { size: 0, mimeType: "x-unknown" },
    redirectURL: "",
    headersSize: -1,
    bodySize: -1,
    ...(end?.error === undefined ? {} : { _error: end.error }),
  };
}

function harHeaders(headers: Headers): HarHeader[] {
  return headers.map(([name, value]) => ({ name, value }));
}

function messageOf({
  direction,
  time,
  opcode,
  length,
  compressed,
  payload,
}: FrameEvent): HarMessage | undefined {
  if (payload === undefined) return undefined;
  const isText = typeof payload === "string";
  const shownOpcode = isText ? 1 : opcode < 2 ? 2 : opcode;
  const size = isText ? utf8Length(payload) : payload.length;
  return {
    type: typeOf(direction),
    time: toSeconds(time),
    opcode: shownOpcode,
    data: isText ? payload : toBase64(payload),
    ...(opcode === shownOpcode ? {} : { _opcode: opcode }),
    ...(length === size ? {} : { _length: length }),
    ...(compressed ? { _compressed: true } : {}),
  };
}

function fragmentOf(frame: FrameEvent, index: number): HarFragment {
  const { direction, time, opcode, fin, length, compressed } = frame;
  return {
    index,
    type: typeOf(direction),
    time: toSeconds(time),
    opcode,
    fin,
    length,
    ...(compressed ? { compressed } : {}),
  };
}

function endOf({ time, code, reason, wasClean, error }: EndEvent): NonNullable<HarEntry["_end"]> {
  return { time: toSeconds(time), code, reason, wasClean, ...(error === undefined ? {} : { error }) };
}

function typeOf(direction: FrameEvent["direction"]): HarMessage["type"] {
  return direction === "sent" ? "send" : "receive";
}

const encoder = new TextEncoder();

function utf8Length(text: string): number {
  return typeof Buffer === "undefined" ? encoder.encode(text).length : Buffer.byteLength(text);
}
