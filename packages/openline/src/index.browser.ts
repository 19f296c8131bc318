/**
 * What a browser gets: its own objects, and the functions that take them.
 * @module
 */

import type { CloseEvent as NodeCloseEvent } from "./websocket/close-event.js";
import type { MessageEvent as NodeMessageEvent } from "./websocket/message-event.js";
import type { WebSocket as NodeWebSocket } from "./websocket/websocket.js";
import type { WebSocketError as NodeWebSocketError } from "./websocket-stream/websocket-error.js";
import type { WebSocketStream as NodeWebSocketStream } from "./websocket-stream/websocket-stream.js";

export { closed } from "./functions/closed.js";
export { type CloseDetails, ClosedError } from "./functions/closed-error.js";
export { drained } from "./functions/drained.js";
export { type MessageData, type MessagesOptions, messages } from "./functions/messages.js";
export { opened } from "./functions/opened.js";
export type { SocketLike } from "./functions/socket-like.js";

interface Platform {
  readonly WebSocket: typeof NodeWebSocket;
  readonly CloseEvent: typeof NodeCloseEvent;
  readonly MessageEvent: typeof NodeMessageEvent;
  readonly WebSocketStream: typeof NodeWebSocketStream;
  readonly WebSocketError: typeof NodeWebSocketError;
}

const platform = globalThis as unknown as Platform;

/** The browser's own: without the options that only Node.js needs. */
export const WebSocket: Platform["WebSocket"] = platform.WebSocket;
export type WebSocket = NodeWebSocket;
export const CloseEvent: Platform["CloseEvent"] = platform.CloseEvent;
export type CloseEvent = NodeCloseEvent;
export const MessageEvent: Platform["MessageEvent"] = platform.MessageEvent;
export type MessageEvent = NodeMessageEvent;

/** Chromium has them; `undefined` in other browsers. */
export const WebSocketStream: Platform["WebSocketStream"] = platform.WebSocketStream;
export type WebSocketStream = NodeWebSocketStream;
export const WebSocketError: Platform["WebSocketError"] = platform.WebSocketError;
export type WebSocketError = NodeWebSocketError;
