import type { IncomingMessage } from "node:http";
import { drained, pause, resume, type SendData, type WebSocket } from "openline";

/** A connection of the server's. */
export interface Client {
  /** Counts from 1. */
  readonly number: number;
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
}

/** A message as the server's sockets give it. */
export type ReceivedData = string | ArrayBuffer;

/** What the server does with its clients. */
export interface Behaviour {
  /** The client has connected; its first message comes later. */
  onConnection?(client: Client): void;
  onMessage(client: Client, data: ReceivedData): void;
}

/** Bytes that may wait for a client before nothing more is read from whom they come from. */
const muchWaiting = 1024 * 1024;

/** Whether the client reads so slowly that it's better to wait for it. */
export function isBehind(socket: WebSocket): boolean {
  return socket.bufferedAmount > muchWaiting;
}

/** Reads no more from a client that doesn't read its answers, until it has. */
export function answer({ socket }: Client, data: SendData): void {
  const wasBehind = isBehind(socket);
  socket.send(data);
  if (wasBehind || !isBehind(socket)) return;
  pause(socket);
  void drained(socket).then(
    () => resume(socket),
    // It's gone.
    () => {},
  );
}
