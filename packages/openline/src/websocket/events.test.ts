import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { CloseEvent, MessageEvent, type WebSocket } from "../index.js";
import { binary, close, text } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  closed,
  construct,
  nextData,
  nextEvent,
  opened,
  openLine,
} from "../testing-support/sockets.test.support.js";

/** What holds for every event that the object fires. */
function assertFired(event: Event, type: string, socket: WebSocket): void {
  assert.ok(event instanceof Event);
  assert.deepEqual(
    {
      type: event.type,
      isTrusted: event.isTrusted,
      bubbles: event.bubbles,
      cancelable: event.cancelable,
      composed: event.composed,
      cancelBubble: event.cancelBubble,
      defaultPrevented: event.defaultPrevented,
      returnValue: event.returnValue,
      eventPhase: event.eventPhase,
    },
    {
      type,
      isTrusted: true,
      bubbles: false,
      cancelable: false,
      composed: false,
      cancelBubble: false,
      defaultPrevented: false,
      returnValue: true,
      eventPhase: 2,
    },
  );
  assert.equal(event.target, socket);
  assert.equal(event.currentTarget, socket);
  assert.equal(event.srcElement, socket);
  assert.deepEqual(event.composedPath(), [socket]);
  assert.ok(event.timeStamp > 0 && event.timeStamp <= performance.now(), `timeStamp ${event.timeStamp}`);
  event.preventDefault();
  assert.equal(event.defaultPrevented, false);
}

/** Runs `check` inside the dispatch of the next event of `type` and passes on what it throws. */
function during(socket: WebSocket, type: string, check: (event: Event) => void): Promise<Event> {
  return new Promise((resolve, reject) => {
    socket.addEventListener(
      type,
      (event: Event) => {
        try {
          check(event);
          resolve(event);
        } catch (error) {
          reject(error);
        }
      },
      { once: true },
    );
  });
}

const tag = (value: unknown): string => Object.prototype.toString.call(value);

describe("events that the object fires", () => {
  test("open", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const checked = during(socket, "open", (event) => {
      assertFired(event, "open", socket);
      assert.equal(tag(event), "[object Event]");
      assert.equal(socket.readyState, 1);
    });
    await server.accept();
    await checked;
  });

  test("message", async (t) => {
    const { socket, peer, server } = await openLine(t);
    const checked = during(socket, "message", (event) => {
      assertFired(event, "message", socket);
      assert.ok(event instanceof MessageEvent);
      assert.ok(event instanceof globalThis.MessageEvent);
      assert.equal(tag(event), "[object MessageEvent]");
      assert.equal(event.data, "hello");
      assert.equal(event.origin, server.url);
      assert.equal(event.lastEventId, "");
      assert.equal(event.source, null);
      assert.deepEqual([...event.ports], []);
    });
    peer.send(text("hello"));
    const event = await checked;
    assert.deepEqual([event.eventPhase, event.currentTarget, event.target], [0, null, socket]);
    assert.deepEqual(event.composedPath(), []);
  });

  test("message with binary data", async (t) => {
    const { socket, peer } = await openLine(t);
    const checked = during(socket, "message", (event) => assertFired(event, "message", socket));
    peer.send(binary(Uint8Array.of(1)));
    await checked;
  });

  test("error", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const checked = during(socket, "error", (event) => {
      assertFired(event, "error", socket);
      assert.equal(tag(event), "[object Event]");
      assert.ok(!(event instanceof MessageEvent) && !(event instanceof CloseEvent));
      const own = Object.getOwnPropertyDescriptor(event, "error");
      assert.ok(own?.value instanceof Error);
      assert.equal(typeof Reflect.get(own.value, "code"), "string");
    });
    const { peer } = await server.nextRequest();
    peer.socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    await checked;
  });

  test("close", async (t) => {
    const { socket, peer } = await openLine(t);
    const checked = during(socket, "close", (event) => {
      assertFired(event, "close", socket);
      assert.ok(event instanceof CloseEvent);
      const platform: unknown = Reflect.get(globalThis, "CloseEvent");
      if (typeof platform === "function") assert.ok(event instanceof platform);
      assert.equal(tag(event), "[object CloseEvent]");
      assert.deepEqual([event.code, event.reason, event.wasClean], [4002, "bye ü", true]);
      assert.equal(socket.readyState, 3);
    });
    peer.send(close(4002, "bye ü"));
    peer.socket.end();
    await checked;
  });

  test("can be shown", async (t) => {
    const { socket, peer } = await openLine(t);
    const message = nextEvent(socket, "message");
    const done = closed(socket);
    peer.send(text("hello"), close(1000));
    peer.socket.end();
    assert.match(inspect(await message), /message/);
    assert.match(inspect(await done), /close/);
  });

  test("are told from events that a program dispatches by isTrusted", async (t) => {
    const { socket } = await openLine(t);
    for (const event of [new Event("open"), new MessageEvent("message"), new CloseEvent("close")]) {
      let seen: boolean | undefined;
      socket.addEventListener(event.type, ({ isTrusted }: Event) => {
        seen = isTrusted;
      });
      assert.equal(socket.dispatchEvent(event), true);
      assert.equal(seen, false, event.type);
    }
    assert.equal(socket.readyState, 1);
  });

  // [DOM] dispatchEvent, step 4.
  test("lose isTrusted when a program dispatches them again", async (t) => {
    const { socket, peer } = await openLine(t);
    const next = nextEvent(socket, "message");
    peer.send(text("hello"));
    const event = await next;
    assert.equal(event.isTrusted, true);
    let seen: boolean | undefined;
    socket.addEventListener("message", ({ isTrusted }: Event) => {
      seen = isTrusted;
    });
    socket.dispatchEvent(event);
    assert.equal(seen, false);
  });
});

