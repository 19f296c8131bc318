import type { SubjectServerOptions } from "../subject/subject.js";

/** What a client asks a server, and what must come back. */
export interface ServerHandshakeCase {
  readonly id: string;
  readonly section: string;
  readonly shows: string;
  readonly options?: SubjectServerOptions;
  /** Default: `GET / HTTP/1.1`. */
  readonly requestLine?: string;
  /** Header lines. `{key}` stands for a fresh key. Default: the five that a client must send. */
  readonly fields?: readonly string[];
  /** Lines after these. */
  readonly more?: readonly string[];
  readonly cut?: number;
  readonly answer: {
    /** Several where HTTP leaves the choice. */
    readonly status: readonly number[];
    /** Headers of the answer, by their lower-case name: their value, or null where they must not be there. */
    readonly fields?: Readonly<Record<string, string | null>>;
  };
}

export const HOST = "Host: 127.0.0.1";
export const UPGRADE = "Upgrade: websocket";
export const CONNECTION = "Connection: Upgrade";
export const KEY = "Sec-WebSocket-Key: {key}";
export const VERSION = "Sec-WebSocket-Version: 13";
export const REQUIRED = [HOST, UPGRADE, CONNECTION, KEY, VERSION];

export const switched = { status: [101] };
