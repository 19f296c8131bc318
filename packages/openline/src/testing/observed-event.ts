/** Names and values in the order of the wire. */
export type ObservedHeaders = readonly (readonly [name: string, value: string])[];

/** The client's request of the opening handshake. */
export interface ObservedRequest {
  readonly kind: "request";
  /** The `ws:` or `wss:` URL that it asks for. */
  readonly url: string;
  readonly method: string;
  readonly headers: ObservedHeaders;
}

/** The server's answer to it. */
export interface ObservedResponse {
  readonly kind: "response";
  readonly status: number;
  readonly statusText: string;
  /** "1.1" or "1.0" */
  readonly httpVersion: string;
  readonly headers: ObservedHeaders;
}

/** A frame has passed. */
export interface ObservedFrame {
  readonly kind: "frame";
  /** Seen from the client. */
  readonly direction: "sent" | "received";
  /** Of the frame, so 0 for a continuation. */
  readonly opcode: number;
  readonly fin: boolean;
  /** Whether permessage-deflate has compressed its message. */
  readonly compressed: boolean;
  /** Bytes of its payload on the wire. */
  readonly length: number;
  /**
   * Of a data frame the message, inflated, with its last frame: a string if it is text; of a control frame its bytes.
   * Absent with the frames before the last, where the message is broken, and where it is longer than `maxPayload`.
   */
  readonly payload?: string | Uint8Array;
}

/** What one side sends breaks the protocol. Its bytes are only counted from now on. */
export interface ObservedProblem {
  readonly kind: "problem";
  /** Whose bytes: "sent" are the client's. */
  readonly direction: "sent" | "received";
  /** What is wrong, in one sentence. */
  readonly message: string;
}

/** The connection is over. */
export interface ObservedEnd {
  readonly kind: "end";
  /** What the client's `close` event has: 1006 without a closing handshake, 1005 for a close frame without a code. */
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** What went wrong, in one sentence, where something did. */
  readonly error?: string;
}

/** What a `ConnectionObserver` tells. */
export type ObservedEvent =
  | ObservedRequest
  | ObservedResponse
  | ObservedFrame
  | ObservedProblem
  | ObservedEnd;
