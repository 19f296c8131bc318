import type { Scene } from "./scene.js";
import { close, text } from "./server-frames.js";
import { answersClose, sendsWhenReady } from "./servers.js";

export const closingScenes: readonly Scene[] = [
  {
    name: "close() while CONNECTING",
    section: "[WS] 3.1, close; feedback from the protocol",
    compareWire: "how far the handshake comes before it is given up is nobody's rule",
    server: async (peer) => {
      peer.serve(async (connection) => connection.ended());
    },
    client: async ({ WebSocket, url, watch, record, attempt, next, tasks, state }) => {
      for (const args of [[], [1000], [3000, "reason"]]) {
        const ws = new WebSocket(url);
        watch(ws);
        let calling = true;
        ws.addEventListener("error", () => record("error inside of close()", calling));
        attempt("close", () => ws.close(...args));
        calling = false;
        record("readyState", ws.readyState);
        attempt("close again", () => ws.close());
        queueMicrotask(() => record("in a microtask", ws.readyState));
        await next(ws, "close");
        await tasks();
        state("end", ws);
      }
    },
  },
  {
    name: "close() while the server keeps the handshake waiting",
    section: "[WS] 3.1, close",
    compareWire: "how the given-up connection ends is nobody's rule",
    server: async (peer) => {
      const connection = await peer.connection();
      await connection.request();
      peer.told.reach("requested");
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, record, next, told }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await told("requested");
      record("before", ws.readyState);
      ws.close();
      record("after", ws.readyState);
      await next(ws, "close");
    },
  },
  {
    name: "close() twice, and after the end",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, watch, record, attempt, next, tasks }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      attempt("first", () => ws.close(3000, "first"));
      record("readyState", ws.readyState);
      attempt("second", () => ws.close(3001, "second"));
      attempt("second, bad", () => ws.close(1));
      await next(ws, "close");
      attempt("third", () => ws.close(3002));
      attempt("third, bad", () => ws.close(3002, "x".repeat(124)));
      record("readyState", ws.readyState);
      await tasks();
    },
  },
  {
    name: "close() in the open handler",
    section: "[WS] 3.1, close",
    server: async (peer) => {
      const connection = await peer.accepted({ sameWrite: Buffer.concat([text("1"), text("2")]) });
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, watch, record, next }) => {
      const ws = new WebSocket(url);
      ws.onopen = () => {
        ws.close(3000, "at once");
        record("readyState", ws.readyState);
      };
      watch(ws);
      await next(ws, "close");
    },
  },
  {
    name: "close() in a message handler while more messages are under way",
    section: "[WS] 3.1, when a message has been received step 1",
    server: sendsWhenReady(text("1"), text("2"), text("3")),
    client: async ({ WebSocket, url, watch, record, next, tell }) => {
      const ws = new WebSocket(url);
      watch(ws);
      ws.onmessage = (event: { data?: unknown }) => {
        ws.close(3000, `closed at ${event.data}`);
        record("readyState", ws.readyState);
      };
      ws.addEventListener("message", (event) => record("other listener", event.data, ws.readyState));
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "messages that come after close() are not delivered, pings go unanswered or answered alike",
    section: "[WS] 3.1; RFC 6455 5.5.1",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(text("late"), text("later"), close(3000));
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      ws.close(3000);
      await next(ws, "close");
    },
  },
  {
    name: "close() in the error and close handlers",
    section: "[WS] 3.1, close",
    client: async ({ WebSocket, watch, record, attempt, next, tasks }) => {
      const ws = new WebSocket("ws://example.com:1/");
      watch(ws);
      ws.onerror = () => {
        attempt("in error", () => ws.close());
        record("readyState", ws.readyState);
      };
      ws.onclose = () => {
        attempt("in close", () => ws.close(3000));
        record("readyState", ws.readyState);
      };
      await next(ws, "close");
      await tasks();
    },
  },
  {
    name: "close() and the server's close frame cross",
    section: "RFC 6455 7.1.5, 7.1.6",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      // The server's own closing handshake, not an answer: another code and reason.
      connection.write(close(4001, "server's own"));
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      ws.close(3000, "client's own");
      await next(ws, "close");
    },
  },
  {
    name: "the server ends TCP instead of answering the close frame",
    section: "RFC 6455 7.1.5",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      ws.close(3000, "unanswered");
      await next(ws, "close");
    },
  },
  {
    name: "the server answers the close frame and keeps TCP open",
    section: "RFC 6455 7.1.1",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(close(3000));
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, record }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      ws.close(3000);
      record("at once", ws.readyState);
      await next(ws, "close");
    },
  },
  {
    name: "everything queued goes out before the close frame",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, next, record, closed }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      ws.send("x".repeat(200_000));
      ws.send(new Uint8Array(200_000));
      ws.send(new Blob(["b".repeat(50)]));
      ws.send("last");
      ws.close(3000, "done");
      record("bufferedAmount", ws.bufferedAmount, ws.readyState);
      ws.send("counted only");
      record("bufferedAmount", ws.bufferedAmount);
      await closed("close", ws);
    },
  },
];
