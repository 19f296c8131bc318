import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { runAgainst } from "../testing-support/child.test.support.js";
import { turns } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertAbnormal,
  assertHandshakeFails,
  closed,
  construct,
  failure,
  nextEvent,
  openLine,
} from "../testing-support/sockets.test.support.js";

describe("signal", () => {
  test("aborted already: fails without connecting, with the reason as the cause", async (t) => {
    const server = await rawServer(t);
    const reason = new Error("changed my mind");
    const socket = new WebSocket(server.url, { signal: AbortSignal.abort(reason) });
    assert.equal(socket.readyState, WebSocket.CLOSING);
    const error = await assertHandshakeFails(socket, "ERR_WS_ABORTED");
    assert.equal(error.cause, reason);
    await turns(10);
    assert.equal(server.connections, 0);
  });

  test("ends the attempt, and nothing comes within the call", async (t) => {
    const server = await rawServer(t);
    const controller = new AbortController();
    const socket = new WebSocket(server.url, { signal: controller.signal });
    const failing = assertHandshakeFails(socket, "ERR_WS_ABORTED");
    const { peer } = await server.nextRequest();
    controller.abort("enough");
    assert.equal(socket.readyState, WebSocket.CLOSING);
    assert.equal((await failing).cause, "enough");
    await peer.ended;
  });

  test("ends an attempt that waits for its turn", async (t) => {
    const server = await rawServer(t);
    const first = new WebSocket(server.url);
    const controller = new AbortController();
    const second = new WebSocket(server.url, { signal: controller.signal });
    const { peer } = await server.nextRequest();
    controller.abort();
    await assertHandshakeFails(second, "ERR_WS_ABORTED");
    const done = closed(first);
    peer.socket.destroy();
    await done;
    assert.equal(server.connections, 1);
  });

  test("ends the connection: 1001 to the peer, and an error with the reason", async (t) => {
    const controller = new AbortController();
    const { socket, peer } = await openLine(t, { signal: controller.signal });
    const failing = failure(socket);
    const reason = new Error("logged out");
    controller.abort(reason);
    assert.equal(await peer.nextCloseCode(), 1001);
    const { types, error, close } = await failing;
    assert.deepEqual(types, ["error 3", "close 3"]);
    assert.equal(error.code, "ERR_WS_ABORTED");
    assert.equal(error.cause, reason);
    assertAbnormal(close);
    await peer.ended;
  });

  test("no message comes after it", async (t) => {
    const controller = new AbortController();
    const { socket, peer } = await openLine(t, { signal: controller.signal });
    const got: unknown[] = [];
    socket.addEventListener("message", ({ data }) => {
      got.push(data);
      controller.abort();
    });
    const done = closed(socket);
    peer.send(Buffer.from([0x81, 1, 0x61, 0x81, 1, 0x62, 0x81, 1, 0x63]));
    await done;
    assert.deepEqual(got, ["a"]);
  });

  test("has nothing to say once the connection is closed", async (t) => {
    const controller = new AbortController();
    const { socket, peer } = await openLine(t, { signal: controller.signal });
    const types: string[] = [];
    for (const type of ["error", "close"]) socket.addEventListener(type, () => types.push(type));
    const done = closed(socket);
    peer.socket.destroy();
    await done;
    controller.abort();
    await turns(10);
    assert.deepEqual(types, ["close"]);
  });

  test("AbortSignal.timeout works as a deadline", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url, { signal: AbortSignal.timeout(50) });
    const error = await assertHandshakeFails(socket, "ERR_WS_ABORTED");
    assert.ok(error.cause instanceof DOMException);
    assert.equal(error.cause.name, "TimeoutError");
  });

  test("one signal ends many connections, without a warning", async (t) => {
    const source = `
      const { signal, controller } = ((controller) => ({ controller, signal: controller.signal }))(new AbortController());
      process.on("warning", (warning) => console.log("warning", warning.name));
      const sockets = Array.from({ length: 30 }, () => new WebSocket(url, { signal }));
      let ends = 0;
      for (const socket of sockets) socket.onclose = () => { ends += 1; if (ends === 30) console.log("all closed"); };
      sockets[0].onopen = () => controller.abort();
    `;
    const { stdout, code } = await runAgainst(t, source, () => {});
    assert.equal(code, 0);
    assert.equal(stdout, "all closed\n");
  });

  for (const signal of [null, true, "now", {}, new AbortController()]) {
    test(`${String(signal)} is refused by name`, () => {
      assert.throws(() => construct("ws://localhost", { signal }), {
        name: "TypeError",
        message: /^The option signal is .*, but must be an AbortSignal$/,
      });
    });
  }

  test("keeps no closed connection alive", async (t) => {
    const { signal } = new AbortController();
    let counted = 0;
    const counting = new Proxy(signal, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name === "addEventListener") counted += 1;
        if (name === "removeEventListener") counted -= 1;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const { socket, peer } = await openLine(t, { signal: counting });
    assert.equal(counted, 1);
    const done = nextEvent(socket, "close");
    peer.socket.destroy();
    await done;
    assert.equal(counted, 0);
  });
});
