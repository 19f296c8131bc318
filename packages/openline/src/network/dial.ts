import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import type { Handshake } from "../protocol/opening-handshake.js";
import { AgentHandshake } from "./agent-handshake.js";
import { isBlockedPort } from "./blocked-ports.js";
import type { DialOptions, HandshakeHandler } from "./dial-options.js";
import type { HandshakeRequest, HandshakeResponse } from "./handshake-exchange.js";
import { takeTurn } from "./handshake-queue.js";
import { Http1Handshake } from "./http1-handshake.js";
import { Http2Dial, type Http2DialHandler } from "./http2-dial.js";
import { NetworkError, toNetworkError, toUnixSocketError, withoutDetails } from "./network-error.js";
import { openStream, portOf } from "./server-stream.js";
import { isUnixSocketUrl, splitUnixSocketUrl } from "./unix-socket-url.js";

export type { DialOptions };

/** How a dial ends: with one of the two, and never within the call that began it. */
export type DialHandler = HandshakeHandler;

/** One attempt to open a connection: from the URL to the end of the opening handshake. [6455] 4.1 */
export class Dial implements Http2DialHandler {
  readonly #options: DialOptions;
  readonly #handler: DialHandler;
  #endTurn: (() => void) | undefined;
  #handshake: { destroy(): void } | undefined;
  /** Ends what leads to a stream, where that takes more than one step. */
  #way: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the constructor is through. */
  #begun = false;
  #over = false;
  /** Why the attempt was given up, if it was. */
  #aborted: Error | undefined;

  constructor(options: DialOptions, handler: DialHandler) {
    const unix = isUnixSocketUrl(options.url) ? splitUnixSocketUrl(options.url) : undefined;
    this.#options = unix === undefined ? options : { ...options, ...unix };
    this.#handler = handler;
    if (this.#options.signal?.aborted !== true) this.#start();
    this.#begun = true;
  }

  /** Gives the attempt up. The handler hears of it as of any failure. */
  abort(
    error: Error = failure("ERR_WS_HANDSHAKE_ABORTED", "The connection was closed before it was established"),
  ): void {
    // What is under way ends at once, and the next in the queue has its turn.
    this.#aborted ??= error;
    this.#way?.abort();
    this.#handshake?.destroy();
    this.#endTurn?.();
    setImmediate(() => this.failed(error));
  }

  #start(): void {
    const { url, socketPath, http2 } = this.#options;
    const port = portOf(url);
    if (socketPath === undefined && isBlockedPort(port)) {
      this.failed(failure("ERR_WS_BLOCKED_PORT", `Port ${port} is blocked: it belongs to another protocol`));
    } else if (http2 === false || (http2 === "auto" && url.protocol === "ws:")) {
      this.http1(undefined);
    } else {
      this.#startTimer();
      this.#handshake = new Http2Dial(this.#options, this);
    }
  }

  http1(stream: Duplex | undefined): void {
    const { url, socketPath, serializeHandshakes } = this.#options;
    this.#handshake = stream;
    const start = (): void => {
      if (this.#aborted !== undefined) return;
      this.#startTimer();
      this.#connect(stream);
    };
    if (serializeHandshakes) this.#endTurn = takeTurn(socketPath ?? `${url.hostname}:${portOf(url)}`, start);
    else start();
    // What failed within `start` had no turn to end yet.
    if (this.#over) this.#endTurn?.();
  }

  connected(socket: Duplex, head: Buffer, handshake: Handshake): void {
    if (this.#over || this.#aborted !== undefined) {
      socket.destroy();
      return;
    }
    this.#end();
    this.#handler.connected(socket, head, handshake);
  }

  requesting(request: HandshakeRequest): void {
    this.#handler.requesting(request);
  }

  answered(response: HandshakeResponse): void {
    if (!this.#over) this.#handler.answered(response);
  }

  failed(error: Error): void {
    if (this.#over) return;
    if (!this.#begun) {
      // Nobody expects to hear of it within the constructor.
      setImmediate(() => this.failed(error));
      return;
    }
    this.#end();
    this.#way?.abort();
    this.#handshake?.destroy();
    this.#handler.failed(this.#aborted ?? this.#described(error));
  }

  #connect(there: Duplex | undefined): void {
    if (there === undefined && this.#options.agent !== undefined) {
      this.#askAgent();
      return;
    }
    const stream = there ?? this.#openStream();
    if (stream === undefined) return;
    if (!(stream instanceof Promise)) {
      this.#shakeHands(stream);
      return;
    }
    stream.then(
      (socket) => {
        if (!this.#over) {
          this.#shakeHands(socket);
          return;
        }
        socket.on("error", () => {});
        socket.destroy();
      },
      (error: Error) => this.failed(error),
    );
  }

  #openStream(): Duplex | Promise<Duplex> | undefined {
    try {
      return openStream(this.#options.url, this.#options, ["http/1.1"], () => {
        this.#way ??= new AbortController();
        return this.#way.signal;
      });
    } catch (error) {
      this.failed(error as Error);
      return undefined;
    }
  }

  #shakeHands(stream: Duplex): void {
    this.#handshake = new Http1Handshake(this.#options, stream, this);
  }

  #askAgent(): void {
    try {
      this.#handshake = new AgentHandshake(this.#options, this);
    } catch (error) {
      // An agent that isn't one for this scheme, or a header of a kind that only Node knows to refuse.
      this.failed(error as Error);
    }
  }

  #startTimer(): void {
    const { handshakeTimeout } = this.#options;
    this.#timer ??= setTimeout(() => {
      this.failed(
        failure("ERR_WS_HANDSHAKE_TIMEOUT", `The opening handshake took more than ${handshakeTimeout} ms`),
      );
    }, handshakeTimeout);
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#endTurn?.();
  }

  #described(error: Error): Error {
    if (error instanceof ConnectionError || error instanceof NetworkError) return error;
    const { url, socketPath, agent } = this.#options;
    if (agent !== undefined) return toNetworkError(withoutDetails(error), url);
    return socketPath === undefined ? toNetworkError(error, url) : toUnixSocketError(error, socketPath);
  }
}

function failure(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
