import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CloseEvent, closed, opened, terminate, WebSocket } from "../index.js";
import { ForeignSocket } from "../testing-support/foreign-socket.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { listening } from "../testing-support/servers.test.support.js";

describe("closed", () => {
  test("resolves with the close event, however early or late it is asked", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    const early = closed(socket);
    await within(opened(socket), "open");
    socket.close(3000, "done");
    const event = await within(early, "close");
    assert.ok(event instanceof CloseEvent);
    assert.deepEqual([event.code, event.reason, event.wasClean], [3000, "done", true]);
    assert.equal(await within(closed(socket), "close again"), event);
  });

  test("resolves after an end that was not clean, too", async (t) => {
    const { url } = await listening(t);
    const socket = new WebSocket(url);
    await within(opened(socket), "open");
    terminate(socket);
    const event = await within(closed(socket), "close");
    assert.deepEqual([event.code, event.wasClean], [1006, false]);
  });

  test("asked within the error event, when the object is CLOSED already", async (t) => {
    const { url, server } = await listening(t);
    await server.close();
    const socket = new WebSocket(url);
    const fromError = new Promise<Event>((resolve) => {
      socket.addEventListener("error", () => resolve(closed(socket)));
    });
    assert.equal((await within(fromError, "close")).type, "close");
  });

  test("another implementation's object", async () => {
    const socket = new ForeignSocket();
    const promise = closed(socket);
    socket.open();
    socket.close(1001, true);
    assert.equal((await promise).code, 1001);
    assert.equal(socket.listenerCount, 0);

    const inError = new ForeignSocket();
    const late = new Promise<{ code: number }>((resolve) => {
      inError.addEventListener("error", () => resolve(closed(inError)));
    });
    inError.close(1006, false);
    assert.equal((await within(late, "close")).code, 1006);
  });

  test("refuses another implementation's object that was closed before", async () => {
    const socket = new ForeignSocket();
    socket.close(1000, true);
    await assert.rejects(within(closed(socket), "the refusal"), { name: "InvalidStateError" });
    assert.equal(socket.listenerCount, 0);
  });

  test("refuses what is no WebSocket", async () => {
    await assert.rejects(Reflect.apply(closed, undefined, ["ws://localhost"]), TypeError);
  });
});
