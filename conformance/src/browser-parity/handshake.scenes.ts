import type { AcceptOptions } from "./peer-connection.js";
import type { Scene, Stage } from "./scene.js";
import { close, text } from "./server-frames.js";

const withoutProtocols = async ({ WebSocket, url, watch, next, state }: Stage): Promise<void> => {
  const ws = new WebSocket(url);
  watch(ws);
  // The servers of these scenes close at once where the handshake goes through.
  await next(ws, "close");
  state("end", ws);
};

const withProtocols = async ({ WebSocket, url, watch, next, state }: Stage): Promise<void> => {
  const ws = new WebSocket(url, ["chat", "superchat"]);
  watch(ws);
  await next(ws, "close");
  state("end", ws);
};

const response = (statusLine: string, ...lines: string[]): string =>
  [`HTTP/1.1 ${statusLine}`, ...lines, "", ""].join("\r\n");

const responses: readonly [name: string, raw: string][] = [
  ["status 200", `${response("200 OK", "Content-Length: 2")}ok`],
  ["status 204", response("204 No Content")],
  [
    "status 301 with Location",
    response("301 Moved Permanently", "Location: /elsewhere", "Content-Length: 0"),
  ],
  ["status 302 with Location", response("302 Found", "Location: ws://127.0.0.1:1/", "Content-Length: 0")],
  ["status 400", response("400 Bad Request", "Content-Length: 0")],
  ["status 401", response("401 Unauthorized", 'WWW-Authenticate: Basic realm="r"', "Content-Length: 0")],
  [
    "status 404 with a body",
    `${response("404 Not Found", "Content-Type: text/plain", "Content-Length: 9")}not found`,
  ],
  ["status 426", response("426 Upgrade Required", "Sec-WebSocket-Version: 8", "Content-Length: 0")],
  ["status 503", response("503 Service Unavailable", "Retry-After: 1", "Content-Length: 0")],
  ["no HTTP at all", "SSH-2.0-OpenSSH_9.6\r\n\r\n"],
  ["an empty response", ""],
  ["a response cut in its header", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConn"],
];

const failing: readonly [name: string, options: AcceptOptions, protocols?: true][] = [
  ["a wrong Accept", { fields: { "Sec-WebSocket-Accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" } }],
  ["no Accept", { fields: { "Sec-WebSocket-Accept": undefined } }],
  ["an empty Accept", { fields: { "Sec-WebSocket-Accept": "" } }],
  ["no Upgrade", { fields: { Upgrade: undefined } }],
  ["a wrong Upgrade", { fields: { Upgrade: "websocket2" } }],
  ["an empty Upgrade", { fields: { Upgrade: "" } }],
  ["no Connection", { fields: { Connection: undefined } }],
  ["a Connection without Upgrade", { fields: { Connection: "keep-alive" } }],
  ["a subprotocol nobody asked for", { protocol: "chat" }],
  ["an empty subprotocol nobody asked for", { protocol: "" }],
  ["another subprotocol than asked for", { protocol: "other" }, true],
  ["a subprotocol in another case", { protocol: "CHAT" }, true],
  ["no subprotocol where one was asked for", {}, true],
  ["an empty subprotocol", { protocol: "" }, true],
  ["two subprotocols in one field", { protocol: "chat, superchat" }, true],
  ["an extension nobody asked for", { extensions: "x-other" }],
  ["an extension nobody asked for beside deflate", { extensions: "permessage-deflate, x-other" }],
  ["permessage-deflate twice", { extensions: "permessage-deflate, permessage-deflate" }],
  ["an unknown parameter", { extensions: "permessage-deflate; other" }],
  [
    "a repeated parameter",
    { extensions: "permessage-deflate; server_no_context_takeover; server_no_context_takeover" },
  ],
  ["window bits of 7", { extensions: "permessage-deflate; client_max_window_bits=7" }],
  ["window bits of 16", { extensions: "permessage-deflate; server_max_window_bits=16" }],
  ["window bits with a leading zero", { extensions: "permessage-deflate; server_max_window_bits=08" }],
  ["window bits without a value", { extensions: "permessage-deflate; server_max_window_bits" }],
  ["a value where none belongs", { extensions: "permessage-deflate; server_no_context_takeover=1" }],
  ["an empty extension field", { extensions: "" }],
  ["an extension field that is no list", { extensions: "permessage-deflate;" }],
  ["status 100 before nothing", { statusLine: "HTTP/1.1 100 Continue" }],
];

const passing: readonly [name: string, options: AcceptOptions, protocols?: true][] = [
  ["field names and tokens in another case", { fields: { Upgrade: "WebSocket", Connection: "UPGRADE" } }],
  ["Connection with several tokens", { fields: { Connection: "keep-alive, Upgrade" } }],
  ["another reason phrase", { statusLine: "HTTP/1.1 101 All Right" }],
  ["no reason phrase", { statusLine: "HTTP/1.1 101" }],
  ["the second subprotocol", { protocol: "superchat" }, true],
  ["spaces around the subprotocol", { protocol: "  chat \t" }, true],
  ["permessage-deflate", { extensions: "permessage-deflate" }],
  [
    "permessage-deflate with every parameter",
    {
      extensions:
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=12; client_max_window_bits=10",
    },
  ],
  [
    "permessage-deflate with a quoted value",
    { extensions: 'permessage-deflate; client_max_window_bits="15"' },
  ],
  ["HTTP/1.0 101", { statusLine: "HTTP/1.0 101 Switching Protocols" }],
  ["a cookie", { fields: { "Set-Cookie": "a=b" } }],
];

const closesAtOnce = (options: AcceptOptions): NonNullable<Scene["server"]> => {
  return async (peer) => {
    const connection = await peer.accepted({
      ...options,
      sameWrite: Buffer.concat([text("hello"), close(1000)]),
    });
    await connection.ended();
  };
};

export const handshakeScenes: readonly Scene[] = [
  ...responses.map(
    ([name, raw]): Scene => ({
      name: `the handshake fails: ${name}`,
      section: "RFC 6455 4.1, [WS] 2.1",
      server: async (peer) => {
        const connection = await peer.connection();
        await connection.request();
        connection.write(raw);
        connection.end();
        await connection.ended();
      },
      client: withoutProtocols,
    }),
  ),
  ...failing.map(
    ([name, options, protocols]): Scene => ({
      name: `the handshake fails: ${name}`,
      section: "RFC 6455 4.1, RFC 7692 7.1",
      server: closesAtOnce(options),
      client: protocols ? withProtocols : withoutProtocols,
    }),
  ),
  ...passing.map(
    ([name, options, protocols]): Scene => ({
      name: `the handshake goes through: ${name}`,
      section: "RFC 6455 4.1, RFC 7692 7.1",
      server: async (peer) => {
        const connection = await peer.accepted({
          ...options,
          sameWrite: Buffer.concat([text("hello"), close(1000)]),
        });
        await connection.received("close");
        connection.end();
      },
      client: protocols ? withProtocols : withoutProtocols,
    }),
  ),
  {
    name: "a port that refuses",
    section: "[WS] 2.1",
    client: async ({ WebSocket, url, watch, next, state, tell, told }) => {
      tell("stop");
      await told("stopped");
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "close");
      state("end", ws);
    },
    server: async (peer) => {
      await peer.reached.wait("stop");
      await peer.stopListening();
      peer.told.reach("stopped");
    },
  },
  {
    name: "ports that are blocked",
    section: "Fetch 2.9, port blocking",
    client: async ({ WebSocket, watch, next, state, closed }) => {
      const ws = new WebSocket("ws://127.0.0.1:25/");
      state("constructed", ws);
      watch(ws);
      await next(ws, "close");
      state("end", ws);
      for (const port of [1, 22, 79, 139, 6000, 6667, 10080]) {
        const other = new WebSocket(`ws://127.0.0.1:${port}/`);
        await closed(`port ${port}`, other);
      }
    },
  },
  {
    name: "a connection that ends before the response",
    section: "[WS] 2.1",
    server: async (peer) => {
      const connection = await peer.connection();
      await connection.request();
      connection.reset();
    },
    client: withoutProtocols,
  },
  {
    name: "one handshake at a time for each host and port",
    section: "RFC 6455 4.1, client requirement 2",
    server: async (peer) => {
      const first = await peer.connection();
      await first.request();
      await peer.reached.wait("both constructed");
      await first.accept();
      const second = await peer.accepted();
      await Promise.all([first.answerClose(), second.answerClose()]);
    },
    client: async ({ WebSocket, url, record, next, tell }) => {
      const first = new WebSocket(`${url}first`);
      const second = new WebSocket(`${url}second`);
      const opens = Promise.all(
        [first, second].map(async (ws, index) => {
          await next(ws, "open");
          record("open", index, first.readyState, second.readyState);
        }),
      );
      tell("both constructed");
      await opens;
      for (const ws of [first, second]) {
        ws.close();
        await next(ws, "close");
      }
    },
  },
];
