import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { WebSocket as OurWebSocket, type PerMessageDeflateOptions } from "openline";
import { WebSocketServer as OurServer } from "openline/server";
import { WebSocket as UndiciWebSocket } from "undici";
import { WebSocketServer as WsServer, WebSocket as WsWebSocket } from "ws";
import { within } from "../guard.js";
import type { SubjectSocket } from "../subject/subject.js";

export type Deflate = PerMessageDeflateOptions | false;

/** A client and the server's end of the same connection, at least one of them ours. */
export interface Pair {
  readonly client: SubjectSocket;
  readonly server: SubjectSocket;
  readonly request: IncomingMessage;
  dispose(): Promise<void>;
}

export interface PairSettings {
  readonly deflate: Deflate;
  readonly protocols?: readonly string[];
}

const HOST = "127.0.0.1";

/** Both servers are told to compress everything, so that small messages are covered too. */
function forServer({ deflate }: PairSettings) {
  return {
    port: 0,
    host: HOST,
    perMessageDeflate: deflate === false ? deflate : { ...deflate, threshold: 0 },
  };
}

export async function ourClientAndWs(settings: PairSettings): Promise<Pair> {
  const server = new WsServer(forServer(settings));
  await once(server, "listening");
  const connection = once(server, "connection");
  const client = new OurWebSocket(`ws://${HOST}:${portIn(server.address())}/`, {
    protocols: settings.protocols ?? [],
    perMessageDeflate: forServer(settings).perMessageDeflate,
  });
  const [socket, request] = await within(connection, "the connection");
  return {
    client,
    server: socket,
    request,
    dispose: () =>
      new Promise((resolve) => {
        for (const each of server.clients) each.terminate();
        server.close(() => resolve());
      }),
  };
}

export async function wsAndOurServer(settings: PairSettings): Promise<Pair> {
  return withOurServer(settings, (url) => {
    const { perMessageDeflate } = forServer(settings);
    const client = new WsWebSocket(url, [...(settings.protocols ?? [])], { perMessageDeflate });
    // Typed event by event in @types/ws; the interface is the same.
    return client as unknown as SubjectSocket;
  });
}

/** undici always offers compression, and has no say in its parameters. */
export async function undiciAndOurServer(settings: PairSettings): Promise<Pair> {
  return withOurServer(
    settings,
    (url) => new UndiciWebSocket(url, [...(settings.protocols ?? [])]) as unknown as SubjectSocket,
  );
}

async function withOurServer(settings: PairSettings, connect: (url: string) => SubjectSocket): Promise<Pair> {
  const server = new OurServer(forServer(settings));
  await once(server, "listening");
  const connection = once(server, "connection");
  const client = connect(`ws://${HOST}:${portIn(server.address())}/`);
  const [socket, request] = await within(connection, "the connection");
  return { client, server: socket, request, dispose: () => within(server.close(), "the server to close") };
}

function portIn(address: unknown): number {
  assert.ok(typeof address === "object" && address !== null && "port" in address);
  return Number(address.port);
}
