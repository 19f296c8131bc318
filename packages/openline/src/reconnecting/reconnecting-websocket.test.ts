import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "./fixture.test.support.js";
import { ReconnectingWebSocket } from "./reconnecting-websocket.js";

describe("ReconnectingWebSocket", () => {
  it("has the interface of WebSocket", () => {
    const { socket } = fixture({ url: new URL("ws://fake/path") });
    assert.ok(socket instanceof EventTarget);
    assert.equal(socket.url, "ws://fake/path");
    assert.equal(socket.readyState, socket.CONNECTING);
    assert.equal(socket.binaryType, "blob");
    assert.equal(socket.bufferedAmount, 0);
    assert.equal(socket.protocol, "");
    assert.equal(socket.extensions, "");
    for (const [value, name] of (["CONNECTING", "OPEN", "CLOSING", "CLOSED"] as const).entries()) {
      assert.equal(ReconnectingWebSocket[name], value);
      assert.equal(socket[name], value);
    }
    for (const type of ["open", "message", "error", "close"] as const)
      assert.equal(socket[`on${type}`], null);
  });

  it("refuses a URL that is none, and leaves nothing behind", () => {
    assert.throws(() => fixture({ url: "no URL" }), TypeError);
  });

  it("opens, delivers messages and closes as a plain object does", async () => {
    const { socket, network, clock, log } = fixture({ protocols: ["a", "b"] });
    assert.deepEqual(network.last.protocols, ["a", "b"]);
    network.last.accept("b");
    assert.equal(socket.readyState, socket.OPEN);
    assert.equal(socket.protocol, "b");
    socket.send("hello");
    network.last.receive("world");
    socket.close(3000, "done");
    assert.equal(socket.readyState, socket.CLOSING);
    assert.deepEqual(network.last.closeCalls, [[3000, "done"]]);
    network.last.receive("too late");
    network.last.finish(3000, "done");
    assert.equal(socket.readyState, socket.CLOSED);
    assert.deepEqual(network.last.sent, ["hello"]);
    assert.deepEqual(log, ["open", "up", "message world", "down", "close 3000 clean"]);
    assert.equal(clock.running, 0);
    await clock.advance(100_000);
    assert.equal(network.connections.length, 1);
  });

  it("opens the next connection when one ends unasked", async () => {
    const { socket, network, clock, log } = fixture();
    network.last.accept();
    network.last.fail();
    assert.equal(socket.readyState, socket.CONNECTING);
    await clock.advance(8500);
    assert.equal(network.connections.length, 2);
    network.last.accept();
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 2 in 8500", "open", "up"]);
  });

  it("carries binaryType over, and changes it on the connection", async () => {
    const { socket, network, clock } = fixture();
    network.last.accept();
    socket.binaryType = "arraybuffer";
    assert.equal(network.last.binaryType, "arraybuffer");
    socket.binaryType = "nonsense" as "blob";
    assert.equal(socket.binaryType, "arraybuffer");
    network.last.fail();
    await clock.advance(8500);
    assert.equal(network.connections.length, 2);
    assert.equal(network.last.binaryType, "arraybuffer");
  });

  it("keeps the place of a handler attribute among the listeners", () => {
    const { socket, network } = fixture();
    const order: string[] = [];
    socket.onopen = () => order.push("first value");
    socket.addEventListener("open", () => order.push("listener"));
    socket.onopen = () => order.push("second value");
    network.last.accept();
    assert.deepEqual(order, ["second value", "listener"]);
    socket.onopen = null;
    assert.equal(socket.onopen, null);
  });

  it("ignores what an abandoned connection still tells", async () => {
    const { network, clock, log } = fixture({ connectTimeout: 1000 });
    const late = network.last;
    await clock.advance(1000);
    assert.ok(late.isTerminated);
    log.length = 0;
    late.accept();
    late.receive("ghost");
    late.fail();
    assert.deepEqual(log, []);
    await clock.advance(8500);
    network.last.accept();
    late.finish();
    assert.deepEqual(log, ["open", "up"]);
  });

  it("asks the functions at each attempt, with its number and the last close event", async () => {
    const asked: unknown[] = [];
    const { network, clock } = fixture({
      url: async (attempt, lastClose) => {
        asked.push([attempt, lastClose?.code]);
        return `ws://fake/${attempt}`;
      },
      protocols: (attempt) => [`token-${attempt}`],
    });
    await clock.advance(0);
    network.last.fail();
    await clock.advance(8500);
    assert.deepEqual(asked, [
      [1, undefined],
      [2, 1006],
    ]);
    assert.equal(network.last.url, "ws://fake/2");
    assert.deepEqual(network.last.protocols, ["token-2"]);
  });

  it("counts a url function that throws, rejects or hangs as a failed attempt", async () => {
    const answers = [
      () => {
        throw new Error("thrown");
      },
      () => Promise.reject(new Error("rejected")),
      () => new Promise<string>(() => {}),
      () => "not a URL",
      () => "ws://fake/",
    ];
    const causes: unknown[] = [];
    const { socket, network, clock } = fixture({
      url: (attempt) => answers[attempt - 1]?.() ?? "ws://fake/",
    });
    socket.addEventListener("reconnecting", ({ cause }) => causes.push(cause.error ?? cause.reason));
    network.onDial = (connection) => queueMicrotask(() => connection.accept());
    await clock.advance(200_000);
    assert.equal(network.connections.length, 1);
    assert.deepEqual(causes.map((cause) => (cause instanceof Error ? cause.message : cause)).slice(0, 4), [
      "thrown",
      "rejected",
      "Not open",
      "Invalid URL",
    ]);
  });

  it("fires error and close once, when it gives up", async () => {
    const { socket, network, clock, log } = fixture({ maxAttempts: 3 });
    network.onDial = (connection) => queueMicrotask(() => connection.fail(new Error("refused")));
    network.last.fail();
    await clock.advance(100_000);
    assert.equal(network.connections.length, 3);
    assert.equal(socket.readyState, socket.CLOSED);
    assert.deepEqual(log, [
      "reconnecting 2 in 8500",
      "reconnecting 3 in 15500",
      "error refused",
      "close 1006 unclean",
    ]);
    assert.equal(clock.running, 0);
  });

  it("gives up when shouldReconnect says so, and tells what it threw", () => {
    const asked: unknown[] = [];
    const no = fixture({
      shouldReconnect: ({ code }, attempt) => {
        asked.push(code, attempt);
        return false;
      },
    });
    no.network.last.accept();
    no.network.last.finish(4001);
    assert.deepEqual(asked, [4001, 2]);
    assert.deepEqual(no.log, ["open", "up", "down", "close 4001 clean"]);
    const broken = fixture({
      shouldReconnect: () => {
        throw new Error("my mistake");
      },
    });
    broken.network.last.fail();
    assert.deepEqual(broken.log, ["error my mistake", "close 1006 unclean"]);
  });

  it("starts from the shortest delay only after a connection was stable", async () => {
    const { network, clock, log } = fixture({ stableAfter: 5000 });
    network.last.accept();
    await clock.advance(4999);
    network.last.fail();
    assert.equal(log.at(-1), "reconnecting 2 in 8500");
    await clock.advance(8500);
    network.last.accept();
    await clock.advance(5000);
    network.last.fail();
    assert.equal(log.at(-1), "reconnecting 1 in 2500");
  });
});

