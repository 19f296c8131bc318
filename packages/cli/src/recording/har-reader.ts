import { maskHeaders, maskUrl } from "openline/tracing";
import { fromBase64 } from "./base64.js";
import type { EndEvent, FrameEvent, Headers, RequestEvent, ResponseEvent } from "./connection-event.js";
import { fromDateTime, toMicroseconds, toMilliseconds } from "./har.js";
import { HarError, parsedValue, type Value } from "./har-value.js";
import type { RecordedConnection } from "./recorded-connection.js";

// No Node module here: the page imports it, too.

/** What an archive says of WebSockets. */
export interface HarRecording {
  /** The program that has written it. */
  readonly creator: string;
  /** Numbered from 1, in the order of the archive. */
  readonly connections: readonly HarConnection[];
  /** Entries that are about something else. */
  readonly otherEntries: number;
}

export interface HarConnection extends RecordedConnection {
  readonly frames: readonly FrameEvent[];
}

/**
 * Reads an archive of ours, of Chrome's developer tools, or of another program that writes `_webSocketMessages`. What may
 * be a credential is masked.
 * @throws HarError that names the place and what is wrong there.
 */
export function readHar(text: string): HarRecording {
  const log = parsedValue(text).field("log");
  const entries = log.field("entries").items();
  const connections: HarConnection[] = [];
  for (const entry of entries) {
    const isWebSocket =
      entry.optional("_resourceType")?.value === "websocket" ||
      entry.optional("_webSocketMessages") !== undefined;
    if (isWebSocket) connections.push(readEntry(entry, connections.length + 1));
  }
  const creator = log.optional("creator")?.optional("name")?.text() ?? "";
  return { creator, connections, otherEntries: entries.length - connections.length };
}

function readEntry(entry: Value, connection: number): HarConnection {
  const started = entry.field("startedDateTime");
  const start = fromDateTime(started.text());
  if (Number.isNaN(start)) throw started.wrong("a date and time of ISO 8601");
  const clock = new Clock();
  const request = readRequest(entry.field("request"), { connection, time: clock.at(start) });
  const { frames: read, error } = readFrames(entry, connection);
  const answered = answerTime(entry, start);
  // Chrome's timings end a little after the first messages.
  const time = clock.at(Math.min(answered, read[0]?.time ?? answered));
  const response = readResponse(entry.field("response"), { connection, time });
  const frames = read.map((frame) => ({ ...frame, time: clock.at(frame.time) }));
  const end = readEnd(entry, connection, clock) ?? endWithError(error, connection, clock);
  return { connection, request, response, frames, end };
}

/** A connection's times never go back, whatever an archive says. */
class Clock {
  #time = 0;

  at(time: number): number {
    this.#time = Math.max(this.#time, time);
    return this.#time;
  }
}

interface Base {
  readonly connection: number;
  readonly time: number;
}

/** `undefined` where the recording has none. */
function readRequest(value: Value, base: Base): RequestEvent | undefined {
  const url = value.field("url");
  const method = value.field("method").text();
  if (url.text() === "" && method === "") return undefined;
  if (!URL.canParse(url.text())) throw url.wrongSecret("a URL");
  const address = maskUrl(url.text().replace(/^http(?=s?:)/i, "ws"));
  return { ...base, kind: "request", url: address, method, headers: readHeaders(value) };
}

function readResponse(value: Value, base: Base): ResponseEvent | undefined {
  const status = value.field("status").integer();
  if (status <= 0) return undefined;
  const statusText = value.optional("statusText")?.text() ?? "";
  const given = value.optional("httpVersion")?.text() ?? "";
  const httpVersion = /^(?:h2|http\/2)/i.test(given)
    ? "2.0"
    : (/^http\/(\d\.\d)$/i.exec(given)?.[1] ?? "1.1");
  return { ...base, kind: "response", status, statusText, httpVersion, headers: readHeaders(value) };
}

