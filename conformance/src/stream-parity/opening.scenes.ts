import { throws } from "../browser-parity/expected-lines.js";
import type { Scene } from "../browser-parity/scene.js";
import { close, text } from "../browser-parity/server-frames.js";
import { answersClose } from "../browser-parity/servers.js";

const NO_BASE = "outside a page there is no base for a relative URL";
const UNKNOWN =
  "openline refuses options that it doesn't know, so that none is misspelt; a dictionary ignores them";

export const openingScenes: readonly Scene[] = [
  {
    name: "arguments of the constructor",
    section: "WebSocketStream constructor",
    client: async ({ WebSocketStream, attempt, record }) => {
      const url = "ws://example.com:1/";
      attempt("no argument", () => new WebSocketStream());
      attempt("scheme", () => new WebSocketStream("ftp://example.com/"));
      attempt("fragment", () => new WebSocketStream("ws://example.com/#part"));
      attempt("http", () => new WebSocketStream("http://example.com:1/").url);
      attempt("options null", () => new WebSocketStream(url, null).url);
      attempt("options undefined", () => new WebSocketStream(url, undefined).url);
      attempt("options string", () => new WebSocketStream(url, "chat"));
      attempt("options number", () => new WebSocketStream(url, 1));
      attempt("protocols string", () => new WebSocketStream(url, { protocols: "chat" }));
      attempt("protocols null", () => new WebSocketStream(url, { protocols: null }));
      attempt("protocols object", () => new WebSocketStream(url, { protocols: {} }));
      attempt("protocols bad", () => new WebSocketStream(url, { protocols: ["a b"] }));
      attempt("protocols twice", () => new WebSocketStream(url, { protocols: ["a", "a"] }));
      attempt("protocols set", () => new WebSocketStream(url, { protocols: new Set(["a", "b"]) }).url);
      attempt("signal number", () => new WebSocketStream(url, { signal: 1 }));
      attempt("signal null", () => new WebSocketStream(url, { signal: null }));
      attempt("signal object", () => new WebSocketStream(url, { signal: {} }));
      attempt(
        "all undefined",
        () => new WebSocketStream(url, { signal: undefined, protocols: undefined }).url,
      );
      const order: string[] = [];
      const noted = {
        toString: () => {
          order.push("url");
          return "ftp://x";
        },
      };
      const options = {
        get signal() {
          order.push("signal");
          return undefined;
        },
        get protocols() {
          order.push("protocols");
          return [];
        },
      };
      attempt("order", () => new WebSocketStream(noted, options));
      record("order", order);
    },
  },
  {
    name: "arguments that only a page, or only openline, makes something of",
    section: "WebSocketStream constructor",
    client: async ({ WebSocketStream, attempt }) => {
      attempt("relative", () => typeof new WebSocketStream("/path").url);
      attempt("unknown option", () => typeof new WebSocketStream("ws://example.com:1/", { unknown: 1 }).url);
    },
    differences: [
      { why: NO_BASE, chromium: [["relative", "string"]], openline: [throws("relative", "SyntaxError")] },
      {
        why: UNKNOWN,
        chromium: [["unknown option", "string"]],
        openline: [throws("unknown option", "TypeError")],
      },
    ],
  },
  {
    name: "what opened gives",
    section: "WebSocketOpenInfo",
    server: async (peer) => {
      const connection = await peer.accepted({ protocol: "b", extensions: "permessage-deflate" });
      await connection.answerClose();
    },
    client: async ({ WebSocketStream, url, record, ends }) => {
      const stream = new WebSocketStream(url, { protocols: ["a", "b"] });
      record("url", stream.url);
      record(
        "same promises",
        Object.is(stream.opened, stream.opened),
        Object.is(stream.closed, stream.closed),
      );
      const info = await stream.opened;
      record("keys", Object.keys(info), Object.getPrototypeOf(info) === Object.prototype);
      record("values", info.protocol, info.extensions);
      record(
        "tags",
        Object.prototype.toString.call(info.readable),
        Object.prototype.toString.call(info.writable),
      );
      record("platform's", info.readable instanceof ReadableStream, info.writable instanceof WritableStream);
      const writer = info.writable.getWriter();
      record("desired size", writer.desiredSize);
      stream.close();
      await ends({ stream, reader: info.readable.getReader(), writer });
    },
  },
  {
    name: "close() while CONNECTING",
    section: "close(closeInfo)",
    compareWire: "how far the handshake comes before it is given up is nobody's rule",
    server: async (peer) => {
      peer.serve(async (connection) => connection.ended());
    },
    client: async ({ WebSocketStream, url, attempt, outcomes }) => {
      for (const info of [[], [{ closeCode: 3000, reason: "why" }]]) {
        const stream = new WebSocketStream(url);
        attempt("close", () => stream.close(...info));
        attempt("close again", () => stream.close());
        attempt("close, bad", () => stream.close({ closeCode: 1 }));
        await outcomes("given up", { opened: stream.opened, closed: stream.closed });
      }
    },
  },
  {
    name: "a refused connection",
    section: "opened, closed",
    server: async (peer) => peer.stopListening(),
    client: async ({ WebSocketStream, url, record, outcomes }) => {
      const stream = new WebSocketStream(url);
      await outcomes("refused", { opened: stream.opened, closed: stream.closed });
      const reason = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
      record("one error", (await reason(stream.opened)) === (await reason(stream.closed)));
      record("close later", stream.close());
    },
  },
  {
    name: "a handshake that is answered with 404",
    section: "opened, closed",
    server: async (peer) => {
      const connection = await peer.connection();
      await connection.request();
      connection.write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
      await connection.ended();
    },
    client: async ({ WebSocketStream, url, outcomes }) => {
      const stream = new WebSocketStream(url);
      await outcomes("not found", { opened: stream.opened, closed: stream.closed });
    },
  },
  {
    name: "a signal that was aborted before",
    section: "WebSocketStream constructor, signal",
    client: async ({ WebSocketStream, url, record, attempt, outcomes }) => {
      const signal = AbortSignal.abort(new RangeError("mine"));
      for (const [text, protocols] of [
        [url, ["a"]],
        ["ftp://x", []],
        [url, ["a", "a"]],
      ]) {
        const stream = attempt("aborted", () => new WebSocketStream(text, { signal, protocols }));
        if (stream === undefined) continue;
        record("url", stream.url);
        await outcomes("aborted", { opened: stream.opened, closed: stream.closed });
        const reason = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
        record("one error", (await reason(stream.opened)) === (await reason(stream.closed)));
      }
      attempt("options still count", () => new WebSocketStream(url, { signal, protocols: "a" }));
    },
  },
  {
    name: "a signal that is aborted during the handshake",
    section: "WebSocketStream constructor, signal",
    compareWire: "how far the handshake comes before it is given up is nobody's rule",
    server: async (peer) => {
      const connection = await peer.connection();
      await connection.request();
      peer.told.reach("requested");
      await connection.ended();
    },
    client: async ({ WebSocketStream, url, record, told, outcomes }) => {
      const control = new AbortController();
      const stream = new WebSocketStream(url, { signal: control.signal });
      await told("requested");
      stream.opened.catch(() => record("opened is rejected"));
      control.abort(new RangeError("mine"));
      queueMicrotask(() => record("a microtask later"));
      record("url", stream.url);
      await outcomes("aborted", { opened: stream.opened, closed: stream.closed });
    },
  },
  {
    name: "a signal that is aborted once the connection is open",
    section: "WebSocketStream constructor, signal",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("aborted");
      connection.write(text("still here"));
      await connection.answerClose();
    },
    client: async ({ openStream, record, tell, tasks, ends }) => {
      const control = new AbortController();
      const open = await openStream({ signal: control.signal });
      control.abort();
      tell("aborted");
      record("read", await open.reader.read());
      await open.writer.write("and I");
      open.stream.close();
      await ends(open);
      await tasks();
    },
  },
  {
    name: "a connection that is closed in the packet of the handshake",
    section: "opened, closed",
    server: async (peer) => {
      const connection = await peer.accepted({ sameWrite: close(3000, "no") });
      await connection.received("close");
      connection.end();
    },
    client: async ({ openStream, ends, outcomes }) => {
      const open = await openStream();
      await outcomes("late", { read: open.reader.read(), write: open.writer.write("x") });
      await ends(open);
    },
  },
  {
    name: "many streams at once",
    section: "opened, closed",
    compareWire: "connections come in an order of their own",
    server: answersClose,
    client: async ({ openStream, outcomes }) => {
      const all = await Promise.all([1, 2, 3, 4, 5].map(() => openStream()));
      for (const [index, { stream }] of all.entries()) stream.close({ closeCode: 3000 + index });
      await outcomes(
        "closed",
        Object.fromEntries(all.map(({ stream }, index) => [`${index}`, stream.closed])),
      );
    },
  },
];
