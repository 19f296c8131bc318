import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import type { MessageEvent, WebSocket } from "../index.js";
import { close, text } from "../testing-support/frames.test.support.js";
import { until } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { closed, construct, nextEvent, opened, openLine } from "../testing-support/sockets.test.support.js";

const names = ["onopen", "onmessage", "onerror", "onclose"] as const;

/** Dispatches an untrusted message: the handlers run before this comes back. */
function dispatchMessage(socket: WebSocket): void {
  socket.dispatchEvent(new Event("message"));
}

describe("event handler attributes", () => {
  for (const name of names) {
    test(`${name} reads back functions and objects; all else becomes null`, async (t) => {
      const { socket } = await openLine(t);
      assert.equal(socket[name], null);
      const values = [() => {}, class {}, {}, { handleEvent() {} }, [], /x/];
      for (const value of values) {
        Reflect.set(socket, name, value);
        assert.equal(socket[name], value);
      }
      for (const value of [undefined, null, 0, 1, "", "alert()", true, 1n, Symbol("x")]) {
        Reflect.set(socket, name, () => {});
        Reflect.set(socket, name, value);
        assert.equal(socket[name], null, String(value));
      }
    });

    test(`${name} gets the event, with the object as \`this\``, async (t) => {
      const { socket } = await openLine(t);
      const calls: unknown[][] = [];
      socket[name] = function (this: unknown, ...args: unknown[]) {
        calls.push([this, ...args]);
      };
      const event = new Event(name.slice(2));
      socket.dispatchEvent(event);
      assert.equal(calls.length, 1);
      assert.equal(calls[0]?.length, 2);
      assert.equal(calls[0]?.[0], socket);
      assert.equal(calls[0]?.[1], event);
    });
  }

  test("all four run for the events of a connection", async (t) => {
    const server = await rawServer(t);
    const types: string[] = [];
    const first = construct(server.url);
    for (const name of names) first[name] = ({ type }: Event) => types.push(type);
    const open = opened(first);
    const peer = await server.accept({}, [text("x")]);
    await open;
    const done = closed(first);
    peer.send(close(1000));
    peer.socket.end();
    await done;
    assert.deepEqual(types.splice(0), ["open", "message", "close"]);

    const second = construct(server.url);
    for (const name of names) second[name] = ({ type }: Event) => types.push(type);
    const ended = closed(second);
    (await server.nextRequest()).peer.socket.end("HTTP/1.1 500 No\r\n\r\n");
    await ended;
    assert.deepEqual(types, ["error", "close"]);
  });

  test("an object without a call is not called, handleEvent or not", async (t) => {
    const { socket } = await openLine(t);
    let calls = 0;
    const object = {
      handleEvent() {
        calls += 1;
      },
    };
    Reflect.set(socket, "onmessage", object);
    dispatchMessage(socket);
    assert.equal(calls, 0);
    assert.equal(socket.onmessage, object);
  });

  test("keep the place of their first assignment", async (t) => {
    const { socket } = await openLine(t);
    const calls: string[] = [];
    const log = (name: string) => () => {
      calls.push(name);
    };
    socket.addEventListener("message", log("1"));
    socket.onmessage = log("old");
    socket.addEventListener("message", log("2"));
    socket.onmessage = log("new");
    dispatchMessage(socket);
    assert.deepEqual(calls.splice(0), ["1", "new", "2"]);

    // An object that can't be called keeps the place, too.
    Reflect.set(socket, "onmessage", {});
    dispatchMessage(socket);
    assert.deepEqual(calls.splice(0), ["1", "2"]);
    socket.onmessage = log("again");
    dispatchMessage(socket);
    assert.deepEqual(calls.splice(0), ["1", "again", "2"]);
  });

  test("lose their place with null", async (t) => {
    const { socket } = await openLine(t);
    const calls: string[] = [];
    socket.onmessage = () => calls.push("attribute");
    socket.addEventListener("message", () => calls.push("listener"));
    socket.onmessage = null;
    dispatchMessage(socket);
    assert.deepEqual(calls.splice(0), ["listener"]);
    socket.onmessage = () => calls.push("attribute");
    dispatchMessage(socket);
    assert.deepEqual(calls, ["listener", "attribute"]);
  });

  test("the same function as attribute and as listener runs twice", async (t) => {
    const { socket } = await openLine(t);
    let calls = 0;
    const count = () => {
      calls += 1;
    };
    socket.onmessage = count;
    socket.addEventListener("message", count);
    dispatchMessage(socket);
    assert.equal(calls, 2);
    socket.removeEventListener("message", count);
    dispatchMessage(socket);
    assert.equal(calls, 3, "removeEventListener leaves the attribute alone");
    assert.equal(socket.onmessage, count);
  });

  test("replaced during dispatch, the new one runs; set to null, none does", async (t) => {
    const { socket } = await openLine(t);
    const calls: string[] = [];
    let change: () => void = () => {
      socket.onmessage = () => calls.push("new");
    };
    socket.addEventListener("message", () => change());
    socket.onmessage = () => calls.push("old");
    dispatchMessage(socket);
    assert.deepEqual(calls.splice(0), ["new"]);
    change = () => {
      socket.onmessage = null;
    };
    dispatchMessage(socket);
    assert.deepEqual(calls, []);
  });

  test("can replace themselves for the next event", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: unknown[] = [];
    socket.onmessage = (first) => {
      calls.push(["first", first.data]);
      socket.onmessage = (second) => calls.push(["second", second.data]);
    };
    peer.send(text("a"), text("b"));
    await nextEvent(socket, "message");
    await nextEvent(socket, "message");
    assert.deepEqual(calls, [
      ["first", "a"],
      ["second", "b"],
    ]);
  });

  test("have their place when listeners come after the first message", async (t) => {
    const { socket, peer } = await openLine(t);
    const calls: string[] = [];
    socket.onmessage = ({ data }) => calls.push(`attribute ${data}`);
    peer.send(text("a"));
    await until(() => calls.length === 1, "the first message");
    const listener = ({ data }: MessageEvent) => calls.push(`listener ${data}`);
    socket.addEventListener("message", listener);
    peer.send(text("b"));
    await until(() => calls.length === 3, "the second message");
    socket.removeEventListener("message", listener);
    peer.send(text("c"));
    await until(() => calls.length === 4, "the third message");
    assert.deepEqual(calls, ["attribute a", "attribute b", "listener b", "attribute c"]);
  });

  test("are among the object's listeners for who asks", async (t) => {
    const { socket } = await openLine(t);
    assert.deepEqual(getEventListeners(socket, "message"), []);
    socket.onmessage = () => {};
    assert.equal(getEventListeners(socket, "message").length, 1);
    socket.onmessage = null;
    assert.deepEqual(getEventListeners(socket, "message"), []);
  });

  test("belong to one object each", async (t) => {
    const { socket, server } = await openLine(t);
    const other = construct(server.url);
    const open = opened(other);
    await server.accept();
    await open;
    let calls = 0;
    socket.onmessage = () => {
      calls += 1;
    };
    assert.equal(other.onmessage, null);
    dispatchMessage(other);
    assert.equal(calls, 0);
  });
});