describe("ReconnectingWebSocket close", () => {
  it("ends for good in the middle of an attempt", async () => {
    const { socket, network, clock, log } = fixture();
    socket.close();
    assert.equal(socket.readyState, socket.CLOSING);
    assert.deepEqual(log, []);
    await clock.advance(0);
    assert.deepEqual(log, ["close 1006 unclean"]);
    network.last.accept();
    assert.deepEqual(log, ["close 1006 unclean"]);
    assert.equal(clock.running, 0);
  });

  it("ends for good in the middle of a delay", async () => {
    const { socket, network, clock, log } = fixture();
    network.last.fail();
    socket.close();
    await clock.advance(100_000);
    assert.equal(network.connections.length, 1);
    assert.deepEqual(log, ["reconnecting 2 in 8500", "close 1006 unclean"]);
  });

  it("ends for good while the URL is asked for", async () => {
    let answer: (url: string) => void = () => {};
    const { socket, network, clock } = fixture({
      url: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    await clock.advance(0);
    socket.close();
    answer("ws://fake/");
    await clock.advance(0);
    assert.equal(network.connections.length, 0);
    assert.equal(socket.readyState, socket.CLOSED);
    assert.equal(clock.running, 0);
  });

  it("ends for good from each of its own events", async () => {
    for (const type of ["open", "up", "down", "reconnecting", "message"] as const) {
      const { socket, network, clock, log } = fixture();
      socket.addEventListener(type, () => socket.close());
      network.last.accept();
      network.last.receive("x");
      if (network.last.readyState === 2) network.last.finish();
      else network.last.fail();
      await clock.advance(100_000);
      assert.equal(network.connections.length, 1, type);
      assert.equal(log.filter((line) => line.startsWith("close")).length, 1, type);
      assert.equal(log.includes("up"), log.includes("down"), type);
      assert.equal(socket.readyState, socket.CLOSED, type);
      assert.equal(clock.running, 0, type);
    }
  });

  it("waits for a closing handshake no longer than it should, but as long as it goes forward", async () => {
    const { socket, network, clock, log } = fixture({ timeout: 1000 });
    network.last.accept();
    network.last.bufferedAmount = 100;
    socket.close();
    await clock.advance(999);
    network.last.bufferedAmount = 50;
    await clock.advance(1000);
    assert.equal(socket.readyState, socket.CLOSING);
    await clock.advance(1);
    assert.ok(network.last.isTerminated);
    assert.deepEqual(log.slice(2), ["down", "close 1006 unclean"]);
  });

  it("checks its arguments as the standard says, in every state", async () => {
    const { socket, network, clock } = fixture();
    for (const step of [() => {}, () => network.last.accept(), () => socket.close()]) {
      step();
      assert.throws(() => socket.close(1001), { name: "InvalidAccessError" });
      assert.throws(() => socket.close(1000, "ü".repeat(62)), { name: "SyntaxError" });
    }
    network.last.finish();
    await clock.advance(0);
    assert.throws(() => socket.close(1001), { name: "InvalidAccessError" });
    socket.close();
    const waiting = fixture();
    waiting.network.last.fail();
    assert.throws(() => waiting.socket.close(1001), { name: "InvalidAccessError" });
    assert.throws(() => waiting.socket.close(2999), { name: "InvalidAccessError" });
    assert.throws(() => waiting.socket.close(5000), { name: "InvalidAccessError" });
    assert.throws(() => waiting.socket.close(3000, "ü".repeat(62)), { name: "SyntaxError" });
    assert.equal(waiting.socket.readyState, 0, "a refused call does nothing");
    waiting.socket.close(3000, "x".repeat(123));
    await waiting.clock.advance(0);
    assert.equal(waiting.socket.readyState, 3);
  });

  it("follows an AbortSignal, also one that is aborted already", async () => {
    const controller = new AbortController();
    const { socket, network, log } = fixture({ signal: controller.signal });
    network.last.accept();
    controller.abort();
    assert.equal(socket.readyState, socket.CLOSING);
    network.last.finish();
    assert.equal(log.at(-1), "close 1000 clean");
    const late = fixture({ signal: controller.signal });
    assert.equal(late.network.connections.length, 0);
    await late.clock.advance(0);
    assert.deepEqual(late.log, ["close 1006 unclean"]);
  });
});

describe("ReconnectingWebSocket reconnect", () => {
  it("closes the connection first, and opens the next without a delay", async () => {
    const { socket, network, clock, log } = fixture();
    const first = network.last;
    first.accept();
    socket.send("before");
    socket.reconnect("new token");
    assert.deepEqual(first.closeCalls, [[1000, "new token"]]);
    socket.send("between");
    first.finish();
    await clock.advance(0);
    assert.notEqual(network.last, first);
    network.last.accept();
    assert.deepEqual(network.last.sent, ["between"]);
    // The peer has answered the goodbye, so it has got what went before: nothing is lost.
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 1 in 0", "open", "up"]);
  });

  it("does not wait for a connection under suspicion", async () => {
    const { socket, network, clock, log } = fixture({ canPing: true, idle: 1000, timeout: 1000 });
    const first = network.last;
    first.accept();
    await clock.advance(1500);
    socket.reconnect();
    await clock.advance(0);
    assert.ok(first.isTerminated);
    assert.equal(network.connections.length, 2);
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 1 in 0"]);
  });

  it("ends a delay or an attempt that is under way", async () => {
    const { socket, network, clock } = fixture();
    const [first] = network.connections;
    socket.reconnect();
    await clock.advance(0);
    assert.ok(first?.isTerminated);
    assert.equal(network.connections.length, 2);
    network.last.fail();
    socket.reconnect();
    await clock.advance(0);
    assert.equal(network.connections.length, 3);
    await clock.advance(14_000);
    assert.equal(network.connections.length, 3);
  });

  it("can be ended for good while it closes the old connection, and does nothing afterwards", async () => {
    const { socket, network, clock, log } = fixture();
    network.last.accept();
    socket.reconnect();
    socket.close();
    network.last.finish();
    socket.reconnect();
    await clock.advance(100_000);
    assert.equal(network.connections.length, 1);
    assert.deepEqual(log, ["open", "up", "down", "close 1000 clean"]);
  });
});

describe("ReconnectingWebSocket onOpen", () => {
  it("sends what has to come first, before all that waits", async () => {
    let answer: () => void = () => {};
    const { socket, network, clock, log } = fixture({
      onOpen: async (connection) => {
        connection.send("token");
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        connection.send("subscribe");
      },
    });
    socket.send("early");
    socket.onopen = () => socket.send("on open");
    network.last.accept();
    assert.equal(socket.readyState, socket.OPEN);
    network.last.receive("welcome");
    socket.send("meanwhile");
    assert.deepEqual(network.last.sent, ["token"]);
    answer();
    await clock.advance(0);
    assert.deepEqual(network.last.sent, ["token", "subscribe", "early", "on open", "meanwhile"]);
    assert.deepEqual(log, ["open", "message welcome", "up"]);
  });

  it("fails the attempt when it throws, rejects or never ends", async () => {
    const hooks = [
      () => {
        throw new Error("thrown");
      },
      () => Promise.reject(new Error("rejected")),
      () => new Promise(() => {}),
    ];
    const causes: unknown[] = [];
    let next = 0;
    const { socket, network, clock, log } = fixture({ onOpen: () => hooks[next++]?.() });
    socket.addEventListener("reconnecting", ({ cause }) => causes.push(cause.error ?? cause.reason));
    network.onDial = (connection) => queueMicrotask(() => connection.accept());
    network.last.accept();
    await clock.advance(100_000);
    assert.deepEqual(
      causes.map((cause) => (cause instanceof Error ? cause.message : cause)),
      ["thrown", "rejected", "Not open"],
    );
    assert.equal(network.connections.length, 4);
    assert.ok(network.connections.slice(0, 3).every(({ isTerminated }) => isTerminated));
    assert.equal(log.at(-1), "up");
  });

  it("may fail after close() without cutting the closing handshake", async () => {
    let fail: (reason: Error) => void = () => {};
    const { socket, network, clock, log } = fixture({
      onOpen: () =>
        new Promise((_, reject) => {
          fail = reject;
        }),
    });
    network.last.accept();
    socket.close();
    fail(new Error("too late"));
    await clock.advance(0);
    assert.ok(!network.last.isTerminated);
    network.last.finish();
    assert.deepEqual(log, ["open", "close 1000 clean"]);
  });
});
