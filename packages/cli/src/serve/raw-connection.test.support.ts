import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection whose opening handshake is through, for a client that then breaks the rules. */
export async function rawConnection(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    [
      "GET / HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  await once(socket, "data");
  return socket;
}
