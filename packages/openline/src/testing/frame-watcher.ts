import { constants } from "node:buffer";
import { asBytes, type Bytes, noBytes } from "../protocol/buffer.js";
import { type ByteMemory, LoopMemory } from "../protocol/byte-memory.js";
import { type CloseStatus, readCloseBody } from "../protocol/close-frame.js";
import { ConnectionError } from "../protocol/connection-error.js";
import { type FrameHandler, type FrameHeader, FrameParser } from "../protocol/frame-parser.js";
import { GatheredPayload } from "../protocol/gathered-payload.js";
import { Inflater } from "../protocol/inflater.js";
import { isControl, Opcode } from "../protocol/opcode.js";
import type { AgreedDeflate } from "../protocol/permessage-deflate.js";
import { textWindow } from "../protocol/text-window.js";
import { decodeText, decodeTextInPacket } from "../protocol/utf8.js";
import type { ObservedFrame } from "./observed-event.js";

/** Where the frames of one direction go. */
export interface FrameWatcherHandler {
  frame(frame: ObservedFrame): void;
  /** A readable close frame: nothing behind it counts. */
  close(status: CloseStatus): void;
  problem(message: string): void;
}

export interface FrameWatcherOptions {
  /** Seen from the client. */
  readonly direction: "sent" | "received";
  readonly deflate: AgreedDeflate | undefined;
  /** Bytes of a message, inflated or not, that are kept. */
  readonly maxPayload: number;
}

/** Part of some memory. */
interface Range {
  readonly bytes: Bytes;
  readonly memory: ByteMemory;
  readonly start: number;
  readonly end: number;
}

/** Reads the frames of one direction as they pass. It keeps to nobody's limits but its own, and never throws. */
export class FrameWatcher implements FrameHandler {
  readonly #options: FrameWatcherOptions;
  readonly #handler: FrameWatcherHandler;
  readonly #parser: FrameParser;
  readonly #decode: typeof decodeText;
  readonly #maxPayload: number;
  #inflater: Inflater | undefined;
  /** Messages may refer to one that was too long to inflate. */
  #hasLostWindow = false;
  #isOver = false;
  /** Opcode of the message under way; Continuation between messages. */
  #opcode: number = Opcode.Continuation;
  #compressed = false;
  /** Payload bytes that the headers of the message's frames have announced. */
  #announced = 0;
  /** `undefined` where the message isn't kept. */
  #gathered: GatheredPayload | undefined;
  /** What is wrong with the frame under way: told with its end, so that packets make no difference. */
  #broken: string | undefined;
  #control: Bytes = noBytes;