describe("listeners", () => {
  test("are called once each, in their order, however they are given", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: string[] = [];
    const twice = () => calls.push("twice given");
    const object = {
      handleEvent(this: unknown) {
        calls.push(this === object ? "object" : "wrong this");
      },
    };
    socket.addEventListener("message", twice);
    socket.addEventListener("message", twice);
    socket.addEventListener("message", object);
    socket.addEventListener("message", () => calls.push("once"), { once: true });
    socket.addEventListener("message", function (this: unknown) {
      calls.push(this === socket ? "this" : "wrong this");
    });
    peer.send(text("1"));
    await nextEvent(socket, "message");
    assert.deepEqual(calls.splice(0), ["twice given", "object", "once", "this"]);
    peer.send(text("2"));
    await nextEvent(socket, "message");
    assert.deepEqual(calls, ["twice given", "object", "this"]);
  });

  test("removed during dispatch are not called", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: string[] = [];
    const removed = () => calls.push("removed");
    socket.addEventListener("message", () => {
      calls.push("first");
      socket.removeEventListener("message", removed);
    });
    socket.addEventListener("message", removed);
    peer.send(text("1"), text("2"));
    assert.equal(await nextData(socket), "1");
    assert.deepEqual(calls.splice(0), ["first"]);
    assert.equal(await nextData(socket), "2");
    assert.deepEqual(calls, ["first"]);
  });

  test("can remove themselves", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: unknown[] = [];
    const first = (event: Event) => {
      socket.removeEventListener("message", first);
      calls.push(event.type);
    };
    socket.addEventListener("message", first);
    socket.addEventListener("message", () => calls.push("second"));
    peer.send(text("1"), text("2"));
    await nextData(socket);
    await nextData(socket);
    assert.deepEqual(calls, ["message", "second", "second"]);
  });

  test("end with their signal", async (t) => {
    const { socket, peer } = await openLine(t);
    const ends = new AbortController();
    let calls = 0;
    socket.addEventListener(
      "message",
      () => {
        calls += 1;
        ends.abort();
      },
      { signal: ends.signal },
    );
    peer.send(text("1"), text("2"));
    await nextData(socket);
    await nextData(socket);
    assert.equal(calls, 1);
  });

  test("stop at stopImmediatePropagation, the handler attribute among them", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: string[] = [];
    socket.addEventListener("message", (event: Event) => {
      calls.push("first");
      event.stopImmediatePropagation();
    });
    socket.onmessage = () => calls.push("attribute");
    socket.addEventListener("message", () => calls.push("last"));
    const done = closed(socket);
    peer.send(text("1"), close(1000));
    peer.socket.end();
    await done;
    assert.deepEqual(calls, ["first"]);
  });

  test("events.once of Node works", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    const open = once(socket, "open");
    await server.accept();
    const [event]: unknown[] = await open;
    assert.ok(event instanceof Event);
    await opened(socket);
  });
});
