import { asBytes, type Bytes, noBytes } from "./buffer.js";
import type { ByteMemory } from "./byte-memory.js";
import { CloseCode } from "./close-code.js";
import { buildCloseBody, type CloseStatus, readCloseBody } from "./close-frame.js";
import { ClosingHandshake } from "./closing-handshake.js";
import { ConnectionError } from "./connection-error.js";
import { Deflater } from "./deflater.js";
import { type FrameObserver, MessageTap } from "./frame-observer.js";
import { type FrameHandler, type FrameHeader, FrameParser } from "./frame-parser.js";
import { FrameWriter } from "./frame-writer.js";
import { Inflater } from "./inflater.js";
import { MessageAssembler, type MessageHandler, type MessageLimits } from "./message-assembler.js";
import { Opcode } from "./opcode.js";
import { OutgoingBuffer, type Segment } from "./outgoing-buffer.js";
import type { AgreedDeflate, PerMessageDeflateOptions } from "./permessage-deflate.js";
import type { Role } from "./role.js";
import { textWindow } from "./text-window.js";

/** What a connection tells the object above it and the network below it. */
export interface ConnectionHandler extends MessageHandler {
  pong(payload: Bytes): void;
  /** The peer's close frame has come; it has been answered if that was due. */
  closeReceived(status: CloseStatus): void;
  /** The connection has been failed ([6455] 7.1.7); the close frame that says so is in the output. */
  failed(error: ConnectionError): void;
  /** `output` has something for the network, to be flushed by the end of this task. */
  outputReady(): void;
  /** `output` is to be flushed now. */
  flush(): void;
}

export interface ConnectionOptions extends MessageLimits {
  readonly role: Role;
  /** What the opening handshake agreed on; `undefined` without permessage-deflate. */
  readonly deflate: AgreedDeflate | undefined;
  readonly compression: Pick<PerMessageDeflateOptions, "threshold" | "level" | "memLevel">;
  /** Who sees the frames pass. */
  readonly observer?: FrameObserver;
}

/** Bytes of pongs that may wait to leave. A peer that sends more pings and reads no pongs is cut off. */
const maxWaitingPongBytes = 1024 * 1024;
/** What a pong costs besides its payload. */
const pongOverhead = 6;

const defaultThreshold = 128;
const defaultLevel = 6;
const defaultMemLevel = 8;

/** Nobody has said goodbye: the same for all connections that are open. */
const notClosing: Readonly<Record<Role, ClosingHandshake>> = {
  client: new ClosingHandshake("client"),
  server: new ClosingHandshake("server"),
};

/**
 * One open WebSocket connection without its socket: bytes in, messages out, and the other way round.
 *
 * What it reads and writes with is there only while a frame or a message is under way: 450 bytes less for an idle one.
 */
export class Connection implements FrameHandler {
  /** Messages that went out compressed. */
  compressedMessagesSent = 0;
  readonly #handler: ConnectionHandler;
  readonly #options: ConnectionOptions;
  #parser: FrameParser | undefined;
  #assembler: MessageAssembler | undefined;
  #output: OutgoingBuffer | undefined;
  #writer: FrameWriter | undefined;
  /** There once somebody has said goodbye. */
  #closing: ClosingHandshake | undefined;
  /** Made with the first message that is worth compressing. */
  #deflater: Deflater | undefined;
  /** Bytes from which on a message is compressed; -1 where none is. */
  readonly #threshold: number;
  #waitingPongBytes = 0;
  #failed = false;
  /** The payload of a control frame whose pieces are still coming. */
  #control: Bytes | undefined;

  constructor(options: ConnectionOptions, handler: ConnectionHandler) {
    const { deflate, compression } = options;
    this.#handler = handler;
    this.#options = options;
    this.#threshold = deflate === undefined ? -1 : (compression.threshold ?? defaultThreshold);
  }

  /** Messages that came compressed. */
  get compressedMessagesReceived(): number {
    return this.#assembler?.compressedMessages ?? 0;
  }

  /** Where the closing handshake stands. */
  get closing(): Readonly<ClosingHandshake> {
    return this.#closing ?? notClosing[this.#options.role];
  }

