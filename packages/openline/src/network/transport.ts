import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Bytes } from "../protocol/buffer.js";
import type { Segment } from "../protocol/outgoing-buffer.js";
import { type Flushable, flushSoon } from "./flush-queue.js";
import { type LentPacketReceiver, receiverOf, shareReads } from "./shared-read-buffer.js";

/** What a transport tells the connection above it. */
export interface TransportHandler {
  /**
   * @param direct whether the callback comes straight from the network, with no script before it.
   * @param lent whether the memory is the handler's until it returns, and no longer.
   */
  received(bytes: Bytes, direct: boolean, lent: boolean): void;
  /** The network has taken everything that was written. */
  drained(): void;
  /** The peer has ended its half of the stream: nothing more will come. */
  peerEnded(): void;
  /** The socket is gone, after `error` if there was one. */
  closed(error: Error | undefined): void;
}

/** What a connection has written for the network. */
export interface Output {
  readonly isEmpty: boolean;
  /** All that waits, in order; the caller releases each segment. */
  takeSegments(): readonly Segment[];
  /** The task that wrote it is over. */
  leaveOutput?(): void;
}

/** One write on its way, with the application's bytes that it completes. */
class Write {
  readonly segment: Segment;
  readonly applicationBytes: number;
  taken = false;

  constructor(segment: Segment, applicationBytes: number) {
    this.segment = segment;
    this.applicationBytes = applicationBytes;
  }
}

/** With so many bytes on their way to a slow peer, further ones wait in the output. */
const maxPendingBytes = 256 * 1024;

// Fake timers in a program's tests replace the global one: the order of tasks is not theirs to change.
const { setImmediate } = globalThis;

const noWrites: Write[] = [];

type TransportSocket = Duplex & { [receiverOf]?: Transport };

/** Carries a connection's bytes over a socket, or over any duplex stream that stands for one. */
export class Transport implements Flushable, LentPacketReceiver {
  readonly socket: Duplex;
  readonly #handler: TransportHandler;
  readonly #output: Output;
  /** The operating system copies what a socket takes; another stream may keep the memory it is given. */
  readonly #isSocket: boolean;
  #flushQueued = false;
  /** Whether the socket's callbacks come straight from the operating system, with no script below them. */
  readonly #isNative: boolean;
  /** False while the stream may still hand on what it has buffered, which it does in the middle of a task. */
  #direct = false;
  /** There while writes are on their way, as is their callback. */
  #writes: Write[] = noWrites;
  /** How many of them have been called back. */
  #writtenCount = 0;
  #onWritten: ((error?: Error | null) => void) | undefined;
  #error: Error | undefined;
  /** Whether the output waits for the peer to read. */
  #blocked = false;
  /** Whether our half of the stream ends with the output that waits. */
  #ending = false;
  /** Application bytes in the output that no write has taken yet. */
  #unflushed = 0;
  /** Application bytes sent and not known, at the start of this task, to have been taken by the network. */
  #buffered = 0;
  /** Application bytes that were taken in this task. */
  #unsettled = 0;
  /** Bytes handed to the network, frame headers included. */
  bytesSent = 0;
  /** Called when `bufferedBytes` has fallen. */
  #takenCallbacks: Set<() => void> | undefined;

  constructor(socket: Duplex, output: Output, handler: TransportHandler) {
    this.socket = socket;
    this.#output = output;
    this.#handler = handler;
    this.#isSocket = socket instanceof Socket;
    this.#isNative = socket instanceof Socket && isNative(socket);
    (socket as TransportSocket)[receiverOf] = this;
    // What the peer's end has been waited for may still have to be answered.
    socket.allowHalfOpen = true;
    if (socket instanceof Socket) {
      socket.setNoDelay(true);
      socket.setTimeout(0);
      shareReads(socket);
    }
    socket.on("data", onData);
    socket.on("end", onEnd);
    socket.on("error", onError);
    socket.on("close", onClose);
    // A peer may have ended its half while a server was thinking about the request.
    if (socket.readableEnded) setImmediate(() => this.peerEnded());
    this.#startFlowing();
  }

