import { once } from "node:events";
import { WebSocket, type WebSocketOptions } from "openline";
import { WebSocketServer, type WebSocketServerOptions } from "openline/server";
import type {
  Subject,
  SubjectOptions,
  SubjectServer,
  SubjectServerOptions,
  SubjectSocket,
} from "./subject.js";

export const openlineSubject: Subject = {
  name: "openline",
  ownErrorCodes: true,
  connect: (url, protocols, options) => asSubject(new WebSocket(url, { ...shared(options), protocols })),
  listen,
};

async function listen(
  options: SubjectServerOptions,
  onConnection: (socket: SubjectSocket) => void,
): Promise<SubjectServer> {
  const { path, handleProtocols, allowedOrigins } = options;
  const all: WebSocketServerOptions = {
    port: 0,
    host: "127.0.0.1",
    ...shared(options),
    ...(path === undefined ? {} : { path }),
    ...(handleProtocols === undefined ? {} : { handleProtocols }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
  };
  const server = new WebSocketServer(all);
  server.on("connection", (socket) => onConnection(asSubject(socket)));
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server has no port");
  return { port: address.port, close: () => server.close() };
}

function shared(
  options: SubjectOptions,
): Pick<WebSocketOptions, "maxPayload" | "maxFragments" | "perMessageDeflate"> {
  const { maxPayload, maxFragments, perMessageDeflate } = options;
  return {
    ...(maxPayload === undefined ? {} : { maxPayload }),
    ...(maxFragments === undefined ? {} : { maxFragments }),
    ...(perMessageDeflate === undefined ? {} : { perMessageDeflate }),
  };
}

function asSubject(socket: WebSocket): SubjectSocket {
  return socket;
}
