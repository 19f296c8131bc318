/**
 * An object with the interface of `WebSocket` that survives its connections.
 * @module openline/reconnecting
 */

import { NodeClock } from "./node-clock.js";
import type { Protocols, ReconnectingWebSocketOptions, Source } from "./options.js";
import { platform } from "./platform.js";
import { ReconnectingWebSocket as Base } from "./reconnecting-websocket.js";

export * from "./exports.js";
export { isWorthRetrying } from "./refusal.js";

/** An object with the interface of `WebSocket` that opens a new connection whenever one ends unasked. */
export class ReconnectingWebSocket extends Base {
  readonly #clock: NodeClock;

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
    const clock = new NodeClock();
    super(url, protocols, options, { ...platform, clock });
    this.#clock = clock;
  }

  /** Lets the process end while this object waits. A connection keeps it alive all the same. Node.js only. */
  unref(): this {
    this.#clock.hold(false);
    return this;
  }

  /** Takes `unref` back. */
  ref(): this {
    this.#clock.hold(true);
    return this;
  }
}
