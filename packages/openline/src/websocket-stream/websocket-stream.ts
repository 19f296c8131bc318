import { findInvalidSubprotocol } from "../protocol/subprotocol.js";
import { shown, syntaxError } from "../websocket/exceptions.js";
import { parseUrl } from "../websocket/url.js";
import { readCloseInfo, type WebSocketCloseInfo } from "./close-info.js";
import { StreamConnection, type WebSocketClosedInfo, type WebSocketOpenInfo } from "./stream-connection.js";
import { readStreamOptions, type WebSocketStreamOptions } from "./stream-options.js";

/**
 * A WebSocket connection as a pair of streams, after the proposal as Chromium ships it. Both ways have back-pressure: a
 * message that isn't read makes the peer wait, and a write is through once the network has taken the message.
 */
export class WebSocketStream {
  readonly #connection = new StreamConnection();
  readonly #url: string;

  /**
   * @param url where to: `ws:` or `wss:` (or `http:`, `https:`, which stand for them), without a fragment.
   * @throws DOMException SyntaxError for a URL or a subprotocol that can't be one, TypeError for a wrong option.
   */
  constructor(url: string | URL, options: WebSocketStreamOptions = {}) {
    if (arguments.length === 0)
      throw new TypeError("WebSocketStream: 1 argument required, but only 0 present");
    const text = `${url}`.toWellFormed();
    const { subprotocols, signal, settings } = readStreamOptions(options);
    if (signal?.aborted === true) {
      // As in Chromium: nothing else is looked at, and there is no URL.
      this.#url = "";
      this.#connection.abort(signal.reason);
      return;
    }
    const parsed = parseUrl(text);
    const invalid = findInvalidSubprotocol(subprotocols);
    if (invalid !== undefined) {
      throw syntaxError(
        `The subprotocol ${shown(invalid)} is not a token, or stands more than once in the list`,
      );
    }
    this.#url = parsed.href;
    this.#connection.open(parsed, subprotocols, settings, signal);
  }

  /** The URL that the connection was opened to; "" where the signal had been aborted before. */
  get url(): string {
    return this.#url;
  }

  /** The streams, once the connection is open; rejected with a `WebSocketError` where it can't be opened. */
  get opened(): Promise<WebSocketOpenInfo> {
    return #connection in this ? this.#connection.openedPromise : wrongThis();
  }

  /** The peer's close frame, once the connection is gone; rejected with a `WebSocketError` where there was none. */
  get closed(): Promise<WebSocketClosedInfo> {
    return #connection in this ? this.#connection.closedPromise : wrongThis();
  }

  /**
   * Starts the closing handshake, or gives the connection up that isn't open yet.
   * @throws DOMException InvalidAccessError for a code but 1000 and 3000 to 4999, SyntaxError for a reason of more than
   * 123 bytes.
   */
  close(info: WebSocketCloseInfo = {}): void {
    const connection = this.#connection;
    const { code, reason } = readCloseInfo(info, "close");
    connection.close(code, reason);
  }
}

// [IDL] 3.7.6: what gives a promise never throws.
function wrongThis(): Promise<never> {
  return Promise.reject(new TypeError("This is not a WebSocketStream"));
}

// [IDL] 3.7: what an interface's members look like from outside. A class makes them non-enumerable.
const { prototype } = WebSocketStream;
for (const name of ["url", "opened", "closed", "close"]) {
  Object.defineProperty(prototype, name, { enumerable: true });
}
Object.defineProperty(prototype, Symbol.toStringTag, { value: "WebSocketStream", configurable: true });
