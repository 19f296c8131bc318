import type { Scene } from "./scene.js";
import { binary, continuation, ping, pong, text } from "./server-frames.js";
import { sendsWhenReady } from "./servers.js";

export const messageDataScenes: readonly Scene[] = [
  {
    name: "fragments become one message, control frames between them",
    section: "RFC 6455 5.4, 5.5",
    server: sendsWhenReady(
      text("one ", { fin: false }),
      ping("p1"),
      continuation("two ", { fin: false }),
      pong("unasked"),
      continuation("", { fin: false }),
      continuation("three"),
      text("", { fin: false }),
      continuation(""),
      binary(Buffer.from([1, 2]), { fin: false }),
      ping(""),
      continuation(Buffer.from([3])),
      ping("last"),
      text("end"),
    ),
    client: async ({ WebSocket, url, watch, next, tell, until }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      let ended = false;
      ws.addEventListener("message", (event) => {
        ended ||= event.data === "end";
      });
      tell("ready");
      await until(() => ended);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "text of every kind, byte by byte",
    section: "[WS] 3.1, when a message has been received; RFC 6455 5.6",
    server: async (peer) => {
      const connection = await peer.accepted();
      const texts = [
        "",
        "\ufeffbom",
        "\ufeff",
        "a\u0000b",
        "ü€\u{1f600}",
        "\uffff\ufffe",
        "\u007f\u0080\u07ff\u0800\uffff\u{10ffff}",
      ];
      await peer.reached.wait("ready");
      connection.write(...texts.map((payload) => text(payload)));
      // Cut inside of characters, and inside of the header.
      const whole = Buffer.concat([text("€\u{1f600}"), text("x".repeat(126)), text("end")]);
      for (const byte of whole) connection.write(Buffer.from([byte]));
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let ended = false;
      ws.onmessage = (event: { data?: unknown }) => {
        const data = String(event.data);
        record("message", typeof event.data, data.length, data);
        ended ||= data === "end";
      };
      await next(ws, "open");
      tell("ready");
      await until(() => ended);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "binary messages as Blob and as ArrayBuffer, switched while more are under way",
    section: "[WS] 3.1, binaryType",
    server: sendsWhenReady(
      binary(Buffer.from([])),
      binary(Buffer.from([1, 2, 3])),
      binary(Buffer.from([4])),
      binary(Buffer.from([])),
      text("text in between"),
      binary(Buffer.from([5, 6])),
      text("end"),
    ),
    client: async ({ WebSocket, url, watch, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      watch(ws);
      let ended = false;
      ws.addEventListener("message", (event) => {
        ended ||= event.data === "end";
        // Even a message of the same packet is made as the attribute says when its own event is fired.
        ws.binaryType = ws.binaryType === "blob" ? "arraybuffer" : "blob";
        record("switched to", ws.binaryType);
      });
      await next(ws, "open");
      tell("ready");
      await until(() => ended);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "an ArrayBuffer has its own memory and its exact length",
    section: "[WS] 3.1, when a message has been received",
    server: sendsWhenReady(
      binary(Buffer.from([1, 2, 3])),
      binary(Buffer.from([4, 5])),
      binary(Buffer.alloc(70_000, 7)),
    ),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      ws.binaryType = "arraybuffer";
      const buffers: ArrayBuffer[] = [];
      ws.onmessage = (event: { data?: unknown }) => {
        if (event.data instanceof ArrayBuffer) buffers.push(event.data);
      };
      await next(ws, "open");
      tell("ready");
      await until(() => buffers.length === 3);
      const [first = new ArrayBuffer(), second = new ArrayBuffer()] = buffers;
      record(
        "lengths",
        buffers.map((buffer) => buffer.byteLength),
      );
      record("apart", first !== second, Object.prototype.toString.call(first));
      new Uint8Array(first).fill(9);
      record("written", first, second);
      const moved = structuredClone(first, { transfer: [first] });
      record("transferred", first.byteLength, moved.byteLength);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "values of binaryType",
    section: "[IDL] 3.7.6, enumeration attributes",
    client: async ({ WebSocket, attempt, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      for (const value of [
        "arraybuffer",
        "blob",
        "Blob",
        "nodebuffer",
        "",
        undefined,
        null,
        1,
        {},
        ["arraybuffer"],
      ]) {
        attempt("set", () => {
          ws.binaryType = value;
        });
        record("reads", ws.binaryType);
      }
      attempt("symbol", () => {
        ws.binaryType = Symbol("blob");
      });
      attempt("object", () => {
        ws.binaryType = { toString: () => "blob" };
      });
      record("reads", ws.binaryType);
    },
  },
  {
    name: "a large message, and messages of every length form",
    section: "RFC 6455 5.2",
    server: sendsWhenReady(
      ...[125, 126, 127, 65_535, 65_536, 1_000_000].map((length) => text("x".repeat(length))),
      text("end"),
    ),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let ended = false;
      ws.onmessage = (event: { data?: unknown }) => {
        const data = String(event.data);
        ended ||= data === "end";
        record("length", data.length, data === "x".repeat(data.length));
      };
      await next(ws, "open");
      tell("ready");
      await until(() => ended);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "a frame that is cut off is no message",
    section: "RFC 6455 7.1.7",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(text("whole"), text("never whole").subarray(0, 6));
      await peer.reached.wait("closing");
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next, tell, tasks, record }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "message");
      await tasks();
      record("still open", ws.readyState);
      ws.close();
      record("closing", ws.readyState);
      tell("closing");
      await next(ws, "close");
    },
  },
];
