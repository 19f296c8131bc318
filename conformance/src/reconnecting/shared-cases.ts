import type { ReconnectingWebSocket, WebSocketConstructor } from "openline/reconnecting";

/** What the cases need of their platform. A page loads this module as it is: it imports nothing but types. */
export interface Platform {
  readonly ReconnectingWebSocket: typeof ReconnectingWebSocket;
  readonly WebSocket: WebSocketConstructor;
  /** The proxy's URL; behind it is a server that sends every message back. */
  readonly url: string;
  /** Calls a method of the proxy. */
  control(method: string, ...values: unknown[]): Promise<void>;
}

const heartbeat = { message: "ping?", isReply: (data: unknown) => data === "ping?" };
const short = { minDelay: 5, maxDelay: 50, idle: 200, timeout: 200, heartbeat };

function check(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(what);
}

function equal(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(got === wanted, `${got} instead of ${wanted}`);
}

function next(target: EventTarget, type: string): Promise<Event> {
  return new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));
}

async function end(socket: ReconnectingWebSocket): Promise<void> {
  const closed = next(socket, "close");
  socket.close();
  await closed;
}

/** Resolves once so many messages have come. */
function messages(socket: ReconnectingWebSocket, count: number): Promise<unknown[]> {
  const list: unknown[] = [];
  return new Promise((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      if (list.push(data) === count) resolve(list);
    });
  });
}

export const cases: Readonly<Record<string, (platform: Platform) => Promise<void>>> = {
  async "stands in for the plain object"({ ReconnectingWebSocket, url }) {
    const socket = new ReconnectingWebSocket(url, undefined, short);
    check(socket instanceof EventTarget, "an EventTarget");
    equal([socket.readyState, socket.url, socket.binaryType], [0, url, "blob"]);
    const seen: string[] = [];
    for (const type of ["open", "message", "error", "close"] as const) {
      socket.addEventListener(type, (event) => seen.push(event.type));
    }
    await next(socket, "open");
    equal(socket.readyState, socket.OPEN);
    const text = messages(socket, 1);
    socket.send("héllo");
    equal(await text, ["héllo"]);
    socket.binaryType = "arraybuffer";
    const binary = messages(socket, 1);
    socket.send(new Uint8Array([1, 2, 3]).subarray(1));
    equal([...new Uint8Array((await binary)[0] as ArrayBuffer)], [2, 3]);
    const closed = next(socket, "close");
    socket.close(3001, "bye");
    equal(socket.readyState, socket.CLOSING);
    const { code, reason, wasClean } = (await closed) as Event & Record<string, unknown>;
    equal([code, reason, wasClean], [3001, "bye", true]);
    equal(socket.readyState, socket.CLOSED);
    equal(seen, ["open", "message", "message", "close"]);
  },

  async "refuses what can't be right"({ ReconnectingWebSocket, url }) {
    const refused = (act: () => unknown, name: string) => {
      try {
        act();
      } catch (error) {
        equal((error as Error).name, name);
        return;
      }
      check(false, `no ${name}`);
    };
    refused(() => new ReconnectingWebSocket("ws://host/#fragment"), "SyntaxError");
    refused(() => new ReconnectingWebSocket(url, ["a", "a"]), "SyntaxError");
    refused(() => new ReconnectingWebSocket(url, [], { idle: -1 }), "TypeError");
    const socket = new ReconnectingWebSocket(url, [], { queue: false });
    refused(() => socket.send("early"), "InvalidStateError");
    refused(() => socket.close(1001), "InvalidAccessError");
    refused(() => socket.close(1000, "x".repeat(124)), "SyntaxError");
    await end(socket);
  },

  async "notices a half-open connection, while the plain object says OPEN"(platform) {
    const { ReconnectingWebSocket, WebSocket, url, control } = platform;
    const plain = new WebSocket(url);
    const socket = new ReconnectingWebSocket(url, undefined, short);
    await next(socket, "up");
    const down = next(socket, "down");
    await control("hold");
    const start = performance.now();
    await down;
    const noticed = performance.now() - start;
    // The exact time is tested on a clock of its own; what is beyond is a guard for a busy machine.
    check(noticed <= short.idle + short.timeout + 10_000, `noticed after ${noticed} ms`);
    equal(plain.readyState, 1);
    const up = next(socket, "up");
    await control("release");
    await up;
    await end(socket);
    plain.close();
  },

  async "comes back, and sends what waited after what onOpen sends"({ ReconnectingWebSocket, url, control }) {
    const attempts: number[] = [];
    const socket = new ReconnectingWebSocket(
      async (attempt) => {
        attempts.push(attempt);
        return url;
      },
      undefined,
      {
        ...short,
        onOpen: async (connection) => {
          connection.send("login");
          await Promise.resolve();
          connection.send("subscribe");
        },
      },
    );
    const first = messages(socket, 3);
    socket.send("early");
    equal(await first, ["login", "subscribe", "early"]);
    await control("answer", 503);
    const failed = next(socket, "reconnecting");
    await control("reset");
    await failed;
    equal(socket.readyState, socket.CONNECTING);
    const second = messages(socket, 4);
    socket.send("one");
    socket.send("two");
    await next(socket, "reconnecting");
    await control("forward");
    equal(await second, ["login", "subscribe", "one", "two"]);
    check(attempts.length >= 3 && attempts[1] === 2 && attempts[2] === 3, `attempts ${attempts}`);
    await end(socket);
  },

  async "tells what was on the wire"({ ReconnectingWebSocket, url, control }) {
    const socket = new ReconnectingWebSocket(url, undefined, { ...short, keepSent: true });
    await next(socket, "up");
    await control("hold");
    const lost = next(socket, "lost");
    socket.send("on the wire");
    const { reason, count, messages: shown } = (await lost) as Event & Record<string, unknown>;
    equal([reason, count, shown], ["connection", 1, ["on the wire"]]);
    await control("heal");
    await end(socket);
  },

  async "ends for good in the middle of an attempt"({ ReconnectingWebSocket, url, control }) {
    await control("dropHandshakes");
    const socket = new ReconnectingWebSocket(url, undefined, short);
    setTimeout(() => socket.close(), 50);
    await next(socket, "close");
    equal(socket.readyState, socket.CLOSED);
    await control("heal");
  },
};
