// HAR 1.2 as Chrome's developer tools export and import it for WebSockets. What begins with "_" is beyond HAR: the first
// two are Chrome's, the others say what it leaves out. No Node module here.

export interface HarHeader {
  readonly name: string;
  readonly value: string;
}

/** A message, or a control frame. */
export interface HarMessage {
  readonly type: "send" | "receive";
  /** Seconds since 1970. */
  readonly time: number;
  /** 1 where `data` is text, else Base64. */
  readonly opcode: number;
  readonly data: string;
  /** The last frame's opcode, where it is another: 0 for a message in several frames. */
  readonly _opcode?: number;
  /** Bytes of the last frame's payload on the wire, where these are other than `data` has. */
  readonly _length?: number;
  /** Whether permessage-deflate has compressed it. */
  readonly _compressed?: true;
}

/** A frame that carries no whole message: one before the last of its message, or of a broken one. */
export interface HarFragment {
  /** How many messages of `_webSocketMessages` are before it. */
  readonly index: number;
  readonly type: "send" | "receive";
  /** Seconds since 1970. */
  readonly time: number;
  readonly opcode: number;
  readonly fin: boolean;
  readonly length: number;
  readonly compressed?: true;
}

/** How the connection ended, as a client sees it. */
export interface HarEnd {
  /** Seconds since 1970. */
  readonly time: number;
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly error?: string;
}

export interface HarEntry {
  readonly startedDateTime: string;
  /** Milliseconds. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly headers: readonly HarHeader[];
    readonly queryString: readonly HarHeader[];
    readonly cookies: readonly never[];
    readonly headersSize: number;
    readonly bodySize: number;
  };
  readonly response: {
    readonly status: number;
    readonly statusText: string;
    readonly httpVersion: string;
    readonly headers: readonly HarHeader[];
    readonly cookies: readonly never[];
    readonly content: { readonly size: number; readonly mimeType: string };
    readonly redirectURL: string;
    readonly headersSize: number;
    readonly bodySize: number;
    /** Why it failed, as Chrome has it. */
    readonly _error?: string;
  };
  readonly cache: Readonly<Record<string, never>>;
  /** Milliseconds. */
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  readonly _resourceType: "websocket";
  readonly _webSocketMessages: readonly HarMessage[];
  readonly _fragments?: readonly HarFragment[];
  readonly _end?: HarEnd;
}

export interface Har {
  readonly log: {
    readonly version: "1.2";
    readonly creator: { readonly name: string; readonly version: string };
    readonly pages: readonly never[];
    readonly entries: readonly HarEntry[];
  };
}

/** Recordings count time in microseconds: more would not survive as seconds since 1970 in a number. */
export function toMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

export function toSeconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1e6;
}

export function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1e6) / 1000;
}

/** ISO 8601, with microseconds where there are any. */
export function toDateTime(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000);
  const rest = microseconds % 1000;
  const text = new Date((microseconds - rest) / 1000).toISOString();
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}

/** Milliseconds since 1970; NaN where it is no date. */
export function fromDateTime(text: string): number {
  const beyond = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? "";
  // A date's own milliseconds are whole ones, whatever digits follow.
  return toMicroseconds(Math.floor(Date.parse(text)) + Number(`0.${beyond}0`));
}
