import { type CloseWish, checkCloseWish, readCloseInfo, type WebSocketCloseInfo } from "./close-info.js";

/** What an error that we make ourselves tells, besides its message. */
interface ErrorDetails {
  /** Any code, also one that only the implementation may use. */
  readonly closeCode?: number;
  readonly reason?: string;
  /** What was wrong, with a stable `code`. */
  readonly cause?: unknown;
}

/** An error of ours: unlike a program's it may have any close code. */
export let createWebSocketError: (message: string, details: ErrorDetails) => WebSocketError;

/** How a stream that is cancelled or aborted with `reason` is to be closed: a `WebSocketError` says it. */
export let closeWishOf: (reason: unknown) => CloseWish;

/**
 * How a connection of a `WebSocketStream` ended, or is to end. `writer.abort(error)` and `reader.cancel(error)` close
 * the connection with its code and reason.
 */
export class WebSocketError extends DOMException {
  #closeCode: number | null;
  #reason: string;

  /**
   * @param init the code, 1000 or 3000 to 4999, and the reason; a reason without a code gets 1000.
   * @throws DOMException InvalidAccessError for another code, SyntaxError for a reason of more than 123 bytes.
   */
  constructor(message = "", init: WebSocketCloseInfo = {}) {
    super(message, "WebSocketError");
    const { code, reason } = readCloseInfo(init, "WebSocketError");
    this.#closeCode = code ?? null;
    this.#reason = reason;
  }

  /** The close code; `null` where there is none, as before a connection was open. */
  get closeCode(): number | null {
    return this.#closeCode;
  }

  /** The reason beside the code, or "". */
  get reason(): string {
    return this.#reason;
  }

  static {
    createWebSocketError = (message, { closeCode, reason = "", cause }) => {
      const error = new WebSocketError(message);
      error.#closeCode = closeCode ?? null;
      error.#reason = reason;
      if (cause !== undefined) {
        Object.defineProperty(error, "cause", { value: cause, writable: true, configurable: true });
      }
      return error;
    };
    closeWishOf = (reason) =>
      typeof reason === "object" && reason !== null && #closeCode in reason
        ? checkCloseWish(reason.#closeCode ?? undefined, reason.#reason)
        : { code: undefined, reason: "" };
  }
}

// [IDL] 3.7: a default value doesn't count for `length`, and members are enumerable.
const { prototype } = WebSocketError;
for (const name of ["closeCode", "reason"]) Object.defineProperty(prototype, name, { enumerable: true });
Object.defineProperty(prototype, Symbol.toStringTag, { value: "WebSocketError", configurable: true });
