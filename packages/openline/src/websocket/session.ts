import type { Duplex } from "node:stream";
import { Dial, type DialHandler } from "../network/dial.js";
import { endpointsOf } from "../network/endpoints.js";
import type { HandshakeRequest, HandshakeResponse } from "../network/handshake-exchange.js";
import { Transport, type TransportHandler } from "../network/transport.js";
import { asBytes, type Bytes } from "../protocol/buffer.js";
import { CloseCode } from "../protocol/close-code.js";
import { Connection, type ConnectionHandler, type ConnectionOptions } from "../protocol/connection.js";
import { ConnectionError } from "../protocol/connection-error.js";
import type { FrameObserver } from "../protocol/frame-observer.js";
import type { Handshake } from "../protocol/opening-handshake.js";
import type { AgreedDeflate, PerMessageDeflateOptions } from "../protocol/permessage-deflate.js";
import type { Role } from "../protocol/role.js";
import { TracedConnection } from "../tracing/traced-connection.js";
import { onAbort } from "./abort-signal.js";
import type { ConnectionSettings } from "./connection-options.js";
import type { CloseEventStatus } from "./fired-event.js";
import { type Input, InputOrder } from "./input-order.js";
import type { LineControl, LineEnding } from "./line-control.js";
import type { Arrival } from "./received-message-event.js";
import { type ClosingRequest, SendQueue, type SendQueueTarget } from "./send-queue.js";
import type { SessionOwner } from "./session-owner.js";
import { isTurnOver, queueTask, readAtOnce, settle } from "./task-queue.js";
import { textsOf } from "./url.js";
import type { WebSocketSettings } from "./websocket-options.js";

/** The values of `readyState`. [WS] 3.1 */
export const ReadyState = { Connecting: 0, Open: 1, Closing: 2, Closed: 3 } as const;
export type ReadyState = (typeof ReadyState)[keyof typeof ReadyState];

/** What binary messages come as. [WS] 3.1 */
export type BinaryType = "blob" | "arraybuffer";

/** Milliseconds that the TCP connection may outlive the closing handshake; as long as in Chromium. */
const endTimeout = 2000;

const noOptions: PerMessageDeflateOptions = {};

/** What a server has exchanged with a client before the object is there. */
export interface AcceptedExchange {
  readonly request: HandshakeRequest;
  readonly response: HandshakeResponse;
}