function readHeaders(value: Value): Headers {
  const headers = value.optional("headers")?.items() ?? [];
  return maskHeaders(headers.map((header) => [header.field("name").text(), header.field("value").text()]));
}

function answerTime(entry: Value, start: number): number {
  const timings = entry.optional("timings");
  let time = start;
  for (const phase of ["blocked", "dns", "connect", "send", "wait"]) {
    // -1 stands for a phase that there wasn't.
    time += Math.max(timings?.optional(phase)?.number() ?? 0, 0);
  }
  return toMicroseconds(time);
}

/** The frames, and what Chrome says went wrong among them. */
function readFrames(
  entry: Value,
  connection: number,
): { frames: FrameEvent[]; error?: { text: string; time: number } } {
  const frames: FrameEvent[] = [];
  const fragments = entry.optional("_fragments")?.items() ?? [];
  const messages = entry.optional("_webSocketMessages")?.items() ?? [];
  let error: { text: string; time: number } | undefined;
  let nextFragment = 0;
  for (let index = 0; index <= messages.length; index++) {
    for (; nextFragment < fragments.length; nextFragment++) {
      const fragment = fragments[nextFragment];
      if (fragment === undefined || fragment.field("index").integer() > index) break;
      frames.push(readFragment(fragment, connection));
    }
    const message = messages[index];
    if (message === undefined) continue;
    if (message.field("type").value === "error") {
      error = { text: message.field("data").text(), time: timeOf(message) };
    } else frames.push(readMessage(message, connection));
  }
  return error === undefined ? { frames } : { frames, error };
}

function readMessage(message: Value, connection: number): FrameEvent {
  const opcode = message.field("opcode").integer();
  const payload = readPayload(message.field("data"), opcode);
  const size = typeof payload === "string" ? new TextEncoder().encode(payload).length : payload.length;
  return {
    kind: "frame",
    connection,
    time: timeOf(message),
    direction: directionOf(message),
    opcode: message.optional("_opcode")?.integer() ?? opcode,
    fin: true,
    compressed: message.optional("_compressed")?.boolean() ?? false,
    length: message.optional("_length")?.integer() ?? size,
    payload,
  };
}

function readPayload(data: Value, opcode: number): string | Uint8Array {
  const text = data.text();
  if (opcode === 1) return text;
  const bytes = fromBase64(text);
  if (bytes === undefined) throw data.wrong("Base64, since its opcode isn't 1");
  return bytes;
}

function readFragment(fragment: Value, connection: number): FrameEvent {
  return {
    kind: "frame",
    connection,
    time: timeOf(fragment),
    direction: directionOf(fragment),
    opcode: fragment.field("opcode").integer(),
    fin: fragment.field("fin").boolean(),
    compressed: fragment.optional("compressed")?.boolean() ?? false,
    length: fragment.field("length").integer(),
  };
}

function timeOf(value: Value): number {
  return toMilliseconds(value.field("time").number());
}

function directionOf(value: Value): FrameEvent["direction"] {
  const type = value.field("type");
  if (type.value === "send") return "sent";
  if (type.value === "receive") return "received";
  throw type.wrong('"send" or "receive"');
}

function readEnd(entry: Value, connection: number, clock: Clock): EndEvent | undefined {
  const end = entry.optional("_end");
  if (end === undefined) return undefined;
  const error = end.optional("error")?.text();
  return {
    kind: "end",
    connection,
    time: clock.at(timeOf(end)),
    code: end.field("code").integer(),
    reason: end.field("reason").text(),
    wasClean: end.field("wasClean").boolean(),
    ...(error === undefined ? {} : { error }),
  };
}

/** Chrome doesn't say how a connection ended, unless it failed. */
function endWithError(
  error: { text: string; time: number } | undefined,
  connection: number,
  clock: Clock,
): EndEvent | undefined {
  if (error === undefined) return undefined;
  const time = clock.at(error.time);
  return { kind: "end", connection, time, code: 1006, reason: "", wasClean: false, error: error.text };
}

export { HarError };
