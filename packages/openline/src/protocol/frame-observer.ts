import type { MessageHandler } from "./message-assembler.js";

/** A frame as it passed, for those who trace a connection. */
export interface ObservedFrame {
  readonly opcode: number;
  /** Whether it is the last frame of its message. */
  readonly fin: boolean;
  /** Whether it belongs to a message that permessage-deflate has compressed. */
  readonly compressed: boolean;
  /** Bytes of its payload on the wire. */
  readonly length: number;
  /**
   * What the program sent or is about to get, by reference: of a data frame the message, uncompressed, with its last
   * frame; of a control frame the payload. `undefined` with the frames before the last, and where the message is broken.
   */
  readonly payload: string | ArrayBuffer | ArrayBufferView | undefined;
}

/** Sees the frames of a connection pass. */
export interface FrameObserver {
  /** Whether frames are to be told of: asked for each of them, so it has to be cheap. */
  readonly observing: boolean;
  frameSent(frame: ObservedFrame): void;
  frameReceived(frame: ObservedFrame): void;
}

/** Keeps the message that a frame completes until it has been told of. */
export class MessageTap implements MessageHandler {
  /** The message, once it is complete. */
  message: string | ArrayBuffer | undefined;

  text(data: string): void {
    this.message = data;
  }

  binary(data: ArrayBuffer): void {
    this.message = data;
  }

  /** Gives the message to `handler`, if there is one. */
  handOn(handler: MessageHandler): void {
    if (typeof this.message === "string") handler.text(this.message);
    else if (this.message !== undefined) handler.binary(this.message);
  }
}