  /** Bytes of the application's that the network had not taken at the start of this task. [WS] bufferedAmount */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  /** Whether the network has taken all that was handed to it. */
  get isDrained(): boolean {
    return this.#output.isEmpty && this.socket.writableLength === 0;
  }

  /** Counts `size` bytes of the application's that have just been written to the output. */
  countBytes(size: number): void {
    this.#buffered += size;
    this.#unflushed += size;
  }

  /** Calls back each time `bufferedBytes` has fallen, until the function it gives is called. */
  onTaken(callback: () => void): () => void {
    this.#takenCallbacks ??= new Set();
    const callbacks = this.#takenCallbacks.add(callback);
    // Somebody waits for it: the event loop must not sleep first.
    settleTurn?.ref();
    return () => callbacks.delete(callback);
  }

  /** Flushes the output at the end of this task. */
  flushSoon(): void {
    if (this.#flushQueued) return;
    this.#flushQueued = true;
    flushSoon(this);
  }

  /** Hands the output to the network, at the end of a task. */
  flush(): void {
    this.handOver();
    this.#output.leaveOutput?.();
  }

  /** Hands the output to the network at once; whoever writes to it may be in the middle of that. */
  handOver(): void {
    this.#flushQueued = false;
    if (this.#output.isEmpty) return;
    const { socket } = this;
    if (socket.writableLength > maxPendingBytes && socket.writable) {
      // The peer is slow: what comes from now on waits in the output and leaves in fewer, larger writes.
      this.#blocked = true;
      return;
    }
    const segments = this.#output.takeSegments();
    if (!socket.writable) {
      for (const segment of segments) segment.release();
      return;
    }
    if (this.#onWritten === undefined) {
      this.#onWritten = (error) => this.#written(error);
      this.#writes = [];
    }
    const several = segments.length > 1;
    if (several) socket.cork();
    const first = this.#writes.length;
    for (let i = 0; i < segments.length; i++) {
      const segment = segments[i] as Segment;
      const last = i === segments.length - 1;
      this.bytesSent += segment.bytes.length;
      this.#writes.push(new Write(segment, last ? this.#unflushed : 0));
      this.#writeTo(socket, segment.bytes, this.#onWritten);
    }
    this.#unflushed = 0;
    if (several) socket.uncork();
    // Mostly the kernel takes all at once; then the memory is free again before the callback comes.
    if (this.#isSocket && socket.writableLength === 0) {
      for (let i = first; i < this.#writes.length; i++) this.#take(this.#writes[i] as Write);
    }
  }

  #writeTo(socket: Duplex, bytes: Bytes, onWritten: (error?: Error | null) => void): void {
    try {
      socket.write(this.#isSocket ? bytes : Buffer.from(bytes), onWritten);
    } catch (error) {
      // A stream of the program's own that throws ends its connection, and no other.
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Ends our half of the stream once the output has left. */
  end(): void {
    this.handOver();
    if (this.#blocked) this.#ending = true;
    else if (this.#mayCloseAtOnce()) this.socket.destroy();
    else this.socket.end();
  }

  /**
   * Fast path: where both directions are through, closing a TCP socket tells the peer all that ending our half first
   * would, in one system call and one turn of the event loop less (10 µs of 280 for a connection opened and closed).
   */
  #mayCloseAtOnce(): boolean {
    const { socket } = this;
    return (
      socket instanceof Socket &&
      !(socket instanceof TLSSocket) &&
      socket.readableEnded &&
      socket.writableLength === 0
    );
  }

  /** Cuts the connection. */
  destroy(): void {
    const { socket } = this;
    // [8441] 5: over HTTP/2 a connection is cut by a reset with the error code CANCEL.
    if ("rstCode" in socket && "close" in socket && typeof socket.close === "function") socket.close(8);
    socket.destroy();
  }

  /** Stops reading: TCP then slows the peer down. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
    this.#startFlowing();
  }

  /** The stream flows from the next tick on, and first hands on what it has buffered. */
  #startFlowing(): void {
    if (!this.#isNative) return;
    this.#direct = false;
    process.nextTick(markDirect, this);
  }

  markDirect(): void {
    this.#direct = true;
  }

  /** Lets the process end although the socket is still open. */
  unref(): void {
    if (this.socket instanceof Socket) this.socket.unref();
  }

  received(chunk: Buffer): void {
    this.#handler.received((this.#isSocket ? chunk : Buffer.from(chunk)) as Bytes, this.#direct, false);
  }

  receivedLent(bytes: Bytes): void {
    this.#handler.received(bytes, this.#isNative, true);
  }

  peerEnded(): void {
    this.#handler.peerEnded();
  }

  failed(error: Error): void {
    this.#error ??= error;
  }

  closed(): void {
    this.#handler.closed(this.#error);
  }

  /** The bytes that were taken in an earlier task leave the count. */
  settle(): void {
    this.#buffered -= this.#unsettled;
    this.#unsettled = 0;
    if (this.#takenCallbacks !== undefined) for (const callback of this.#takenCallbacks) callback();
  }

  #written(error: Error | null | undefined): void {
    const write = this.#nextWritten();
    if (write === undefined || write.taken) return;
    if (error) write.segment.release();
    else this.#take(write);
    if (!this.#blocked || this.socket.writableLength > maxPendingBytes / 2) return;
    this.#blocked = false;
    this.handOver();
    if (this.#ending && !this.#blocked) this.socket.end();
  }

  /** Writes are called back in their order. Not `shift`, which takes time in proportion to the rest. */
  #nextWritten(): Write | undefined {
    const write = this.#writes[this.#writtenCount++];
    if (this.#writtenCount === this.#writes.length) {
      this.#writes = noWrites;
      this.#writtenCount = 0;
      this.#onWritten = undefined;
    }
    return write;
  }

  #take(write: Write): void {
    write.taken = true;
    write.segment.release();
    if (write.applicationBytes > 0) {
      if (this.#unsettled === 0) settleSoon(this, (this.#takenCallbacks?.size ?? 0) > 0);
      this.#unsettled += write.applicationBytes;
    }
    if (this.socket.writableLength === 0) this.#handler.drained();
  }
}

/** TLS may be spoken over a stream of the program's, whose bytes come while the program writes them. */
function isNative(socket: Socket): boolean {
  if (!(socket instanceof TLSSocket)) return true;
  const handle: unknown = Reflect.get(socket, "_handle");
  return typeof handle === "object" && handle !== null && "fd" in handle && Number(handle.fd) >= 0;
}

let settling: Transport[] = [];
let settleTurn: NodeJS.Immediate | undefined;

/**
 * A count of buffered bytes must not fall within a task: it does in the next one.
 * @param isAwaited whether somebody is told of that.
 */
function settleSoon(transport: Transport, isAwaited: boolean): void {
  // Without a reference the event loop doesn't wake for it, and nobody can look while it sleeps.
  settleTurn ??= setImmediate(settleAll).unref();
  if (isAwaited) settleTurn.ref();
  settling.push(transport);
}

function settleAll(): void {
  const transports = settling;
  settling = [];
  settleTurn = undefined;
  for (const transport of transports) transport.settle();
}

function markDirect(transport: Transport): void {
  transport.markDirect();
}

// Listeners shared by all sockets: none of a connection's own.

function onData(this: TransportSocket, chunk: Buffer): void {
  this[receiverOf]?.received(chunk);
}

function onEnd(this: TransportSocket): void {
  this[receiverOf]?.peerEnded();
}

function onError(this: TransportSocket, error: Error): void {
  this[receiverOf]?.failed(error);
}

function onClose(this: TransportSocket): void {
  this[receiverOf]?.closed();
}
