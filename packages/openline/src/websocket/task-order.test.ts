import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { deflateRawSync } from "node:zlib";
import type { WebSocket } from "../index.js";
import { binary, close, continuation, ping, text } from "../testing-support/frames.test.support.js";
import { microtasks } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  closed,
  construct,
  nextData,
  nextEvent,
  opened,
  openLine,
  openLineWith,
} from "../testing-support/sockets.test.support.js";

/** Logs the start and, 20 microtasks later, the end of a handler for each event: shows what runs in between. */
function logAsynchronously(socket: WebSocket): string[] {
  const log: string[] = [];
  for (const type of ["open", "message", "error", "close"]) {
    socket.addEventListener(type, async () => {
      log.push(`${type} starts`);
      await microtasks(20);
      log.push(`${type} ends`);
    });
  }
  return log;
}

describe("one task for each event", () => {
  test("a loop that awaits one message after the other loses none of a packet", async (t) => {
    const { socket, peer } = await openLine(t);
    const count = 100;
    peer.send(...Array.from({ length: count }, (_value, index) => text(`${index}`)));
    for (let index = 0; index < count; index += 1) assert.equal(await nextData(socket), `${index}`);
  });

  test("the same with events.once of Node", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.send(...["a", "b", "c", "d", "e"].map((data) => text(data)));
    const got: unknown[] = [];
    for (let index = 0; index < 5; index += 1) {
      const [event]: unknown[] = await once(socket, "message");
      assert.ok(event instanceof Event);
      got.push(Reflect.get(event, "data"));
    }
    assert.deepEqual(got, ["a", "b", "c", "d", "e"]);
  });

  test("twenty nested awaits end before the next event, through the life of a connection", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const log = logAsynchronously(socket);
    const done = closed(socket);
    const peer = await server.accept({}, [text("1"), binary(Uint8Array.of(2)), text("3"), close(1000)]);
    peer.socket.end();
    await done;
    await microtasks(30);
    const types = ["open", "message", "message", "message", "close"];
    assert.deepEqual(
      log,
      types.flatMap((type) => [`${type} starts`, `${type} ends`]),
    );
  });

  test("the same between error and close", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const log = logAsynchronously(socket);
    const done = closed(socket);
    (await server.nextRequest()).peer.socket.end("HTTP/1.1 500 No\r\n\r\n");
    await done;
    await microtasks(30);
    assert.deepEqual(log, ["error starts", "error ends", "close starts", "close ends"]);
  });

  test("the same for compressed messages", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const log = logAsynchronously(socket);
    const compressed = (data: string) =>
      text(deflateRawSync(data, { finishFlush: 2 }).subarray(0, -4), { rsv: 4 });
    const done = closed(socket);
    const peer = await server.accept(
      { "Sec-WebSocket-Extensions": "permessage-deflate; server_no_context_takeover" },
      [compressed("one".repeat(50)), compressed("two"), text("three"), close(1000)],
    );
    peer.socket.end();
    await done;
    await microtasks(30);
    const types = ["open", "message", "message", "message", "close"];
    assert.deepEqual(
      log,
      types.flatMap((type) => [`${type} starts`, `${type} ends`]),
    );
  });

  test("frames of the packet that ends the handshake come after open", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const log: unknown[] = [];
    socket.onopen = () => log.push(["open", socket.readyState]);
    socket.onmessage = ({ data }) => log.push(data);
    const done = closed(socket);
    const peer = await server.accept({}, [text("one"), text("two"), close(1000)]);
    peer.socket.end();
    await done;
    assert.deepEqual(log, [["open", 1], "one", "two"]);
  });

  test("a listener that is added after awaiting open misses nothing", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const answered = server.accept({}, [text("early")]);
    await opened(socket);
    assert.equal(await nextData(socket), "early");
    await answered;
  });

  test("a handler that waits for a timer does not hold up the next message", async (t) => {
    const { socket, peer } = await openLine(t);
    const log: unknown[] = [];
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    socket.onmessage = async ({ data }) => {
      if (data === "second") {
        log.push("second");
        release();
        return;
      }
      await gate;
      log.push("first");
    };
    peer.send(text("first"), text("second"));
    await gate;
    await microtasks(5);
    assert.deepEqual(log, ["second", "first"]);
  });

  test("thousands of messages of one packet come in order, each in a task of its own", async (t) => {
    const { socket, peer } = await openLine(t);
    const count = 10_000;
    let inHandler = false;
    let next = 0;
    const errors: string[] = [];
    const done = new Promise<void>((resolve) => {
      socket.onmessage = async ({ data }) => {
        if (inHandler) errors.push(`message ${String(data)} inside another`);
        if (data !== String(next)) errors.push(`${String(data)} instead of ${next}`);
        inHandler = true;
        await microtasks(3);
        inHandler = false;
        next += 1;
        if (next === count) resolve();
      };
    });
    peer.send(...Array.from({ length: count }, (_value, index) => text(`${index}`)));
    await done;
    assert.deepEqual(errors, []);
  });

  test("binaryType counts as it is when the event's task runs", async (t) => {
    const { socket, peer } = await openLine(t);
    const got: unknown[] = [];
    const done = new Promise<void>((resolve) => {
      socket.onmessage = async ({ data }) => {
        got.push(Object.prototype.toString.call(data));
        await microtasks(5);
        socket.binaryType = socket.binaryType === "blob" ? "arraybuffer" : "blob";
        if (got.length === 3) resolve();
      };
    });
    peer.send(...[1, 2, 3].map((value) => binary(Uint8Array.of(value))));
    await done;
    assert.deepEqual(got, ["[object Blob]", "[object ArrayBuffer]", "[object Blob]"]);
  });

  test("control frames between fragments change nothing of the order", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.send(
      text("a", { fin: false }),
      ping("1"),
      continuation("b", { fin: false }),
      ping("2"),
      continuation("c"),
      text("d"),
    );
    assert.equal(await nextData(socket), "abc");
    assert.equal(await nextData(socket), "d");
    assert.deepEqual([(await peer.nextFrame()).opcode, (await peer.nextFrame()).opcode], [0xa, 0xa]);
  });
});

describe("no event inside a call", () => {
  test("neither the constructor nor close nor send fires anything", async (t) => {
    const { socket, peer, server } = await openLine(t);
    let inCall = false;
    const inside: string[] = [];
    const watch = (watched: WebSocket) => {
      for (const type of ["open", "message", "error", "close"]) {
        watched.addEventListener(type, () => {
          if (inCall) inside.push(type);
        });
      }
    };
    watch(socket);
    peer.send(text("waiting"), close(1000));
    peer.socket.end();
    await nextEvent(socket, "message");
    inCall = true;
    socket.send("x");
    socket.close();
    const failing = construct(`${server.url.replace(/\d+$/, "1")}/`);
    watch(failing);
    failing.close();
    inCall = false;
    await Promise.all([closed(socket), closed(failing)]);
    assert.deepEqual(inside, []);
  });

  test("the state changes with the events, not before", async (t) => {
    const states: string[] = [];
    const log = (made: WebSocket) => {
      for (const type of ["open", "message", "close"]) {
        made.addEventListener(type, () => states.push(`${type} ${made.readyState}`));
      }
    };
    const { socket, peer } = await openLineWith(t, [text("1"), text("2")], log);
    const done = closed(socket);
    peer.send(text("3"), close(1000));
    peer.socket.end();
    await done;
    assert.deepEqual(states, ["open 1", "message 1", "message 1", "message 1", "close 3"]);
  });
});
