import { closeEvent } from "./expected-lines.js";
import type { Scene } from "./scene.js";
import { close, frame, text } from "./server-frames.js";
import { sendsOnly } from "./servers.js";

/** Codes of the server's close frames, one a connection; `undefined` is a close frame without a body. */
const CODES = [
  undefined,
  1000,
  1001,
  1002,
  1003,
  1007,
  1008,
  1009,
  1010,
  1011,
  1012,
  1013,
  1014,
  3000,
  3999,
  4000,
  4999,
];

/** Codes that may not be sent. */
const BAD_CODES = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];

const REFUSED_BY_CHROMIUM = [1005, 1006, 1015];

export const serverClosingScenes: readonly Scene[] = [
  {
    name: "the server closes with each code",
    section: "RFC 6455 7.4",
    server: async (peer) => {
      for (const code of CODES) {
        const connection = await peer.accepted();
        await connection.startClose(code, code === undefined ? undefined : `reason ${code}`);
      }
    },
    client: async ({ WebSocket, url, record, closed }) => {
      for (let index = 0; index < 17; index++) {
        const ws = new WebSocket(url);
        ws.onerror = () => record("error", index);
        await closed(`close ${index}`, ws);
      }
    },
  },
  {
    name: "the server closes with codes that may not be sent",
    section: "RFC 6455 7.4.1, 7.4.2",
    freeCloseReason: true,
    server: async (peer) => {
      for (const code of BAD_CODES) {
        const connection = await peer.accepted({ sameWrite: close(code, "bad") });
        await connection.received("close");
        connection.end();
      }
    },
    client: async ({ WebSocket, url, record, closed }) => {
      for (let index = 0; index < 12; index++) {
        const ws = new WebSocket(url);
        ws.onerror = () => record("error", index, ws.readyState);
        await closed(`close ${index}`, ws);
      }
    },
    differences: BAD_CODES.flatMap((code, index) => {
      if (REFUSED_BY_CHROMIUM.includes(code)) return [];
      const events = {
        why: "Chromium takes codes that are reserved or out of range; RFC 6455 says that no peer may send them",
        chromium: [closeEvent(code, "bad", `close ${index}`)],
        openline: [["error", index, 3] as const, closeEvent(1006, "", `close ${index}`)],
      };
      const wire = {
        why: events.why,
        chromium: [["wire", { close: code }] as const],
        openline: [["wire", { close: 1002 }] as const],
      };
      return [events, wire];
    }),
  },
  {
    name: "reasons of the server's close frame",
    section: "RFC 6455 5.5.1",
    server: async (peer) => {
      for (const reason of ["", "ü€\u{1f600}", "\ufeffbom", "a\u0000b", "x".repeat(123)]) {
        const connection = await peer.accepted();
        await connection.startClose(1000, reason);
      }
    },
    client: async ({ WebSocket, url, closed }) => {
      for (let index = 0; index < 5; index++) {
        const ws = new WebSocket(url);
        await closed(`close ${index}`, ws);
      }
    },
  },
  {
    name: "the object between the server's close frame and the end of the connection",
    section: "[WS] 3.1, when the closing handshake is started",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(close(3000, "begun"));
      await connection.received("close");
      peer.told.reach("answered");
      await peer.reached.wait("looked");
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next, record, attempt, tell, told, tasks }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await told("answered");
      await tasks();
      record("readyState", ws.readyState, ws.bufferedAmount);
      attempt("send", () => ws.send("too late"));
      record("bufferedAmount", ws.bufferedAmount);
      attempt("close", () => ws.close(4000, "own"));
      tell("looked");
      await next(ws, "close");
    },
  },
  {
    name: "what was sent before the server's close frame came",
    section: "[WS] 3.1, when the closing handshake is started",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("text");
      await connection.startClose(1000);
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      ws.send("before");
      await next(ws, "close");
    },
  },
  {
    name: "the server ends TCP without a close frame",
    section: "RFC 6455 7.1.5",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, tell, state }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
      state("end", ws);
    },
  },
  {
    name: "the server resets the connection",
    section: "RFC 6455 7.1.7",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.reset();
    },
    client: async ({ WebSocket, url, watch, next, tell, state }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
      state("end", ws);
    },
  },
  {
    name: "the server ends TCP in the middle of a frame",
    section: "RFC 6455 7.1.7",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(text("whole"), text("cut off").subarray(0, 4));
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, tell }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "the server ends TCP in the middle of a close frame",
    section: "RFC 6455 7.1.7",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(close(1000, "cut off").subarray(0, 5));
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, tell }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "close frame and FIN in one go",
    section: "RFC 6455 7.1.4",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(close(3000, "gone"));
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, tell }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "close() in a message handler when the close frame came in the same packet",
    section: "[WS] 3.1, close",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(text("last"), close(3000, "server"));
      await connection.received("close");
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next, tell, record }) => {
      const ws = new WebSocket(url);
      watch(ws);
      ws.onmessage = () => {
        record("readyState", ws.readyState);
        ws.close(4000, "client");
      };
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "the server keeps TCP open after both close frames",
    section: "RFC 6455 7.1.1",
    server: sendsOnly(frame(0x8, Buffer.from([3, 0xe8]))),
    client: async ({ WebSocket, url, watch, next, tell }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
];
