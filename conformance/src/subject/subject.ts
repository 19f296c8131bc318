import type { DeflateParameters } from "../peer/peer-compression.js";

/** The part of the WebSocket interface that the catalogue uses, so that it can be run against other libraries too. */
export interface SubjectSocket {
  binaryType: string;
  readonly protocol: string;
  readonly extensions: string;
  readonly readyState: number;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: "open" | "message" | "error" | "close", listener: (event: object) => void): void;
}

export interface DeflateOptions extends DeflateParameters {
  readonly clientMaxWindowBits?: number;
  readonly threshold?: number;
}

export interface SubjectOptions {
  readonly maxPayload?: number;
  readonly maxFragments?: number;
  readonly perMessageDeflate?: false | DeflateOptions;
}

export interface SubjectServerOptions extends SubjectOptions {
  readonly path?: string;
  readonly allowedOrigins?: readonly string[];
  readonly handleProtocols?: (protocols: ReadonlySet<string>) => string | false;
}

export interface SubjectServer {
  readonly port: number;
  close(): Promise<void>;
}

/** The implementation under test, in both roles. */
export interface Subject {
  readonly name: string;
  /** Whether its errors carry the catalogue's `ERR_WS_…` codes. */
  readonly ownErrorCodes: boolean;
  connect(url: string, protocols: readonly string[], options: SubjectOptions): SubjectSocket;
  listen(
    options: SubjectServerOptions,
    onConnection: (socket: SubjectSocket) => void,
  ): Promise<SubjectServer>;
}
