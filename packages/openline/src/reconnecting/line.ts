import type {
  CloseEvent,
  CloseStatus,
  Environment,
  WebSocketConstructor,
  WebSocketLike,
} from "./environment.js";

/** What a line tells, until it is abandoned. */
export interface LineHandler {
  opened(connection: WebSocketLike): void;
  received(data: unknown, origin: string): void;
  ended(cause: CloseEvent): void;
}

/** One connection, from the attempt to its end. Once abandoned it tells nothing more. */
export class Line {
  readonly #environment: Environment;
  #handler: LineHandler | undefined;
  #connection: WebSocketLike | undefined;
  #error: unknown;

  constructor(environment: Environment, handler: LineHandler) {
    this.#environment = environment;
    this.#handler = handler;
  }

  get connection(): WebSocketLike | undefined {
    return this.#connection;
  }

  get isAbandoned(): boolean {
    return this.#handler === undefined;
  }

  /** @throws whatever the constructor throws for a wrong URL or subprotocol. */
  dial(WebSocket: WebSocketConstructor, url: string | URL, protocols: unknown, binaryType: string): void {
    // Without subprotocols the argument is left out: `undefined` is not nothing to every implementation.
    const connection =
      protocols === undefined ? new WebSocket(url) : new WebSocket(url, protocols as string[]);
    this.#connection = connection;
    connection.binaryType = binaryType;
    connection.addEventListener("open", () => this.#handler?.opened(connection));
    connection.addEventListener("message", (event) => {
      const { data, origin } = event as MessageEvent;
      this.#handler?.received(data, origin);
    });
    // The listener stays when the line is abandoned: an object of `ws` throws an error that nobody listens for.
    connection.addEventListener("error", (event) => {
      this.#error = (event as { error?: unknown }).error;
    });
    connection.addEventListener("close", (event) => {
      const { code, reason, wasClean } = event as CloseEvent;
      const handler = this.#handler;
      this.#handler = undefined;
      handler?.ended(this.#closeEvent({ code, reason, wasClean }, this.#error));
    });
  }

  /** Ends the line without its peer. */
  fail(reason: string, error?: unknown): void {
    const handler = this.#handler;
    this.abandon();
    handler?.ended(this.#closeEvent({ code: 1006, reason, wasClean: false }, error));
  }

  /** Lets the connection go, without waiting for anything. Whatever it still tells is not heard. */
  abandon(): void {
    if (this.#handler === undefined) return;
    this.#handler = undefined;
    if (this.#connection !== undefined) this.#environment.terminate(this.#connection);
  }

  #closeEvent(status: CloseStatus, error: unknown): CloseEvent {
    return Object.assign(new this.#environment.CloseEvent("close", status), { error });
  }
}
