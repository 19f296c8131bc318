/**
 * The browser's `WebSocket` object for Node.js.
 * @module
 */

export { NetworkError } from "./network/network-error.js";
export type { ConnectionTarget, CreateConnection } from "./network/server-stream.js";
export { ConnectionError, type ConnectionErrorCode } from "./protocol/connection-error.js";
export type { PerMessageDeflateOptions } from "./protocol/permessage-deflate.js";
export { CloseEvent, type CloseEventInit } from "./websocket/close-event.js";
export type { ErrorEvent } from "./websocket/fired-event.js";
export { MessageEvent, type MessageEventInit } from "./websocket/message-event.js";
export type { NetworkOptions } from "./websocket/network-options.js";
export type { BinaryType } from "./websocket/session.js";
export type { TlsOptions } from "./websocket/tls-options.js";
export { type SendData, WebSocket, type WebSocketEventMap } from "./websocket/websocket.js";
export type { HeadersOption, WebSocketOptions } from "./websocket/websocket-options.js";