/** What lies behind a `WebSocket` or a `WebSocketStream`: its state and its connection, from the constructor to the end. */
export class Session
  extends TracedConnection
  implements
    ConnectionHandler,
    ConnectionOptions,
    TransportHandler,
    DialHandler,
    SendQueueTarget,
    LineControl,
    Input
{
  readyState: ReadyState = ReadyState.Connecting;
  binaryType: BinaryType = "blob";
  protocol = "";
  extensions = "";
  messagesSent = 0;
  messagesReceived = 0;
  bytesReceived = 0;
  /** Takes the payloads of pongs, for who has sent pings. */
  onPong: ((payload: Bytes) => void) | undefined;
  /** What the handshake was answered with, once it was. */
  response: HandshakeResponse | undefined;
  /** The parameters of permessage-deflate, where it is in use. */
  deflate: AgreedDeflate | undefined;
  ending: LineEnding | undefined;

  /** What the messages of the latest packet with any have in common. */
  arrival: Arrival | undefined;

  /** Of the URL, and so of the messages. */
  readonly origin: string;
  readonly #owner: SessionOwner;
  readonly #settings: ConnectionSettings;
  #dial: Dial | undefined;
  /** No longer listens to the signal of the options. */
  #endSignal: (() => void) | undefined;
  #connection: Connection | undefined;
  #transport: Transport | undefined;
  #sendQueue: SendQueue | undefined;
  /** Bytes of messages that will never be sent, since the closing handshake came first. */
  #discardedBytes = 0;
  #closeTimer: NodeJS.Timeout | undefined;
  #closeTimerDelay: number | undefined;
  /** Whether the task that fires `close` has been queued. */
  #over = false;
  /** There while input waits: 80 bytes less for an idle connection. */
  #inputOrder: InputOrder | undefined;
  /** Whether a packet is being read, and its messages delivered. */
  #isReading = false;
  /** Whether the socket is gone. */
  #isGone = false;

  private constructor(owner: SessionOwner, role: Role, url: URL, settings: ConnectionSettings) {
    const { href, origin } = textsOf(url);
    super(role, href);
    this.origin = origin;
    this.#owner = owner;
    this.#settings = settings;
  }

  /** Opens a connection for `owner`. */
  static open(
    owner: SessionOwner,
    url: URL,
    subprotocols: readonly string[],
    settings: WebSocketSettings,
  ): Session {
    const session = new Session(owner, "client", url, settings.connection);
    session.#dial = new Dial({ ...settings.dial, url, subprotocols }, session);
    const { signal } = settings;
    if (signal !== undefined) session.#endSignal = onAbort(signal, (reason) => session.#abort(reason));
    return session;
  }

  /** Takes over a connection whose opening handshake a server has answered: the object is OPEN at once. */
  static accept(
    owner: SessionOwner,
    url: URL,
    socket: Duplex,
    head: Buffer,
    handshake: Handshake,
    settings: ConnectionSettings,
    exchange?: AcceptedExchange,
  ): Session {
    const session = new Session(owner, "server", url, settings);
    if (exchange !== undefined) {
      session.requesting(exchange.request);
      session.answered(exchange.response);
    }
    session.#establish(socket, handshake);
    session.#opened(handshake);
    // The program gets to know the object first.
    if (head.length > 0) session.received(head as Bytes, false, false);
    return session;
  }

  /** Bytes given to `send` that the network hasn't taken yet. [WS] bufferedAmount */
  get bufferedAmount(): number {
    return (this.#transport?.bufferedBytes ?? 0) + (this.#sendQueue?.bytes ?? 0) + this.#discardedBytes;
  }

  /** [WS] send, for a string. */
  sendString(data: string): void {
    if (this.readyState !== ReadyState.Open) this.#discardedBytes += Buffer.byteLength(data);
    else if (this.#sendQueue === undefined || this.#sendQueue.isEmpty) this.sendText(data);
    else this.#sendQueue.push(data, Buffer.byteLength(data));
  }

  /** [WS] send, for an ArrayBuffer or a view. The bytes are taken at once. */
  sendBinary(data: ArrayBuffer | ArrayBufferView): void {
    if (this.readyState !== ReadyState.Open) this.#discardedBytes += data.byteLength;
    else if (this.#sendQueue === undefined || this.#sendQueue.isEmpty) this.sendBytes(asBytes(data));
    else this.#sendQueue.push(Buffer.from(asBytes(data)) as Bytes, data.byteLength);
  }

  /** [WS] send, for a Blob. */
  sendBlob(data: Blob): void {
    if (this.readyState !== ReadyState.Open) {
      this.#discardedBytes += data.size;
    } else {
      this.#sendQueue ??= new SendQueue(this);
      this.#sendQueue.push(data, data.size);
    }
  }

  /** [WS] close, once the arguments are checked. */
  close(code: number | undefined, reason: string): void {
    if (this.readyState >= ReadyState.Closing) return;
    const wasConnecting = this.readyState === ReadyState.Connecting;
    this.readyState = ReadyState.Closing;
    // No more messages are delivered, and the closing handshake has to be read.
    this.#inputOrder?.releaseAll();
    if (wasConnecting) {
      this.#dial?.abort();
      this.#connection?.fail(
        new ConnectionError(
          "ERR_WS_HANDSHAKE_ABORTED",
          CloseCode.GoingAway,
          "The connection was closed before it was open",
        ),
      );
    } else if (this.#sendQueue === undefined || this.#sendQueue.isEmpty) {
      // A close frame that has come already is answered, as in Chromium, though a handler doesn't know of it yet.
      this.#behindInput(() => this.startClosing({ code, reason }));
    } else {
      this.#sendQueue.push({ code, reason }, 0);
    }
  }

  /** Starts the closing handshake with a code that only the implementation may use: 1001 of a server that ends. */
  goAway(code: CloseCode, reason: string): void {
    this.close(code, reason);
  }

  /** Cuts the connection without a closing handshake. */
  terminate(): void {
    if (this.readyState === ReadyState.Connecting) this.close(undefined, "");
    else this.#transport?.destroy();
  }

  /** The signal of the options has been aborted. */
  #abort(reason: unknown): void {
    if (this.readyState < ReadyState.Closing) this.readyState = ReadyState.Closing;
    const error = new ConnectionError(
      "ERR_WS_ABORTED",
      CloseCode.GoingAway,
      "The connection was ended by its signal",
      { cause: reason },
    );
    this.#dial?.abort(error);
    this.#connection?.fail(error);
  }

  /** Sends a ping with up to 125 bytes. */
  sendPing(payload: Bytes): void {
    this.#openLine().connection.ping(payload);
  }

  /** The socket or stream that carries the connection, once it is established. */
  get socket(): Duplex | undefined {
    return this.#transport?.socket;
  }

  get bytesSent(): number {
    return this.#transport?.bytesSent ?? 0;
  }

  get compressedMessagesSent(): number {
    return this.#connection?.compressedMessagesSent ?? 0;
  }

  get compressedMessagesReceived(): number {
    return this.#connection?.compressedMessagesReceived ?? 0;
  }

  // ConnectionOptions: the connection gets no object of its own for them.

  get compression(): PerMessageDeflateOptions {
    const { perMessageDeflate } = this.#settings;
    return perMessageDeflate === false ? noOptions : perMessageDeflate;
  }

  get maxPayload(): number {
    return this.#settings.maxPayload;
  }

  get maxFragments(): number {
    return this.#settings.maxFragments;
  }

  get observer(): FrameObserver {
    return this;
  }

  // LineControl

  holdReading(holder: object): void {
    if (this.readyState < ReadyState.Closing && !this.#isGone) this.#order().hold(holder);
  }

  releaseReading(holder: object): void {
    this.#inputOrder?.release(holder);
  }

  onTaken(callback: () => void): () => void {
    return this.#transport?.onTaken(callback) ?? (() => {});
  }

  /** Hands what was sent to the network at once; gives whether the network has taken all of it. */
  flushNow(): boolean {
    this.#transport?.flush();
    return this.#transport?.isDrained ?? true;
  }

  // DialHandler

  requesting(request: HandshakeRequest): void {
    this.traceRequest(request);
  }

  answered(response: HandshakeResponse): void {
    this.response = response;
    this.traceResponse(response);
  }

  connected(socket: Duplex, head: Buffer, handshake: Handshake): void {
    this.#dial = undefined;
    this.#establish(socket, handshake);
    queueTask({
      run: () => {
        if (this.readyState !== ReadyState.Connecting) return;
        this.#opened(handshake);
        this.#owner.opened(this);
      },
    });
    this.bytesReceived += head.length;
    if (head.length > 0) this.read(head as Bytes, false);
  }

  failed(error: Error): void {
    this.#dial = undefined;
    this.#inputOrder?.releaseAll();
    this.#finish({ code: CloseCode.Abnormal, reason: "", wasClean: false }, error);
    if (this.#transport === undefined) return;
    // The close frame that says why gets its chance to be read; nobody waits for it.
    this.#transport.end();
    this.#startCloseTimer();
    // A server counts its connections until they are gone; a client's end with their `close` event.
    if (this.role === "server") return;
    this.#closeTimer?.unref();
    this.#transport.unref();
  }

  // ConnectionHandler

  text(data: string): void {
    this.#deliver(data);
  }

  binary(data: ArrayBuffer): void {
    this.#deliver(data);
  }

  pong(payload: Bytes): void {
    this.onPong?.(payload);
  }

  closeReceived(): void {
    queueTask({
      run: () => {
        if (this.readyState !== ReadyState.Open) return;
        this.readyState = ReadyState.Closing;
        this.#owner.closing(this);
      },
    });
    this.#continueClosing();
  }

  outputReady(): void {
    this.#transport?.flushSoon();
  }

  flush(): void {
    this.#transport?.handOver();
  }

  // Input

  read(bytes: Bytes, lent: boolean): void {
    this.arrival = undefined;
    this.#isReading = true;
    try {
      this.#connection?.receive(bytes, lent);
    } finally {
      this.#isReading = false;
    }
    if (isTurnOver()) this.#order().yieldTurn();
  }

  stop(): void {
    this.#connection?.hold();
  }

  readRest(): void {
    this.#isReading = true;
    try {
      this.#connection?.resume();
    } finally {
      this.#isReading = false;
    }
  }

  dam(): void {
    this.#transport?.pause();
  }

  flow(): void {
    this.#transport?.resume();
  }

  atRest(): void {
    this.#inputOrder = undefined;
  }

  // TransportHandler

  received(bytes: Bytes, direct: boolean, lent: boolean): void {
    this.bytesReceived += bytes.length;
    if (direct && this.#inputOrder === undefined && readAtOnce(this, bytes, lent)) return;
    this.#order().push(lent ? (Buffer.from(bytes) as Bytes) : bytes);
  }

  drained(): void {
    this.#connection?.outputTaken();
    this.#owner.outputTaken(this);
  }

  peerEnded(): void {
    this.#behindInput(() => {
      this.#transport?.end();
      this.#startCloseTimer();
    });
  }

  closed(): void {
    clearTimeout(this.#closeTimer);
    // Nothing more can come, so nobody has to be kept from it.
    this.#isGone = true;
    this.#inputOrder?.releaseAll();
    this.#behindInput(() => this.#closed());
  }

  /** Takes a step once all input that came before it has been read. */
  #behindInput(step: () => void): void {
    if (this.#inputOrder === undefined && !this.#isReading) step();
    else this.#order().behindInput(step);
  }

  #closed(): void {
    const closing = this.#connection?.closing;
    const status = closing?.received;
    this.#finish(
      closing?.complete && status !== undefined
        ? { ...status, wasClean: true }
        : { code: CloseCode.Abnormal, reason: "", wasClean: false },
    );
  }

  // SendQueueTarget

  sendText(data: string): void {
    const { connection, transport } = this.#openLine();
    if (connection.closing.sent) {
      this.#discardedBytes += Buffer.byteLength(data);
    } else {
      transport.countBytes(connection.sendText(data));
      this.messagesSent++;
    }
  }

  sendBytes(data: Bytes): void {
    const { connection, transport } = this.#openLine();
    if (connection.closing.sent) {
      this.#discardedBytes += data.length;
    } else {
      connection.sendBinary(data);
      transport.countBytes(data.length);
      this.messagesSent++;
    }
  }

  startClosing({ code, reason }: ClosingRequest): void {
    this.#openLine().connection.close(code, reason);
    this.#continueClosing();
  }

  blobFailed(error: unknown): void {
    this.#connection?.fail(
      new ConnectionError("ERR_WS_BLOB_READ", CloseCode.InternalError, "A Blob could not be read", {
        cause: error,
      }),
    );
  }

  #establish(socket: Duplex, { deflate, subprotocol: protocol, extensions }: Handshake): void {
    this.deflate = deflate;
    this.#connection = new Connection(this, this);
    this.#transport = new Transport(socket, this.#connection, this);
    if (this.#inputOrder?.isHeld === true) {
      this.stop();
      this.dam();
    }
    this.traceOpen({ protocol, extensions }, () => endpointsOf(socket));
  }

  #order(): InputOrder {
    this.#inputOrder ??= new InputOrder(this);
    return this.#inputOrder;
  }

  #openLine(): { connection: Connection; transport: Transport } {
    const connection = this.#connection;
    const transport = this.#transport;
    if (connection === undefined || transport === undefined)
      throw new TypeError("The connection is not established");
    return { connection, transport };
  }

  #opened({ subprotocol, extensions }: Handshake): void {
    this.readyState = ReadyState.Open;
    this.extensions = extensions;
    this.protocol = subprotocol;
  }

  /** The task of a received message, and its end. [WS] 6 */
  #deliver(data: string | ArrayBuffer): void {
    this.arrival ??= { origin: this.origin, timeStamp: performance.now() };
    if (this.readyState === ReadyState.Connecting) {
      // It came with the handshake: `open` has its task first.
      this.#order().stop(() => this.#deliver(data));
      return;
    }
    this.messagesReceived++;
    if (this.readyState === ReadyState.Open) this.#owner.message(this, data, this.arrival);
    if (!settle()) this.#order().stop();
  }

  /** Takes the closing handshake's next step, or waits for it. [6455] 7.1.1 */
  #continueClosing(): void {
    if (this.#over) return;
    if (this.#connection?.closing.step === "end") this.#transport?.end();
    this.#startCloseTimer();
  }

  /** Cuts the connection where the peer doesn't do its part of the goodbye in time. */
  #startCloseTimer(): void {
    const { closeTimeout } = this.#settings;
    const step = this.#connection?.closing.step;
    const timeout = step === "peer-end" || step === "end" ? Math.min(closeTimeout, endTimeout) : closeTimeout;
    if (timeout === this.#closeTimerDelay) return;
    this.#closeTimerDelay = timeout;
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => this.#transport?.destroy(), timeout);
  }

  /** Queues the task that the connection ends with. [WS] 6, when the WebSocket connection is closed */
  #finish(status: CloseEventStatus, error?: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#endSignal?.();
    if (error !== undefined) {
      // In a browser microtasks run between the two events: here that takes a task of its own.
      queueTask({
        run: () => {
          this.readyState = ReadyState.Closed;
          this.traceError(error);
          this.#owner.failed(this, error);
        },
      });
    }
    queueTask({
      run: () => {
        this.readyState = ReadyState.Closed;
        this.traceClose(status);
        this.#owner.closed(this, status);
      },
    });
  }
}
