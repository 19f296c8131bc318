// What passes on a connection, in the order in which it passes: the common language of recordings, lines and the page.
// No Node module here: the page imports it, too.

interface Base {
  /** The connection's number, unique within the recording. */
  readonly connection: number;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
}

/** Names and values in the order of the wire. Values that may be credentials are masked before they get here. */
export type Headers = readonly (readonly [name: string, value: string])[];

/** The client's request of the opening handshake. */
export interface RequestEvent extends Base {
  readonly kind: "request";
  /** `ws:` or `wss:` URL, without credentials. */
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
}

/** The server's answer. */
export interface ResponseEvent extends Base {
  readonly kind: "response";
  readonly status: number;
  readonly statusText: string;
  /** "1.1" or "2.0" */
  readonly httpVersion: string;
  readonly headers: Headers;
}

/** A frame. Seen from the client: it has sent or received it. */
export interface FrameEvent extends Base {
  readonly kind: "frame";
  readonly direction: "sent" | "received";
  /** Of the frame, so 0 for a continuation. */
  readonly opcode: number;
  readonly fin: boolean;
  /** Whether permessage-deflate has compressed its message. */
  readonly compressed: boolean;
  /** Bytes of the payload on the wire. */
  readonly length: number;
  /**
   * Of a message with its last frame, inflated: a string if it is text; of a control frame its payload. Absent with
   * the frames before the last, and where the message is broken.
   */
  readonly payload?: string | Uint8Array;
}

/** The connection is over. */
export interface EndEvent extends Base {
  readonly kind: "end";
  /** Of the close frame that the client received, 1005 for one without a code, 1006 if there was none. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** What went wrong, in one sentence, where something did. */
  readonly error?: string;
}

export type ConnectionEvent = RequestEvent | ResponseEvent | FrameEvent | EndEvent;
