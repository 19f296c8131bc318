import { closeEvent, REQUEST_LINE, returns, throws } from "./expected-lines.js";
import type { Line, Scene } from "./scene.js";
import { close, text } from "./server-frames.js";
import { answersClose, sendsWhenReady } from "./servers.js";

const REASON_ONLY = "Chromium refuses a reason without a code; the standard does not, and sends it with 1000";

/** Codes with a fraction: what Chromium makes of them and what the standard does; `undefined` where it is refused. */
const CLAMPED: readonly [given: number, theirs: number | undefined, ours: number | undefined][] = [
  [999.5, undefined, 1000],
  [999.6, undefined, 1000],
  [1000.6, 1000, undefined],
  [2999.5, undefined, 3000],
  [3001.5, 3001, 3002],
  [4999.5, 4999, undefined],
];

function closeCalled(given: number, code: number | undefined): readonly Line[] {
  if (code === undefined) {
    return [throws(`close ${given}`, "InvalidAccessError"), closeEvent(1005, "", `closed ${given}`)];
  }
  return [returns(`close ${given}`), closeEvent(code, "", `closed ${given}`)];
}

export const closingScenes: readonly Scene[] = [
  {
    name: "codes and reasons that close() refuses",
    section: "[WS] 3.1, close steps 1 to 3; [IDL] Clamp",
    client: async ({ WebSocket, attempt, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      const codes = [0, 999, 1001, 1002, 1004, 1005, 1006, 1011, 1015, 1016, 2999, 5000, 65535, 65536, -1];
      const others = [
        NaN,
        Infinity,
        -Infinity,
        null,
        "",
        "close",
        "1001",
        "999",
        true,
        false,
        {},
        [],
        () => undefined,
      ];
      for (const code of [...codes, ...others]) attempt(`code ${String(code)}`, () => ws.close(code));
      attempt("symbol", () => ws.close(Symbol("1000")));
      attempt("bigint", () => ws.close(1000n));
      attempt("124 bytes", () => ws.close(1000, "x".repeat(124)));
      attempt("124 bytes in 62 characters", () => ws.close(1000, "ü".repeat(62)));
      attempt("124 bytes in 31 characters", () => ws.close(3000, "\u{1f600}".repeat(31)));
      attempt("lone surrogates count three bytes each", () => ws.close(3000, "\ud800".repeat(42)));
      attempt("bad code and long reason", () => ws.close(999, "x".repeat(124)));
      attempt("reason symbol", () => ws.close(1000, Symbol("reason")));
      attempt("bad code, reason symbol", () => ws.close(999, Symbol("reason")));
      record("still", ws.readyState);
    },
  },
  {
    name: "codes and reasons that close() takes, as the server reads them",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      const args: (readonly unknown[])[] = [
        [],
        [undefined],
        [undefined, undefined],
        [1000],
        [3000],
        [4999],
        ["3001"],
        [{ valueOf: () => 3004 }],
        [[3005]],
        [1000, ""],
        [1000, undefined],
        [1000, null],
        [3000, 7],
        [3000, "ü€\u{1f600}"],
        [3000, "\ud800"],
        [3000, "a\u0000b"],
        [3000, "\ufeffbom"],
        [3000, "x".repeat(123)],
        [3000, "€".repeat(41)],
        [3000, "r", "a third argument"],
      ];
      for (const [index, given] of args.entries()) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${index}`, () => ws.close(...given));
        // Where the arguments are refused the object is still open.
        if (ws.readyState === ws.OPEN) ws.close();
        await closed(`event ${index}`, ws);
      }
    },
  },
  {
    name: "a reason without a code",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      for (const [label, reason] of Object.entries({
        some: "reason without code",
        empty: "",
        long: "x".repeat(124),
      })) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${label}`, () => ws.close(undefined, reason));
        if (ws.readyState === ws.OPEN) ws.close(4000);
        await closed(`closed ${label}`, ws);
      }
    },
    differences: [
      {
        why: REASON_ONLY,
        chromium: [throws("close some", "InvalidAccessError"), closeEvent(4000, "", "closed some")],
        openline: [returns("close some"), closeEvent(1000, "reason without code", "closed some")],
      },
      {
        why: REASON_ONLY,
        chromium: [throws("close empty", "InvalidAccessError"), closeEvent(4000, "", "closed empty")],
        openline: [returns("close empty"), closeEvent(1005, "", "closed empty")],
      },
      {
        why: REASON_ONLY,
        chromium: [throws("close long", "InvalidAccessError")],
        openline: [throws("close long", "SyntaxError")],
      },
      {
        why: REASON_ONLY,
        chromium: [
          ["wire", { close: 4000, reason: "" }],
          REQUEST_LINE,
          ["wire", { close: 4000, reason: "" }],
          REQUEST_LINE,
        ],
        openline: [
          ["wire", { close: 1000, reason: "reason without code" }],
          REQUEST_LINE,
          ["wire", { close: "no code" }],
          REQUEST_LINE,
        ],
      },
    ],
  },
  {
    name: "codes that are no integers",
    section: "[IDL] 3.2.4.9, ConvertToInt with [Clamp]",
    compareWire: "what is sent follows from the differences, and the close events show it",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      for (const code of [
        999.4, 999.5, 999.6, 1000.4, 1000.5, 1000.6, 2999.4, 2999.5, 3001.5, 3002.5, 4999.4, 4999.5,
      ]) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${code}`, () => ws.close(code));
        if (ws.readyState === ws.OPEN) ws.close();
        await closed(`closed ${code}`, ws);
      }
    },
    differences: CLAMPED.map(([code, theirs, ours]) => ({
      why: "Chromium cuts the fraction off; the standard rounds to the nearest integer, to the even one of two",
      chromium: closeCalled(code, theirs),
      openline: closeCalled(code, ours),
    })),
  },
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
