import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { WebSocket } from "openline";
import type { FaultyProxy, RestartingServer } from "openline/testing";
import { WebSocketServer } from "ws";
import type { Contestant, Library } from "./contestants.js";

/** Where a scene plays. */
export interface Stage {
  readonly library: Library;
  readonly server: RestartingServer;
  readonly proxy: FaultyProxy;
  /** What the server got, in order. */
  readonly received: string[];
  /** The server's ends of all connections so far. */
  readonly accepted: WebSocket[];
  /** Opens an object whose events are counted, and which is closed after the scene. */
  open(url?: Parameters<Library["open"]>[0]): Contestant & { readonly count: Record<string, number> };
}

export interface Scene {
  readonly title: string;
  /** @returns what happened, in words that are the same on every machine. */
  play(stage: Stage): Promise<string>;
}

/** Waits until something is so. @returns whether it was, within so many milliseconds. */
async function happens(isSo: () => boolean, within: number): Promise<boolean> {
  for (const end = performance.now() + within; performance.now() < end; await sleep(2))
    if (isSo()) return true;
  return isSo();
}

/** So long that whatever was to happen has happened. */
const long = 1500;

export const scenes: readonly Scene[] = [
  {
    title: "The network drops all bytes and closes nothing (half-open)",
    async play({ open, proxy, accepted }) {
      const socket = open();
      await happens(() => accepted.length === 1, long);
      await happens(() => socket.readyState === 1, long);
      const before = proxy.accepted;
      proxy.hold();
      return (await happens(() => proxy.accepted > before, long))
        ? "noticed within `idle + timeout`, and replaced"
        : "not noticed";
    },
  },
  {
    title: "The server closes with 1008, policy violation, each time",
    async play({ open }) {
      let accepted = 0;
      // openline's server is the standard's object, which can't send this code.
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      server.on("connection", (socket) => {
        accepted++;
        socket.close(1008);
      });
      await once(server, "listening");
      const { count } = open(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
      await happens(() => accepted > 3, long);
      server.close();
      return accepted > 3 ? "tries again and again" : `gives up: \`close\` ${count["close"]} time`;
    },
  },
  {
    title: "The handshake is answered with 403",
    async play({ open, proxy }) {
      proxy.answer(403);
      const { count } = open();
      await happens(() => proxy.accepted > 3, long);
      return proxy.accepted > 3 ? "tries again and again" : `gives up: \`close\` ${count["close"]} time`;
    },
  },
  {
    title: "The connection breaks three times, and is there again: the application's `close` events",
    async play({ open, proxy, accepted }) {
      const socket = open();
      for (let round = 1; round <= 3; round++) {
        await happens(() => accepted.length === round && socket.readyState === 1, long);
        proxy.reset();
      }
      await happens(() => accepted.length === 4 && socket.readyState === 1, long);
      return `${socket.count["close"] ?? 0}`;
    },
  },
  {
    title: "Messages on the wire when the connection breaks",
    async play({ open, proxy, received, accepted }) {
      const socket = open();
      await happens(() => accepted.length === 1 && socket.readyState === 1, long);
      proxy.hold("to-server");
      socket.send("on the wire");
      await sleep(20);
      proxy.reset();
      proxy.heal();
      await happens(() => accepted.length === 2 && socket.readyState === 1, long);
      await sleep(50);
      if (received.includes("on the wire")) return "arrive later";
      return (socket.count["lost"] ?? 0) > 0 ? "a `lost` event tells how many" : "lost without a word";
    },
  },
  {
    title: "100 messages sent while the line is down",
    async play({ open, proxy, received, accepted }) {
      const socket = open();
      await happens(() => accepted.length === 1 && socket.readyState === 1, long);
      proxy.answer(503);
      proxy.reset();
      await happens(() => socket.readyState !== 1, long);
      const messages = Array.from({ length: 100 }, (_, index) => `${index}`);
      for (const message of messages) socket.send(message);
      proxy.heal();
      await happens(() => received.length >= 100, long);
      return received.join() === messages.join() ? "arrive in order" : `${received.length} arrive`;
    },
  },
  {
    title: "20,000 messages sent while the line is down, with the default options",
    async play({ open, proxy }) {
      proxy.answer(503);
      const socket = open();
      let sent = 0;
      try {
        while (sent < 20_000) {
          socket.send("x");
          sent++;
        }
      } catch (error) {
        return `${sent.toLocaleString("en")} are kept, then \`send\` throws ${(error as Error).name}`;
      }
      return "all are kept: no limit";
    },
  },
  {
    title: "The URL function never answers",
    async play({ open, accepted, server }) {
      let asked = 0;
      open(() => (++asked === 1 ? new Promise<string>(() => {}) : Promise.resolve(server.url)));
      return (await happens(() => accepted.length > 0, long))
        ? "asked again after the timeout"
        : "waits for ever";
    },
  },
  {
    title: "The URL function rejects once",
    async play({ open, accepted, server }) {
      let asked = 0;
      open(async () => {
        if (++asked === 1) throw new Error("no token");
        return server.url;
      });
      const isAsked = await happens(() => accepted.length > 0, long);
      return isAsked ? "asked again" : "never asked again";
    },
  },
  {
    title: "`close()` in the middle of an attempt",
    async play({ open, proxy, accepted }) {
      proxy.delay(50);
      const socket = open();
      await happens(() => proxy.connections > 0, long);
      socket.close();
      const closed = await happens(() => socket.readyState === 3, long);
      const connections = accepted.length;
      await sleep(200);
      return closed && accepted.length <= connections + 1 && proxy.connections === 0
        ? `ends: \`close\` ${socket.count["close"] ?? 0} time`
        : "goes on";
    },
  },
];