  #markClosing(): ClosingHandshake {
    this.#closing ??= new ClosingHandshake(this.#options.role);
    return this.#closing;
  }

  /** What waits for the network. */
  get output(): OutgoingBuffer {
    this.#output ??= new OutgoingBuffer(this.#handler);
    return this.#output;
  }

  #writing(): FrameWriter {
    this.#writer ??= new FrameWriter(this.output, this.#options.role === "client");
    return this.#writer;
  }

  /** Whether nothing waits for the network. */
  get isEmpty(): boolean {
    return this.#output === undefined || this.#output.isEmpty;
  }

  /** All that waits for the network, in order; the caller releases each segment. */
  takeSegments(): readonly Segment[] {
    return this.#output?.takeSegments() ?? [];
  }

  /** No message is being written: where nothing waits, nothing to write with is needed until the next one. */
  leaveOutput(): void {
    if (this.isEmpty) this.#output = this.#writer = undefined;
  }

  #parsing(): FrameParser {
    const { role, deflate } = this.#options;
    this.#parser ??= new FrameParser(this, {
      expectMasked: role === "server",
      allowRsv1: deflate !== undefined,
    });
    return this.#parser;
  }

  #assembling(): MessageAssembler {
    this.#assembler ??= this.#createAssembler();
    return this.#assembler;
  }

  #createAssembler(): MessageAssembler {
    const { role, deflate } = this.#options;
    const inflater = deflate === undefined ? undefined : () => createInflater(role, deflate);
    return new MessageAssembler(role, this.#handler, this.#options, inflater);
  }

  /** All that came has been read: between messages nothing to read with is needed until more comes. */
  #leaveInput(): void {
    if (this.#parser?.isAtRest !== true || this.#control !== undefined) return;
    if (this.#assembler?.isAtRest === false) return;
    this.#parser = this.#assembler = undefined;
  }

  /**
   * Takes what came from the network.
   * @param bytes unmasked in place. The memory stays with the connection, unless it is `lent` until the call returns.
   */
  receive(bytes: Bytes, lent = false): void {
    try {
      this.#parsing().push(bytes, lent);
      this.#leaveInput();
    } catch (error) {
      this.#failIfPeersFault(error);
    } finally {
      textWindow.forget();
    }
  }

  /** Reads no further than the frame at hand, until `resume`. */
  hold(): void {
    this.#parsing().hold();
  }

  /** Reads on after `hold`. */
  resume(): void {
    try {
      this.#parser?.resume();
      this.#leaveInput();
    } catch (error) {
      this.#failIfPeersFault(error);
    } finally {
      textWindow.forget();
    }
  }

  /** Sends a text message; gives its length in UTF-8 bytes. [6455] 6.1 */
  sendText(data: string): number {
    if (this.#isWorthCompressing(data)) {
      const encoded = Buffer.from(data) as Bytes;
      this.#sendCompressed(Opcode.Text, encoded, data);
      return encoded.length;
    }
    const length = this.#writing().text(data);
    if (this.#options.observer?.observing === true) this.#sent(Opcode.Text, length, data);
    this.#handler.outputReady();
    return length;
  }

  /** The threshold counts bytes; mostly the number of characters decides already. */
  #isWorthCompressing(data: string): boolean {
    if (this.#threshold < 0) return false;
    if (data.length >= this.#threshold) return true;
    return data.length * 3 >= this.#threshold && Buffer.byteLength(data) >= this.#threshold;
  }

  /** Sends a binary message, whose bytes are taken at once. [6455] 6.1 */
  sendBinary(data: ArrayBufferView | ArrayBuffer): void {
    const bytes = asBytes(data);
    if (this.#threshold >= 0 && bytes.length >= this.#threshold) {
      this.#sendCompressed(Opcode.Binary, bytes, data);
    } else {
      this.#writing().frame(Opcode.Binary, bytes, 0, bytes.length);
      if (this.#options.observer?.observing === true) this.#sent(Opcode.Binary, bytes.length, data);
      this.#handler.outputReady();
    }
  }

  /** Sends a ping with up to 125 bytes. [6455] 5.5.2 */
  ping(payload: Bytes): void {
    if (this.closing.sent) return;
    this.#writing().frame(Opcode.Ping, payload, 0, payload.length);
    if (this.#options.observer?.observing === true) this.#sent(Opcode.Ping, payload.length, payload);
    this.#handler.outputReady();
  }

  /** Starts the closing handshake; without a code the close frame has no body. [6455] 7.1.2 */
  close(code?: number, reason?: string): void {
    this.#sendClose(code, reason);
  }

  #sendClose(code?: number, reason = ""): void {
    if (this.closing.sent) return;
    const body = buildCloseBody(code, reason);
    this.#writing().frame(Opcode.Close, body, 0, body.length);
    if (this.#options.observer?.observing === true) this.#sent(Opcode.Close, body.length, body);
    this.#markClosing().markSent();
    this.#handler.outputReady();
  }

  /** Fails the connection: says why in a close frame and takes no more input. [6455] 7.1.7 */
  fail(error: ConnectionError): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#parsing().stop();
    this.#sendClose(error.closeCode);
    this.#handler.failed(error);
  }

  /** The network has taken all output: so have the pongs in it. */
  outputTaken(): void {
    this.#waitingPongBytes = 0;
  }

  wholeFrame(header: FrameHeader, bytes: Bytes, memory: ByteMemory, start: number, end: number): void {
    if (header.opcode > Opcode.Binary) this.#controlFrame(header.opcode, bytes, start, end);
    else if (this.#options.observer?.observing === true)
      this.#observedFrame(header, bytes, memory, start, end);
    else this.#assembling().wholeFrame(header, bytes, memory, start, end);
  }

  frameStart(header: FrameHeader): void {
    if (header.opcode <= Opcode.Binary) this.#assembling().frameStart(header);
    else this.#control = noBytes;
  }

  framePiece(header: FrameHeader, bytes: Bytes, start: number, end: number): void {
    if (this.#control === undefined) this.#assembling().framePiece(header, bytes, start, end);
    else this.#control = Buffer.concat([this.#control, bytes.subarray(start, end)]) as Bytes;
  }

  frameEnd(header: FrameHeader): void {
    const control = this.#control;
    if (control === undefined) {
      if (this.#options.observer?.observing === true) this.#observedEnd(header);
      else this.#assembling().frameEnd(header);
    } else {
      this.#control = undefined;
      this.#controlFrame(header.opcode, control, 0, control.length);
    }
  }

  #failIfPeersFault(error: unknown): void {
    if (!(error instanceof ConnectionError)) throw error;
    this.fail(error);
  }

  #controlFrame(opcode: number, bytes: Bytes, start: number, end: number): void {
    if (this.#options.observer?.observing === true) {
      // A copy: the packet's memory may be lent.
      const payload = Buffer.from(bytes.subarray(start, end));
      this.#options.observer.frameReceived({
        opcode,
        fin: true,
        compressed: false,
        length: end - start,
        payload,
      });
    }
    if (opcode === Opcode.Ping) this.#answerPing(bytes, start, end);
    else if (opcode === Opcode.Pong) this.#handler.pong(bytes.subarray(start, end) as Bytes);
    else this.#closeFrame(readCloseBody(bytes, start, end));
  }

  /** [6455] 5.5.3 */
  #answerPing(bytes: Bytes, start: number, end: number): void {
    if (this.closing.sent) return;
    if (this.#waitingPongBytes > maxWaitingPongBytes) {
      throw new ConnectionError(
        "ERR_WS_TOO_MANY_PINGS",
        CloseCode.PolicyViolation,
        `The peer has not read ${this.#waitingPongBytes} bytes of pongs to its pings`,
      );
    }
    this.#waitingPongBytes += end - start + pongOverhead;
    this.#writing().frame(Opcode.Pong, bytes, start, end);
    if (this.#options.observer?.observing === true) {
      this.#sent(Opcode.Pong, end - start, Buffer.from(bytes.subarray(start, end)));
    }
    this.#handler.outputReady();
  }

  /** [6455] 5.5.1 */
  #closeFrame(status: CloseStatus): void {
    this.#parsing().stop();
    if (this.closing.received !== undefined || this.#failed) return;
    this.#markClosing().markReceived(status);
    // Answers with the peer's own words, as Chromium does. [6455] 7.1.5
    if (status.code === CloseCode.NoStatusReceived) this.#sendClose();
    else this.#sendClose(status.code, status.reason);
    this.#handler.closeReceived(status);
  }

  #sendCompressed(opcode: Opcode, bytes: Bytes, message: string | ArrayBufferView | ArrayBuffer): void {
    this.#deflater ??= this.#createDeflater();
    const compressed = asBytes(this.#deflater.deflate(bytes, 0, bytes.length));
    this.#writing().compressedFrame(opcode, compressed, 0, compressed.length);
    this.compressedMessagesSent++;
    if (this.#options.observer?.observing === true) this.#sent(opcode, compressed.length, message, true);
    this.#handler.outputReady();
  }

  // What follows runs only while somebody observes the frames.

  #sent(
    opcode: Opcode,
    length: number,
    payload: string | ArrayBufferView | ArrayBuffer,
    compressed = false,
  ): void {
    this.#options.observer?.frameSent({ opcode, fin: true, compressed, length, payload });
  }

  #observedFrame(header: FrameHeader, bytes: Bytes, memory: ByteMemory, start: number, end: number): void {
    this.#observeMessage(header, () => this.#assembling().wholeFrame(header, bytes, memory, start, end));
  }

  #observedEnd(header: FrameHeader): void {
    this.#observeMessage(header, () => this.#assembling().frameEnd(header));
  }

  /** Tells of a data frame once its message is known, or known to be broken. */
  #observeMessage({ opcode, fin, rsv1, payloadLength: length }: FrameHeader, read: () => void): void {
    const tap = new MessageTap();
    this.#assembling().handler = tap;
    try {
      read();
    } finally {
      this.#assembling().handler = this.#handler;
      const compressed = opcode === Opcode.Continuation ? this.#assembling().compressed : rsv1;
      this.#options.observer?.frameReceived({ opcode, fin, compressed, length, payload: tap.message });
    }
    tap.handOn(this.#handler);
  }

  #createDeflater(): Deflater {
    const { role, deflate, compression } = this.#options;
    if (deflate === undefined) throw new TypeError("permessage-deflate is not in use");
    return new Deflater({
      windowBits: role === "client" ? deflate.clientMaxWindowBits : deflate.serverMaxWindowBits,
      contextTakeover: !(role === "client"
        ? deflate.clientNoContextTakeover
        : deflate.serverNoContextTakeover),
      level: compression.level ?? defaultLevel,
      memLevel: compression.memLevel ?? defaultMemLevel,
    });
  }
}

function createInflater(role: Role, deflate: AgreedDeflate): Inflater {
  return new Inflater({
    windowBits: role === "client" ? deflate.serverMaxWindowBits : deflate.clientMaxWindowBits,
    contextTakeover: !(role === "client" ? deflate.serverNoContextTakeover : deflate.clientNoContextTakeover),
  });
}
