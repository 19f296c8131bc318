import type { SubjectOptions } from "../subject/subject.js";

/** What a server answers a client's handshake with, and what becomes of it. */
export interface ClientHandshakeCase {
  readonly id: string;
  readonly section: string;
  readonly shows: string;
  readonly protocols?: readonly string[];
  readonly options?: SubjectOptions;
  /** Default: `HTTP/1.1 101 Switching Protocols`. */
  readonly statusLine?: string;
  /** Header lines; `{accept}` stands for the right value. Default: the three that a server must send. */
  readonly fields?: readonly string[];
  /** Lines after these. */
  readonly more?: readonly string[];
  /** What stands after the head, in the same packet. */
  readonly behind?: Uint8Array;
  /** Cut into packets of this size. */
  readonly cut?: number;
  /** The server ends the connection behind its answer. */
  readonly thenEnds?: boolean;
  /** The values of the object's attributes once open, or the error codes that may stand in the `error` event. */
  readonly outcome:
    | { readonly protocol: string; readonly extensions: string; readonly messages?: readonly string[] }
    | { readonly errors: readonly string[] };
}

export const UPGRADE = "Upgrade: websocket";
export const CONNECTION = "Connection: Upgrade";
export const ACCEPT = "Sec-WebSocket-Accept: {accept}";
export const REQUIRED = [UPGRADE, CONNECTION, ACCEPT];
