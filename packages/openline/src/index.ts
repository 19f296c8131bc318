/**
 * The browser's `WebSocket` object for Node.js.
 * @module openline
 */

export { closed } from "./functions/closed.js";
export { type CloseDetails, ClosedError } from "./functions/closed-error.js";
export {
  type CompressionInfo,
  type ConnectionInfo,
  connectionInfo,
  type TlsInfo,
} from "./functions/connection-info.js";
export { drained } from "./functions/drained.js";
export { type MessageData, type MessagesOptions, messages } from "./functions/messages.js";
export { opened } from "./functions/opened.js";
export { pause, resume } from "./functions/pause.js";
export { ping } from "./functions/ping.js";
export type { SocketLike } from "./functions/socket-like.js";
export { terminate } from "./functions/terminate.js";
export { NetworkError } from "./network/network-error.js";
export type { ConnectionTarget, CreateConnection } from "./network/server-stream.js";
export { ConnectionError, type ConnectionErrorCode } from "./protocol/connection-error.js";
export { HandshakeStatusError } from "./protocol/handshake-status-error.js";
export type { PerMessageDeflateOptions } from "./protocol/permessage-deflate.js";
export type {
  CloseTrace,
  ErrorTrace,
  FrameTrace,
  HandshakeTrace,
  OpenTrace,
  RequestTrace,
  ResponseTrace,
  TracedHeaders,
} from "./tracing/traces.js";
export { CloseEvent, type CloseEventInit } from "./websocket/close-event.js";
export type { ErrorEvent } from "./websocket/fired-event.js";
export { MessageEvent, type MessageEventInit } from "./websocket/message-event.js";
export type { NetworkOptions } from "./websocket/network-options.js";
export type { BinaryType } from "./websocket/session.js";
export type { TlsOptions } from "./websocket/tls-options.js";
export { type SendData, WebSocket, type WebSocketEventMap } from "./websocket/websocket.js";
export type { HeadersOption, WebSocketOptions } from "./websocket/websocket-options.js";
export type { WebSocketCloseInfo } from "./websocket-stream/close-info.js";
export type { ReceivedMessage } from "./websocket-stream/message-source.js";
export type { WebSocketClosedInfo, WebSocketOpenInfo } from "./websocket-stream/stream-connection.js";
export type { WebSocketStreamOptions } from "./websocket-stream/stream-options.js";
export { WebSocketError } from "./websocket-stream/websocket-error.js";
export { WebSocketStream } from "./websocket-stream/websocket-stream.js";
