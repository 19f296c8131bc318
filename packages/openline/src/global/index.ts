/**
 * Installs the objects as globals where the platform has none: for libraries that expect a browser's.
 * @module openline/global
 */

import { CloseEvent } from "../websocket/close-event.js";
import { WebSocket } from "../websocket/websocket.js";
import { WebSocketError } from "../websocket-stream/websocket-error.js";
import { WebSocketStream } from "../websocket-stream/websocket-stream.js";

const globals: Readonly<Record<string, unknown>> = { WebSocket, WebSocketStream, WebSocketError, CloseEvent };

/** What `install` takes. */
export interface InstallOptions {
  /** Whether to replace what is there already. Default false. */
  readonly force?: boolean;
}

/**
 * Installs the objects as globals. Importing this module has done so without `force`.
 * @throws TypeError for a wrong option.
 */
export function install(options: InstallOptions = {}): void {
  const { force = false } = options;
  if (typeof force !== "boolean") {
    throw new TypeError(`install: the option force is ${String(force)}, but must be true or false`);
  }
  for (const [name, value] of Object.entries(globals)) {
    if (name in globalThis && !force) continue;
    // [IDL] 3.7.3: what an interface object's property on the global object looks like.
    Object.defineProperty(globalThis, name, { value, writable: true, enumerable: false, configurable: true });
  }
}

install();
