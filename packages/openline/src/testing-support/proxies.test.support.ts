import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";
import { inspect } from "node:util";
import { type PrepareRequestFunctionOpts, Server as ProxyServer } from "proxy-chain";
import simpleSocks from "simple-socks";

export interface RunningProxy {
  readonly port: number;
  /** Where clients have asked to be connected to: "host:port". */
  readonly targets: readonly string[];
  /** Cuts all tunnels. */
  cut(): void;
}

/** proxy-chain's HTTP proxy; with `credentials` it asks for just these. */
export async function httpProxy(
  context: TestContext,
  options: {
    readonly credentials?: string;
    readonly tls?: { readonly key: string; readonly cert: string };
  } = {},
): Promise<RunningProxy> {
  const targets: string[] = [];
  const prepareRequestFunction = (request: PrepareRequestFunctionOpts) => {
    targets.push(`${request.hostname}:${request.port}`);
    const { credentials } = options;
    const given = `${request.username}:${request.password}`;
    return { requestAuthentication: credentials !== undefined && given !== credentials };
  };
  const common = { port: 0, host: "127.0.0.1", prepareRequestFunction };
  const proxy =
    options.tls === undefined
      ? new ProxyServer({ ...common, serverType: "http" })
      : new ProxyServer({ ...common, serverType: "https", httpsOptions: options.tls });
  proxy.on("requestFailed", () => {});
  await proxy.listen();
  context.after(() => proxy.close(true));
  return { port: proxy.port, targets, cut: () => proxy.closeConnections() };
}

/** Something that listens in place of a proxy and treats its connections as `serve` says. */
export async function fakeProxy(
  context: TestContext,
  serve: (socket: Socket) => void,
): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  context.after(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: await listen(server), connections: () => connections };
}

/** simple-socks' SOCKS5 proxy; with `credentials` it asks for just these. */
export async function socksProxy(context: TestContext, credentials?: string): Promise<RunningProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = simpleSocks.createServer({
    connectionFilter: ({ address, port }, _origin, callback) => {
      targets.push(`${address}:${port}`);
      callback();
    },
    ...(credentials === undefined
      ? {}
      : {
          authenticate: (user, password, _socket, callback) =>
            callback(`${user}:${password}` === credentials ? undefined : new Error("unknown user")),
        }),
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  context.after(() => {
    server.close();
    cut();
  });
  return { port: await listen(server), targets, cut };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

/** Nothing that a program could log of an error may show one of `secrets`, in any of the forms it travels in. */
export function assertHides(error: unknown, ...secrets: readonly string[]): void {
  const texts = [String(error), inspect(error, { depth: 20, showHidden: true, getters: true })];
  for (let each = error; each instanceof Error; each = each.cause)
    texts.push(each.stack ?? "", JSON.stringify(each));
  for (const secret of secrets) {
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString("base64")];
    for (const form of forms) {
      for (const text of texts) assert.ok(!text.includes(form), `${form} stands in ${text}`);
    }
  }
}
