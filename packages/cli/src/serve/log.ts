import { subscribe, unsubscribe } from "node:diagnostics_channel";
import process from "node:process";
import { blue, cyan, dim, green, red, yellow } from "ansis";
import { type CloseTrace, connectionInfo, type ErrorTrace, type FrameTrace } from "openline";
import { jsonLine } from "../connect/json-events.js";
import { shownUrl } from "../connect/shown-url.js";
import { formatBytes, formatTime, now } from "../terminal/quantities.js";
import { visibleLine } from "../terminal/visible-text.js";
import type { Client } from "./client.js";

/** An event of a connection, in the words of `--json`. */
export interface ServerEvent {
  readonly event: "connection" | "message" | "ping" | "pong" | "error" | "close";
  readonly connection: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a log is shown as. */
export type LogForm = "lines" | "json" | "nothing";

/** Characters of a message that are shown. */
const previewLength = 200;

/** Bytes of a binary message that are shown. */
const previewBytes = 32;

const ping = 0x9;
const pong = 0xa;

/**
 * Shows connections and what passes on them. It listens to the library's tracing, so it also sees what a script sends,
 * and costs nothing when it isn't wanted.
 */
export class Log {
  readonly #isJson: boolean;
  readonly #isWanted: boolean;
  readonly #numbers = new Map<number, number>();
  #pending = "";
  #isScheduled = false;

  constructor(form: LogForm) {
    this.#isWanted = form !== "nothing";
    this.#isJson = form === "json";
    if (!this.#isWanted) return;
    for (const [channel, handler] of this.#handlers) subscribe(channel, handler);
  }

  /** The first line. */
  listening(url: string, fingerprint: string | undefined): void {
    if (this.#isJson) this.#write(jsonLine({ event: "listening", url, fingerprint }, this.#isTerminal));
    else {
      this.#write(url);
      if (fingerprint !== undefined) this.#write(`certificate SHA-256 ${fingerprint}`);
    }
    this.flush();
  }

  connected({ number, socket, request }: Client): void {
    if (!this.#isWanted) return;
    const { id, remoteAddress, remotePort } = connectionInfo(socket);
    this.#numbers.set(id, number);
    const { url = "/", headers } = request;
    const { protocol } = socket;
    this.#show({
      event: "connection",
      connection: number,
      fields: { remoteAddress, remotePort, path: maskPath(url), protocol, origin: headers.origin },
    });
  }

  /** Says something about the server itself, or a script, on stderr. */
  complain(message: string): void {
    this.flush();
    process.stderr.write(`openline: ${visibleLine(message)}\n`);
  }

  /** Writes what was kept for a larger portion. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#pending === "") return;
    process.stdout.write(this.#pending);
    this.#pending = "";
  }

  end(): void {
    for (const [channel, handler] of this.#handlers) unsubscribe(channel, handler);
    this.flush();
  }

  get #isTerminal(): boolean {
    return process.stdout.isTTY === true;
  }

  readonly #handlers = new Map<string, (message: unknown) => void>([
    ["openline:frame", (trace) => this.#onFrame(trace as FrameTrace)],
    ["openline:error", (trace) => this.#onError(trace as ErrorTrace)],
    ["openline:close", (trace) => this.#onClose(trace as CloseTrace)],
  ]);

  #onFrame({ id, direction, opcode, payload }: FrameTrace): void {
    const connection = this.#numbers.get(id);
    if (connection === undefined || payload === undefined) return;
    const data = typeof payload === "string" ? payload : bytesOf(payload);
    const size = typeof data === "string" ? Buffer.byteLength(data) : data.length;
    const content = typeof data === "string" ? { data } : { base64: data.toString("base64") };
    if (opcode === ping || opcode === pong) {
      const event = opcode === ping ? "ping" : "pong";
      this.#show({ event, connection, fields: { direction, size, ...content } });
    } else if (opcode < 0x8) {
      const type = typeof data === "string" ? "text" : "binary";
      this.#show({ event: "message", connection, fields: { direction, type, size, ...content } });
    }
  }

  #onError({ id, error }: ErrorTrace): void {
    const connection = this.#numbers.get(id);
    if (connection === undefined) return;
    const { code, message } = error as NodeJS.ErrnoException;
    this.#show({ event: "error", connection, fields: { code, message } });
  }

  #onClose({ id, code, reason, wasClean }: CloseTrace): void {
    const connection = this.#numbers.get(id);
    if (connection === undefined) return;
    this.#numbers.delete(id);
    this.#show({ event: "close", connection, fields: { code, reason, wasClean } });
  }

  #show(event: ServerEvent): void {
    const { event: name, connection, fields } = event;
    if (this.#isJson) this.#write(jsonLine({ event: name, connection, ...fields }, this.#isTerminal));
    else this.#write(`${dim(formatTime(now()))} ${dim(`#${connection}`)} ${describe(event)}`);
  }

  #write(line: string): void {
    this.#pending += `${line}\n`;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }
}

/** An event in a line, without its time and its connection. Nothing that comes from the peer drives the terminal. */
export function describe({ event, fields }: ServerEvent): string {
  const { direction, type, size, data, base64 } = fields as Record<string, string | undefined>;
  const sign = direction === "sent" ? cyan("→") : green("←");
  const amount = dim(formatBytes(Number(size)));
  switch (event) {
    case "connection":
      return describeConnection(fields as Record<string, string | undefined>);
    case "message":
      return `${sign} ${type} ${amount} ${data === undefined ? hexPreview(base64 ?? "") : textPreview(data)}`;
    case "ping":
    case "pong":
      return `${sign} ${blue(event)} ${amount} ${hexPreview(base64 ?? "")}`.trimEnd();
    case "error":
      return `${red("error")} ${visibleLine(`${fields["message"]} (${fields["code"]})`)}`;
    case "close": {
      const { code, reason, wasClean } = fields;
      const shown = reason === "" ? "" : ` ${visibleLine(String(reason))}`;
      return wasClean ? `${yellow("closed")} ${code}${shown}` : `${red("cut")} ${code}${shown}`;
    }
  }
}

function describeConnection(fields: Readonly<Record<string, string | undefined>>): string {
  const { remoteAddress, remotePort, path, protocol, origin } = fields;
  const details = [
    `from ${remoteAddress}:${remotePort}`,
    path,
    protocol === "" ? undefined : `subprotocol ${protocol}`,
    origin === undefined ? undefined : `origin ${origin}`,
  ];
  return `${yellow("connected")} ${visibleLine(details.filter((detail) => detail !== undefined).join(" "))}`;
}

/** The target of a request, without what its query names as a credential. */
function maskPath(target: string): string {
  const base = "ws://server";
  return URL.canParse(target, base) ? shownUrl(new URL(target, base).href).slice(base.length) : target;
}

function textPreview(text: string): string {
  if (text.length <= previewLength) return visibleLine(text);
  return `${visibleLine(text.slice(0, previewLength))}…`;
}

function hexPreview(base64: string): string {
  const bytes = Buffer.from(base64, "base64");
  const hex = bytes
    .subarray(0, previewBytes)
    .toString("hex")
    .replace(/..(?=.)/g, "$& ");
  return bytes.length > previewBytes ? `${hex} …` : hex;
}

function bytesOf(payload: ArrayBuffer | ArrayBufferView): Buffer {
  return ArrayBuffer.isView(payload)
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    : Buffer.from(payload);
}
