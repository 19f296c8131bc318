/**
 * The other end of the line: a WebSocket server.
 * @module openline/server
 */
export type { WebSocketServerOptions } from "./server-options.js";
export { WebSocketServer, type WebSocketServerEvents } from "./websocket-server.js";
