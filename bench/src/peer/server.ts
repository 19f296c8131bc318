import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { ContextTakeover } from "../deflated-frames.js";
import type { Behaviours } from "./behaviour.js";
import { answerUpgrade, pathOf, readHead } from "./handshake.js";

export interface PeerServerOptions {
  readonly takeover: ContextTakeover | undefined;
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined;
}

/** Raw TCP (or TLS) code that answers the opening handshake and leaves the rest to the behaviour of the path. */
export async function startPeerServer(behaviours: Behaviours, options: PeerServerOptions): Promise<number> {
  const onConnection = (socket: Socket): void => {
    socket.setNoDelay(true);
    socket.on("error", () => {}); // a client that goes away is no news
    let received: Buffer = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const request = readHead(received);
      if (request === undefined) return;
      socket.off("data", onData);
      const behave = behaviours[pathOf(request.head)];
      if (behave === undefined) {
        socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      const answer = answerUpgrade(request.head, options.takeover);
      socket.write(answer.head);
      // A client that has not offered compression is left alone: it will say itself that it can't do this workload.
      if (options.takeover !== undefined && !answer.deflates) return;
      behave(socket);
      if (received.length > request.end) socket.emit("data", received.subarray(request.end));
    };
    socket.on("data", onData);
  };
  const server: Server =
    options.tls === undefined
      ? createTcpServer(onConnection)
      : // One cipher for all: what a client prefers would otherwise decide what is measured.
        createTlsServer(
          { ...options.tls, ciphers: "TLS_AES_128_GCM_SHA256", minVersion: "TLSv1.3" },
          onConnection,
        );
  server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
