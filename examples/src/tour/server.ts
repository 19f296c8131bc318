import { once } from "node:events";
import { createServer } from "node:net";
import type { WebSocket } from "openline";
import { WebSocketServer } from "openline/server";

/** The other end of the tour: what it does depends on the path that a client asks for. */
export async function startServer(): Promise<{ server: WebSocketServer; url: string }> {
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    handleProtocols: (offered) => (offered.has("chat.v2") ? "chat.v2" : false),
  });
  server.on("connection", (socket, request) => {
    if (request.url === "/goodbye") sayGoodbye(socket);
    else if (request.url === "/burst") burst(socket);
    else echo(socket);
  });
  await once(server, "listening");
  return { server, url: `ws://127.0.0.1:${portOf(server.address())}` };
}

function echo(socket: WebSocket): void {
  socket.binaryType = "arraybuffer";
  socket.addEventListener("message", (event) => socket.send(event.data as string | ArrayBuffer));
}

function sayGoodbye(socket: WebSocket): void {
  socket.addEventListener("message", () => socket.close(4001, "closing time"));
}

/** Five messages in one packet. */
function burst(socket: WebSocket): void {
  socket.addEventListener("message", () => {
    for (let i = 1; i <= 5; i++) socket.send(`number ${i}`);
  });
}

/** A port of this machine where nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

function portOf(address: ReturnType<WebSocketServer["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return address.port;
}
