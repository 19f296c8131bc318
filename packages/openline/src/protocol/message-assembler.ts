import { constants } from "node:buffer";
import { asBytes, type Bytes } from "./buffer.js";
import { type ByteMemory, LoopMemory } from "./byte-memory.js";
import { CloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";
import type { FrameHeader } from "./frame-parser.js";
import { GatheredPayload } from "./gathered-payload.js";
import type { Inflater } from "./inflater.js";
import { countLargeMessage } from "./large-messages.js";
import { Opcode } from "./opcode.js";
import type { Role } from "./role.js";
import { decodeText, decodeTextInPacket, decodeValidText, Utf8Validator } from "./utf8.js";

/** Where whole messages go. */
export interface MessageHandler {
  text(data: string): void;
  /** `data` is memory of its own, exactly as long as the message. */
  binary(data: ArrayBuffer): void;
}

/** What a peer may make us hold. */
export interface MessageLimits {
  /** Bytes of one message, counted after inflation. */
  readonly maxPayload: number;
  /** Frames of one message. */
  readonly maxFragments: number;
}

/** Makes messages of data frames: fragmentation, inflation, UTF-8, limits. [6455] 5.4, 8.1; [7692] 6.2 */
export class MessageAssembler {
  /** Where messages go from now on. */
  handler: MessageHandler;
  /** Compressed messages so far. */
  compressedMessages = 0;
  readonly #limits: MessageLimits;
  /** Reads a text where it lies in its packet; a server's parser changes the rest of the packet, unmasking it. */
  readonly #decodeInPacket: typeof decodeText;
  readonly #createInflater: (() => Inflater) | undefined;
  /** Made with the first compressed message: a connection that gets none pays nothing. */
  #inflater: Inflater | undefined;

  /** Opcode of the message under way; Continuation between messages. */
  #opcode: number = Opcode.Continuation;
  #compressed = false;
  #fragments = 0;
  /** Payload bytes that the headers of the message's frames have announced. */
  #announced = 0;
  #gathered: GatheredPayload | undefined;
  #validator: Utf8Validator | undefined;

  /** @param createInflater given where permessage-deflate is in use. */
  constructor(role: Role, handler: MessageHandler, limits: MessageLimits, createInflater?: () => Inflater) {
    this.#decodeInPacket = role === "client" ? decodeTextInPacket : decodeText;
    this.handler = handler;
    this.#limits = limits;
    this.#createInflater = createInflater;
  }

  /** Whether it is between messages and holds nothing: a new assembler would go on just as well. */
  get isAtRest(): boolean {
    return this.#opcode === Opcode.Continuation && this.#inflater === undefined;
  }

  /** Whether the message under way, or the last one that came in fragments, is compressed. */
  get compressed(): boolean {
    return this.#compressed;
  }

  /** A data frame whose payload is at hand. */
  wholeFrame(header: FrameHeader, bytes: Bytes, memory: ByteMemory, start: number, end: number): void {
    if (this.#opcode !== Opcode.Continuation || !header.fin || header.opcode === Opcode.Continuation) {
      this.frameStart(header);
      this.framePiece(header, bytes, start, end);
      this.frameEnd(header);
      return;
    }
    // Fast path: a message in one frame is read where it lies.
    this.#checkLength(end - start, header.rsv1);
    if (header.rsv1) this.#deliverCompressed(header.opcode, bytes, start, end);
    else if (header.opcode === Opcode.Binary) this.#deliverBinary(bytes, start, end);
    else this.#deliverText(this.#decodeInPacket(bytes, memory, start, end));
  }

  frameStart(header: FrameHeader): void {
    if (header.opcode === Opcode.Continuation) {
      if (this.#opcode === Opcode.Continuation)
        throw fragmentation("A continuation frame has no message to continue");
    } else {
      if (this.#opcode !== Opcode.Continuation) {
        throw fragmentation("A message begins before the last fragment of another");
      }
      this.#opcode = header.opcode;
      this.#compressed = header.rsv1;
      this.#fragments = 0;
      this.#announced = 0;
      this.#gathered = new GatheredPayload(header.opcode === Opcode.Text || header.rsv1);
      this.#validator = header.opcode === Opcode.Text && !header.rsv1 ? new Utf8Validator() : undefined;
    }
    if (++this.#fragments > this.#limits.maxFragments) {
      throw new ConnectionError(
        "ERR_WS_TOO_MANY_FRAGMENTS",
        CloseCode.PolicyViolation,
        `A message comes in more than ${this.#limits.maxFragments} fragments`,
      );
    }
    this.#announced += header.payloadLength;
    this.#checkLength(this.#announced, this.#compressed);
  }

  framePiece(header: FrameHeader, bytes: Bytes, start: number, end: number): void {
    if (this.#validator !== undefined && !this.#validator.push(bytes, start, end)) throw invalidUtf8();
    const gathered = this.#gathered;
    if (gathered === undefined) return;
    gathered.reserve(end - start, this.#announced - gathered.length, header.fin);
    gathered.append(bytes, start, end);
  }

  frameEnd(header: FrameHeader): void {
    if (!header.fin) return;
    const opcode = this.#opcode;
    const gathered = this.#gathered ?? new GatheredPayload();
    const valid = this.#validator?.complete ?? true;
    this.#opcode = Opcode.Continuation;
    this.#gathered = undefined;
    this.#validator = undefined;
    if (opcode === Opcode.Text) checkTextLength(gathered.length);
    if (this.#compressed) {
      this.#deliverCompressed(opcode, gathered.bytes, 0, gathered.length);
    } else if (opcode === Opcode.Binary) {
      countLargeMessage(gathered.length);
      this.handler.binary(gathered.toArrayBuffer());
    } else if (valid) {
      this.handler.text(decodeValidText(gathered.bytes, 0, gathered.length));
    } else {
      throw invalidUtf8();
    }
    gathered.release();
  }

  #deliverText(text: string | undefined): void {
    if (text === undefined) throw invalidUtf8();
    this.handler.text(text);
  }

  #deliverBinary(bytes: Bytes, start: number, end: number): void {
    const { buffer, byteOffset } = bytes;
    countLargeMessage(end - start);
    this.handler.binary((buffer as ArrayBuffer).slice(byteOffset + start, byteOffset + end));
  }

  #deliverCompressed(opcode: number, bytes: Bytes, start: number, end: number): void {
    this.#inflater ??= this.#createInflater?.();
    if (this.#inflater === undefined)
      throw new TypeError("A compressed message came without permessage-deflate");
    this.compressedMessages++;
    const inflated = asBytes(this.#inflater.inflate(bytes, start, end, this.#limits.maxPayload));
    if (opcode === Opcode.Text) checkTextLength(inflated.length);
    if (opcode === Opcode.Binary) this.#deliverBinary(inflated, 0, inflated.length);
    else this.#deliverText(decodeText(inflated, new LoopMemory(inflated), 0, inflated.length));
  }

  /** Refuses a message that must pass the limit. Compression may lengthen what can't be compressed, if only a little. */
  #checkLength(length: number, compressed: boolean): void {
    const { maxPayload } = this.#limits;
    const most = compressed ? maxPayload + Math.ceil(maxPayload / 1024) + 64 : maxPayload;
    if (length <= most) return;
    throw tooBig(`A message of at least ${length} bytes passes the limit of ${maxPayload}`);
  }
}

/** V8's strings end before a generous `maxPayload` does. */
function checkTextLength(length: number): void {
  if (length <= constants.MAX_STRING_LENGTH) return;
  throw tooBig(`A text message of ${length} bytes is longer than a string can be`);
}

function tooBig(message: string): ConnectionError {
  return new ConnectionError("ERR_WS_MESSAGE_TOO_BIG", CloseCode.MessageTooBig, message);
}

function fragmentation(message: string): ConnectionError {
  return new ConnectionError("ERR_WS_FRAGMENTATION", CloseCode.ProtocolError, message);
}

function invalidUtf8(): ConnectionError {
  return new ConnectionError(
    "ERR_WS_INVALID_UTF8",
    CloseCode.InvalidPayload,
    "A text message is not valid UTF-8",
  );
}
