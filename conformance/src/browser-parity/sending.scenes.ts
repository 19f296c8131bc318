import type { Scene } from "./scene.js";
import { answersClose, echoes } from "./servers.js";

export const sendingScenes: readonly Scene[] = [
  {
    name: "send of everything that becomes text",
    section: "[WS] 3.1, send; [IDL] USVString",
    server: echoes(...new Array<"text">(17).fill("text")),
    client: async ({ WebSocket, url, record, next, until, attempt }) => {
      const ws = new WebSocket(url);
      let count = 0;
      ws.onmessage = (event: { data?: unknown }) => {
        count++;
        record("echo", event.data);
      };
      await next(ws, "open");
      const values = [
        "plain",
        "",
        "\ufeffbom",
        "ü€\u{1f600}",
        "lone \ud800",
        "\udc00 lone",
        "\ud800\ud800\udc00",
        1,
        -0,
        NaN,
        null,
        undefined,
        true,
        { toString: () => "object" },
        ["a", "b"],
        new Date(NaN),
        new String("boxed"),
      ];
      for (const [index, value] of values.entries()) attempt(`send ${index}`, () => ws.send(value));
      attempt("no argument", () => ws.send());
      attempt("symbol", () => ws.send(Symbol("s")));
      attempt("no primitive", () => ws.send(Object.create(null)));
      await until(() => count === values.length);
      record("bufferedAmount", ws.bufferedAmount);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "send of everything that becomes binary",
    section: "[WS] 3.1, send; [IDL] BufferSource",
    server: answersClose,
    client: async ({ WebSocket, url, next, attempt }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      const buffer = Uint8Array.from({ length: 32 }, (_, index) => index).buffer;
      const views = [
        Int8Array,
        Uint8Array,
        Uint8ClampedArray,
        Int16Array,
        Uint16Array,
        Int32Array,
        Uint32Array,
        Float32Array,
        Float64Array,
        BigInt64Array,
        BigUint64Array,
      ];
      for (const View of views) attempt(View.name, () => ws.send(new View(buffer, 8, 1)));
      attempt("DataView", () => ws.send(new DataView(buffer, 3, 5)));
      attempt("ArrayBuffer", () => ws.send(buffer));
      attempt("empty ArrayBuffer", () => ws.send(new ArrayBuffer(0)));
      attempt("empty view", () => ws.send(new Uint8Array(buffer, 4, 0)));
      attempt("Blob", () => ws.send(new Blob(["blob ", Uint8Array.of(1, 2)], { type: "text/plain" })));
      attempt("empty Blob", () => ws.send(new Blob([])));
      attempt("Blob slice", () => ws.send(new Blob(["0123456789"]).slice(2, 5)));
      attempt("whole view", () => ws.send(new Uint8Array(buffer)));
      const detached = new ArrayBuffer(4);
      structuredClone(detached, { transfer: [detached] });
      attempt("detached", () => ws.send(detached));
      const shrunk = new Uint8Array(4);
      structuredClone(shrunk.buffer, { transfer: [shrunk.buffer] });
      attempt("view of detached", () => ws.send(shrunk));
      attempt("end", () => ws.send(Uint8Array.of(255)));
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "send of messages of every length form",
    section: "RFC 6455 5.2",
    server: echoes("text", "binary", "text", "binary", "binary", "text"),
    client: async ({ WebSocket, url, record, next, until }) => {
      const ws = new WebSocket(url);
      ws.binaryType = "arraybuffer";
      const lengths: unknown[] = [];
      ws.onmessage = (event: { data?: unknown }) => {
        lengths.push(event.data instanceof ArrayBuffer ? event.data.byteLength : String(event.data).length);
      };
      await next(ws, "open");
      ws.send("x".repeat(125));
      ws.send(new Uint8Array(126).fill(1));
      ws.send("€".repeat(21_845));
      ws.send(new Uint8Array(65_535).fill(2));
      ws.send(new Uint8Array(65_536).fill(3));
      ws.send("y".repeat(300_000));
      await until(() => lengths.length === 6);
      record("lengths", lengths, ws.bufferedAmount);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "order is kept with Blobs in between",
    section: "[WS] 3.1, send",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, next, closed }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      ws.send("1");
      ws.send(new Blob(["2"]));
      ws.send("3");
      ws.send(Uint8Array.of(0x34));
      ws.send(new Blob(["5".repeat(90)]));
      ws.send(new Blob([]));
      ws.send("6");
      // Everything queued goes out before the close frame.
      ws.close(3000, "after all");
      await closed("close", ws);
    },
  },
  {
    name: "send takes the bytes at the call",
    section: "[WS] 3.1, send",
    server: echoes("binary", "binary", "binary", "text"),
    client: async ({ WebSocket, url, record, next, until }) => {
      const ws = new WebSocket(url);
      ws.binaryType = "arraybuffer";
      let count = 0;
      ws.onmessage = (event: { data?: unknown }) => {
        count++;
        record("echo", event.data);
      };
      await next(ws, "open");
      ws.send(new Blob(["blob first, so that the others wait"]));
      const bytes = Uint8Array.of(1, 2, 3);
      ws.send(bytes);
      bytes.fill(9);
      const buffer = Uint8Array.of(4, 5, 6).buffer;
      ws.send(buffer);
      structuredClone(buffer, { transfer: [buffer] });
      const list = ["a"];
      ws.send(list);
      list[0] = "b";
      await until(() => count === 4);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "send while CONNECTING",
    section: "[WS] 3.1, send step 1",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, attempt, record, next }) => {
      const ws = new WebSocket(url);
      attempt("string", () => ws.send("early"));
      attempt("buffer", () => ws.send(new ArrayBuffer(4)));
      attempt("blob", () => ws.send(new Blob(["x"])));
      attempt("no argument", () => ws.send());
      attempt("symbol", () => ws.send(Symbol("s")));
      record("bufferedAmount", ws.bufferedAmount, ws.readyState);
      await next(ws, "open");
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "send while CLOSING and CLOSED only counts",
    section: "[WS] 3.1, bufferedAmount",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      await peer.reached.wait("counted");
      connection.write(Buffer.from([0x88, 0]));
      connection.end();
    },
    client: async ({ WebSocket, url, attempt, record, next, tell, tasks, closed }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      ws.close();
      for (const data of [
        "abc",
        "ü€\u{1f600}",
        "\ud800",
        new ArrayBuffer(10),
        new Blob(["12345"]),
        new Uint16Array(3),
        "",
      ]) {
        attempt("closing", () => ws.send(data));
        record("bufferedAmount", ws.bufferedAmount);
      }
      attempt("symbol", () => ws.send(Symbol("s")));
      await tasks();
      record("later", ws.bufferedAmount);
      tell("counted");
      await closed("close", ws);
      attempt("closed", () => ws.send("four"));
      attempt("closed", () => ws.send(new Blob(["four"])));
      record("bufferedAmount", ws.bufferedAmount);
      await tasks();
      record("later", ws.bufferedAmount);
    },
  },
  {
    name: "send after close() while CONNECTING",
    section: "[WS] 3.1, send",
    compareWire: "how far the handshake comes before it is given up is nobody's rule",
    server: async (peer) => {
      peer.serve(async (connection) => connection.ended());
    },
    client: async ({ WebSocket, url, attempt, record, closed }) => {
      const ws = new WebSocket(url);
      ws.close();
      attempt("send", () => ws.send("abc"));
      record("bufferedAmount", ws.bufferedAmount);
      await closed("close", ws);
      attempt("send", () => ws.send(new ArrayBuffer(5)));
      record("bufferedAmount", ws.bufferedAmount);
    },
  },
  {
    name: "bufferedAmount in the same task and later",
    section: "[WS] 3.1, bufferedAmount",
    server: echoes("text", "binary", "binary", "binary", "text"),
    client: async ({ WebSocket, url, record, next, until }) => {
      const ws = new WebSocket(url);
      let count = 0;
      ws.onmessage = () => count++;
      await next(ws, "open");
      const sent = [
        "ü€\u{1f600}\ud800",
        new ArrayBuffer(10),
        new Blob(["12345", "ü"]),
        new Float64Array(3),
        "x".repeat(70_000),
      ];
      for (const data of sent) {
        ws.send(data);
        record("after send", ws.bufferedAmount);
      }
      await undefined;
      record("in a microtask", ws.bufferedAmount);
      await until(() => ws.bufferedAmount === 0);
      record("handed over", ws.bufferedAmount);
      await until(() => count === sent.length);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "send in the handlers",
    section: "[WS] 3.1, send",
    server: echoes("text", "text", "text"),
    client: async ({ WebSocket, url, record, next, attempt }) => {
      const ws = new WebSocket(url);
      ws.onopen = () => ws.send("from open");
      ws.onmessage = (event: { data?: unknown }) => {
        record("echo", event.data);
        if (event.data === "from open") ws.send("from message");
        else if (event.data === "from message") queueMicrotask(() => ws.send("from a microtask"));
        else ws.close();
      };
      ws.onclose = () => {
        attempt("send in close", () => ws.send("from close"));
        record("bufferedAmount", ws.bufferedAmount);
      };
      await next(ws, "close");
    },
  },
  {
    name: "conversions that run code while send is called",
    section: "[WS] 3.1, send; [IDL] 3.7.7",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, record, next, attempt, closed }) => {
      const ws = new WebSocket(url);
      attempt("converted before the state is checked", () => {
        ws.send({
          toString: () => {
            record("converted");
            return "x";
          },
        });
      });
      await next(ws, "open");
      attempt("closes in the conversion", () => {
        ws.send({
          toString: () => {
            ws.close(3000);
            return "never sent";
          },
        });
      });
      record("after", ws.readyState, ws.bufferedAmount);
      await closed("close", ws);
    },
  },
];
