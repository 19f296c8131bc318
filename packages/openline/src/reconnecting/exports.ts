export type { CloseEvent, SendData, WebSocketConstructor, WebSocketLike } from "./environment.js";
export type {
  DownEvent,
  ErrorEvent,
  LostEvent,
  ReconnectingEvent,
  ReconnectingWebSocketEventMap,
} from "./events.js";
export type { SendOptions } from "./interface.js";
export type {
  HeartbeatOptions,
  Protocols,
  ReconnectingWebSocketOptions,
  Source,
} from "./options.js";
export type { LossReason } from "./send-queue.js";
