import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Behaviour } from "./scenario.js";

/** Milliseconds that the slow server reads nothing. */
const slowness = 300;

const behaviours: Readonly<Record<Exclude<Behaviour, "refuse">, (socket: WebSocket) => void>> = {
  count: (socket) => {
    count(socket);
    socket.close(1000);
  },
  "count-and-cut": (socket) => {
    // Once all has left: a cut that overtook the messages would lose some.
    count(socket, () => socket.terminate());
  },
  echo: (socket) => {
    socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
  },
  close: (socket) => socket.close(3001, "enough"),
  slow: (socket) => {
    socket.pause();
    setTimeout(() => socket.resume(), slowness);
  },
};

function count(socket: WebSocket, done: () => void = () => {}): void {
  for (let i = 0; i < 100; i++) socket.send(String(i), i === 99 ? done : undefined);
}

/** Serves each behaviour under its name as path, and an empty page for the browser at "/". */
export async function startServer(): Promise<{ port: number; stop(): void }> {
  const http = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>functions</title>");
  });
  const server = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    const serve = behaviours[request.url?.slice(1) as keyof typeof behaviours];
    if (serve === undefined) socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    else server.handleUpgrade(request, socket, head, serve);
  });
  await once(http.listen(0, "127.0.0.1"), "listening");
  return {
    port: (http.address() as AddressInfo).port,
    stop: () => {
      for (const client of server.clients) client.terminate();
      http.close();
      http.closeAllConnections();
    },
  };
}
