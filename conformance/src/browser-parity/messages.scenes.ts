import type { Scene } from "./scene.js";
import { close, ping, text } from "./server-frames.js";
import { sendsWhenReady, sendsWithHandshake } from "./servers.js";

const five = ["1", "2", "3", "4", "5"].map((digit) => text(digit));

export const messageScenes: readonly Scene[] = [
  {
    name: "open, then frames that came in the packet of the handshake",
    section: "[WS] 3.1, feedback from the protocol",
    server: sendsWithHandshake(...five),
    client: async ({ WebSocket, url, watch, record, next, until }) => {
      const ws = new WebSocket(url);
      watch(ws);
      let count = 0;
      ws.onopen = () => {
        record("open handler", ws.readyState);
        queueMicrotask(() => record("microtask of open"));
        ws.onmessage = (event: { data?: unknown }) => {
          count++;
          record("handler", event.data);
        };
      };
      await until(() => count === 5);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "frames and a close frame in the packet of the handshake",
    section: "[WS] 3.1, feedback from the protocol",
    server: async (peer) => {
      const connection = await peer.accepted({ sameWrite: Buffer.concat([...five, close(1000, "bye")]) });
      await connection.received("close");
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "close");
    },
  },
  {
    name: "microtasks run between two messages of one packet",
    section: "[WS] 3.1, one task a message",
    server: sendsWhenReady(...five),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let count = 0;
      ws.addEventListener("message", async (event) => {
        record("listener", event.data);
        queueMicrotask(() => record("microtask", event.data));
        for (let depth = 0; depth < 20; depth++) await undefined;
        record("after 20 awaits", event.data);
        count++;
      });
      await next(ws, "open");
      tell("ready");
      await until(() => count === 5);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "microtasks and two listeners of one event",
    section: "[IDL] 3.12, clean up after running script",
    server: sendsWhenReady(text("1"), text("2")),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let count = 0;
      ws.addEventListener("message", (event) => {
        record("first", event.data);
        queueMicrotask(() => record("microtask", event.data));
      });
      ws.addEventListener("message", (event) => {
        record("second", event.data);
        count++;
      });
      await next(ws, "open");
      tell("ready");
      await until(() => count === 2);
      ws.close();
      await next(ws, "close");
    },
    differences: ["1", "2"].map((data) => ({
      why:
        "a browser has a microtask checkpoint after each listener; Node has none while JavaScript dispatches, so there " +
        "it comes after the event",
      chromium: [
        ["first", data],
        ["microtask", data],
        ["second", data],
      ],
      openline: [
        ["first", data],
        ["second", data],
        ["microtask", data],
      ],
    })),
  },
  {
    name: "a loop that awaits one message at a time loses none",
    section: "[WS] 3.1, one task a message",
    server: sendsWhenReady(...five),
    client: async ({ WebSocket, url, record, next, tell }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      tell("ready");
      for (let count = 0; count < 5; count++) {
        const event = await next(ws, "message");
        record("message", event.data);
      }
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "readyState changes after the messages before the close frame",
    section: "[WS] 3.1, when the closing handshake is started",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(...five, close(3001, "over"));
      await connection.received("close");
      connection.end();
    },
    client: async ({ WebSocket, url, record, next, tell, closed }) => {
      const ws = new WebSocket(url);
      ws.addEventListener("message", (event) => record("message", event.data, ws.readyState));
      await next(ws, "open");
      tell("ready");
      await closed("close", ws);
    },
  },
  {
    name: "nothing is lost when a message and the end of the connection come together",
    section: "[WS] 3.1, when the connection is closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(...five, close(1000));
      connection.end();
      await connection.ended();
    },
    client: async ({ WebSocket, url, watch, next, tell, record }) => {
      const ws = new WebSocket(url);
      watch(ws);
      ws.addEventListener("close", () => record("connection", ws.readyState));
      await next(ws, "open");
      tell("ready");
      await next(ws, "close");
    },
  },
  {
    name: "messages before a cut connection are delivered",
    section: "[WS] 3.1, when the connection is closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(...five);
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
    name: "an object without any listener answers the closing handshake",
    section: "[WS] 3.1",
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(...five, ping("still there"));
      await connection.received("pong");
      await connection.startClose(1000, "bye");
      peer.told.reach("closed");
    },
    client: async ({ WebSocket, url, state, told, until }) => {
      const ws = new WebSocket(url);
      await told("closed");
      await until(() => ws.readyState === ws.CLOSED);
      state("closed", ws);
    },
  },
  {
    name: "listeners that come too late get nothing",
    section: "[DOM] 2.9",
    server: sendsWhenReady(text("early")),
    client: async ({ WebSocket, url, record, next, tell, tasks }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      tell("ready");
      await next(ws, "message");
      ws.onmessage = () => record("too late");
      ws.onopen = () => record("too late");
      await tasks();
      ws.close();
      await next(ws, "close");
      ws.onclose = () => record("too late");
      await tasks();
      record("end", ws.readyState);
    },
  },
];
