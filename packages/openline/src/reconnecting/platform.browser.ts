import { clock, type Environment } from "./environment.js";
import { watchTaking } from "./movement.js";
import { isWorthRetrying } from "./reconnection.js";

const { WebSocket, CloseEvent } = globalThis as unknown as Pick<Environment, "WebSocket" | "CloseEvent">;

/** A browser, or a runtime that has its objects. */
export const platform: Environment = {
  clock,
  WebSocket,
  CloseEvent,
  isWorthRetrying,
  watchMovement: watchTaking,
  page: globalThis as unknown as NonNullable<Environment["page"]>,
  // A page can't cut a connection: it can only stop to listen.
  terminate: (connection) => connection.close(),
};
