/**
 * An object with the interface of `WebSocket` that survives its connections.
 * @module
 */

import type { Protocols, ReconnectingWebSocketOptions, Source } from "./options.js";
import { platform } from "./platform.browser.js";
import { ReconnectingWebSocket as Base } from "./reconnecting-websocket.js";

export * from "./exports.js";
export { isWorthRetrying } from "./reconnection.js";

/** An object with the interface of `WebSocket` that opens a new connection whenever one ends unasked. */
export class ReconnectingWebSocket extends Base {
  /**
   * @param url where to, or a function (it may be async) that is asked at each attempt.
   * @param protocols the subprotocols, or the options that the platform's constructor takes there, or a function too.
   * @throws DOMException SyntaxError for a URL or a subprotocol that can't be one, TypeError for a wrong option.
   */
  constructor(
    url: Source<string | URL>,
    protocols?: Source<Protocols>,
    options: ReconnectingWebSocketOptions = {},
  ) {
    super(url, protocols, options, platform);
  }
}
