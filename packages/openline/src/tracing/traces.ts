/** What all traces of one connection have in common. */
interface Trace {
  /** The connection's number, unique within the process; `connectionInfo(ws).id` is the same. */
  readonly id: number;
}

/** Names and values in the order of the wire. Values that may be credentials are replaced. */
export type TracedHeaders = readonly (readonly [name: string, value: string])[];

/** On `openline:handshake`: the request is about to leave (at a server: has come). */
export interface RequestTrace extends Trace {
  readonly stage: "request";
  readonly role: "client" | "server";
  /** Without user name and password. */
  readonly url: string;
  readonly method: string;
  readonly headers: TracedHeaders;
}

/** On `openline:handshake`: the answer has come (at a server: is about to leave). */
export interface ResponseTrace extends Trace {
  readonly stage: "response";
  readonly role: "client" | "server";
  readonly status: number;
  readonly httpVersion: string;
  readonly headers: TracedHeaders;
}

/** On `openline:handshake`: the request, and then the answer. */
export type HandshakeTrace = RequestTrace | ResponseTrace;

/** On `openline:open`: the opening handshake is through, and the `open` event follows. */
export interface OpenTrace extends Trace {
  readonly role: "client" | "server";
  /** Without user name and password. */
  readonly url: string;
  readonly protocol: string;
  readonly extensions: string;
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
}

/** On `openline:frame`: a frame has been written to the outgoing buffer, or read. */
export interface FrameTrace extends Trace {
  readonly direction: "sent" | "received";
  readonly opcode: number;
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  /** Whether it belongs to a message that permessage-deflate has compressed. */
  readonly compressed: boolean;
  /** Bytes of its payload on the wire. */
  readonly length: number;
  /**
   * The program's own data by reference, uncompressed: of a message with its last frame, of a control frame its
   * payload. `undefined` with the frames before the last, and where the message is broken. Not to be changed.
   */
  readonly payload: string | ArrayBuffer | ArrayBufferView | undefined;
}

/** On `openline:close`: the `close` event is about to be fired. */
export interface CloseTrace extends Trace {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** On `openline:error`: the `error` event is about to be fired. */
export interface ErrorTrace extends Trace {
  readonly error: Error;
}
