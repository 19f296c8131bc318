import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { type ServerOptions, WebSocket, WebSocketServer } from "ws";
import type {
  Subject,
  SubjectOptions,
  SubjectServer,
  SubjectServerOptions,
  SubjectSocket,
} from "./subject.js";

/** `ws` as the subject: shows that a case is about the protocol and not about one implementation of it. */
export const wsSubject: Subject = {
  name: "ws",
  ownErrorCodes: false,
  connect(url, protocols, options) {
    return asSubject(new WebSocket(url, [...protocols], wsOptions(options)));
  },
  async listen(options, onConnection) {
    return listen(options, onConnection);
  },
};

async function listen(
  options: SubjectServerOptions,
  onConnection: (socket: SubjectSocket) => void,
): Promise<SubjectServer> {
  const { path, handleProtocols, allowedOrigins } = options;
  const server = new WebSocketServer({
    port: 0,
    host: "127.0.0.1",
    ...wsOptions(options),
    ...(path === undefined ? {} : { path }),
    ...(handleProtocols === undefined ? {} : { handleProtocols }),
    ...(allowedOrigins === undefined
      ? {}
      : {
          verifyClient: ({ origin }, answer) => answer(allowedOrigins.includes(origin), 403),
        }),
  });
  server.on("connection", (socket) => onConnection(asSubject(socket)));
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of server.clients) client.terminate();
      }),
  };
}

function wsOptions(options: SubjectOptions): Pick<ServerOptions, "maxPayload" | "perMessageDeflate"> {
  const { maxPayload = 100 * 1024 * 1024, perMessageDeflate = true } = options;
  return { maxPayload, perMessageDeflate };
}

function asSubject(socket: WebSocket): SubjectSocket {
  // ws types each event by itself; the recorder looks at their properties only.
  return socket as unknown as SubjectSocket;
}