  constructor(options: FrameWatcherOptions, handler: FrameWatcherHandler) {
    const isClients = options.direction === "sent";
    this.#options = options;
    // A longer text is none that a program could have.
    this.#maxPayload = Math.min(options.maxPayload, constants.MAX_STRING_LENGTH);
    this.#handler = handler;
    this.#parser = new FrameParser(this, {
      expectMasked: isClients,
      allowRsv1: options.deflate !== undefined,
    });
    // What is unmasked in place changes under a window that spans several frames.
    this.#decode = isClients ? decodeText : decodeTextInPacket;
  }

  /** What is wrong with a frame that has not come to its end. */
  get broken(): string | undefined {
    return this.#broken;
  }

  /** Takes the next bytes; a client's are unmasked in place. */
  push(bytes: Bytes): void {
    if (this.#isOver) return;
    try {
      this.#parser.push(bytes);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#fail(error.message);
    } finally {
      textWindow.forget();
    }
  }

  // FrameHandler

  wholeFrame(header: FrameHeader, bytes: Bytes, memory: ByteMemory, start: number, end: number): void {
    if (isControl(header.opcode)) {
      this.#controlFrame(header, bytes.subarray(start, end) as Bytes);
    } else if (this.#opcode === Opcode.Continuation && header.fin && header.opcode !== Opcode.Continuation) {
      // A message in one frame is read where it lies.
      this.#begin(header);
      this.#dataFrame(header, this.#isTooLong ? undefined : { bytes, memory, start, end });
    } else {
      this.frameStart(header);
      this.framePiece(header, bytes, start, end);
      this.frameEnd(header);
    }
  }

  frameStart(header: FrameHeader): void {
    if (isControl(header.opcode)) {
      this.#control = noBytes;
    } else if ((header.opcode === Opcode.Continuation) !== (this.#opcode !== Opcode.Continuation)) {
      this.#broken =
        header.opcode === Opcode.Continuation
          ? "A continuation frame has no message to continue"
          : "A message begins before the last fragment of another";
    } else {
      if (header.opcode !== Opcode.Continuation) {
        this.#begin(header);
        this.#gathered = new GatheredPayload();
      } else this.#announced += header.payloadLength;
      if (this.#isTooLong) this.#gathered = undefined;
    }
  }

  framePiece(header: FrameHeader, bytes: Bytes, start: number, end: number): void {
    if (isControl(header.opcode)) {
      this.#control = Buffer.concat([this.#control, bytes.subarray(start, end)]) as Bytes;
    } else if (this.#gathered !== undefined && this.#broken === undefined) {
      this.#gather(this.#gathered, header, bytes.subarray(start, end) as Bytes);
    }
  }

  frameEnd(header: FrameHeader): void {
    if (isControl(header.opcode)) {
      this.#controlFrame(header, this.#control);
    } else if (!header.fin || this.#broken !== undefined) {
      this.#tell(header, undefined);
    } else if (this.#gathered === undefined) {
      this.#dataFrame(header, undefined);
    } else {
      const { bytes, length } = this.#gathered;
      this.#dataFrame(header, { bytes, memory: new LoopMemory(bytes), start: 0, end: length });
    }
  }

  #gather(gathered: GatheredPayload, { fin }: FrameHeader, piece: Bytes): void {
    try {
      gathered.reserve(piece.length, this.#announced - gathered.length, fin);
      gathered.append(piece, 0, piece.length);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      // There is no memory for it.
      this.#gathered = undefined;
    }
  }

  /** By what the headers say. Compression may lengthen what can't be compressed, if only a little. */
  get #isTooLong(): boolean {
    const most = this.#compressed
      ? this.#maxPayload + Math.ceil(this.#maxPayload / 1024) + 64
      : this.#maxPayload;
    return this.#announced > most;
  }

  #begin(header: FrameHeader): void {
    this.#opcode = header.opcode;
    this.#compressed = header.rsv1;
    this.#announced = header.payloadLength;
  }

  /** The last frame of a message; `undefined` for one that is too long. */
  #dataFrame(header: FrameHeader, range: Range | undefined): void {
    const message = this.#compressed ? this.#inflate(range) : range;
    let payload: string | Uint8Array | undefined;
    if (message !== undefined) {
      const { bytes, memory, start, end } = message;
      if (this.#opcode === Opcode.Binary) payload = new Uint8Array(bytes.subarray(start, end));
      // What inflates is memory that is written to again.
      else payload = this.#text((this.#compressed ? decodeText : this.#decode)(bytes, memory, start, end));
    }
    this.#tell(header, payload);
    this.#opcode = Opcode.Continuation;
    this.#gathered = undefined;
  }

  #text(decoded: string | undefined): string | undefined {
    if (decoded === undefined) this.#broken = "A text message is not valid UTF-8";
    return decoded;
  }

  /** `undefined` where that is impossible, or where it comes to more than is kept. */
  #inflate(range: Range | undefined): Range | undefined {
    const { direction, deflate } = this.#options;
    if (deflate === undefined || this.#hasLostWindow) return undefined;
    const isClients = direction === "sent";
    const contextTakeover = !(isClients ? deflate.clientNoContextTakeover : deflate.serverNoContextTakeover);
    const windowBits = isClients ? deflate.clientMaxWindowBits : deflate.serverMaxWindowBits;
    if (range === undefined) {
      this.#hasLostWindow = contextTakeover;
      return undefined;
    }
    try {
      this.#inflater ??= new Inflater({ windowBits, contextTakeover });
      const bytes = asBytes(this.#inflater.inflate(range.bytes, range.start, range.end, this.#maxPayload));
      return { bytes, memory: new LoopMemory(bytes), start: 0, end: bytes.length };
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.code === "ERR_WS_MESSAGE_TOO_BIG") this.#hasLostWindow = contextTakeover;
      else this.#broken = error.message;
      return undefined;
    }
  }

  #controlFrame(header: FrameHeader, payload: Bytes): void {
    this.#tell(header, new Uint8Array(payload));
    if (header.opcode !== Opcode.Close) return;
    try {
      const status = readCloseBody(payload, 0, payload.length);
      this.#isOver = true;
      this.#parser.stop();
      this.#handler.close(status);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      this.#fail(error.message);
    }
  }

  #tell({ opcode, fin, payloadLength }: FrameHeader, payload: string | Uint8Array | undefined): void {
    this.#handler.frame({
      kind: "frame",
      direction: this.#options.direction,
      opcode,
      fin,
      compressed: !isControl(opcode) && this.#compressed,
      length: payloadLength,
      ...(payload === undefined ? {} : { payload }),
    });
    if (this.#broken !== undefined) this.#fail(this.#broken);
  }

  #fail(message: string): void {
    this.#isOver = true;
    this.#broken = undefined;
    this.#parser.stop();
    this.#handler.problem(message);
  }
}
