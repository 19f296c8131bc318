import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { WebSocket } from "../index.js";
import { close } from "../testing-support/frames.test.support.js";
import { microtasks, turns, until } from "../testing-support/guard.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { closed, construct, openLine } from "../testing-support/sockets.test.support.js";

const megabyte = new Uint8Array(1 << 20).fill(0x61);
/** More than any kernel holds for two ends of a connection on loopback. */
const megabytes = 96;

/** Waits until the kernel takes no more: the amount stays the same for a while. */
async function settled(socket: WebSocket): Promise<number> {
  for (let before = -1; ; ) {
    const now = socket.bufferedAmount;
    if (now === before) return now;
    before = now;
    await pause(100);
  }
}

describe("bufferedAmount", () => {
  const cases: [string, string | Blob | Uint8Array | DataView | ArrayBuffer, number][] = [
    ["an empty string", "", 0],
    ["ASCII", "abc", 3],
    ["characters of two to four bytes", "ü€😀", 9],
    ["a lone surrogate", "\ud800", 3],
    ["a Blob", new Blob(["abc", "ü"]), 5],
    ["an ArrayBuffer", new ArrayBuffer(7), 7],
    ["part of a buffer", new Uint8Array(100).subarray(10, 14), 4],
    ["a DataView", new DataView(new ArrayBuffer(10), 2, 3), 3],
    ["a long text", "é".repeat(100_000), 200_000],
  ];
  for (const [what, data, expected] of cases) {
    test(`counts ${what} the moment send returns, then falls to 0`, async (t) => {
      const { socket } = await openLine(t);
      assert.equal(socket.bufferedAmount, 0);
      socket.send(data);
      assert.equal(socket.bufferedAmount, expected);
      socket.send(data);
      assert.equal(socket.bufferedAmount, 2 * expected);
      await until(() => socket.bufferedAmount === 0, "bufferedAmount is 0");
    });
  }

  test("does not fall within a task", async (t) => {
    const { socket } = await openLine(t);
    await turns(1);
    socket.send("abc");
    socket.send(new Blob(["de"]));
    socket.send(megabyte);
    const expected = 5 + megabyte.length;
    const start = performance.now();
    while (performance.now() - start < 20) assert.equal(socket.bufferedAmount, expected);
    await microtasks(20);
    assert.equal(socket.bufferedAmount, expected);
  });

  test("stays honest for a peer that stops reading", async (t) => {
    const { socket, peer } = await openLine(t, { perMessageDeflate: false });
    peer.socket.pause();
    let sent = 0;
    for (let index = 0; index < megabytes; index += 1) {
      const before = socket.bufferedAmount;
      socket.send(megabyte);
      sent += megabyte.length;
      assert.equal(socket.bufferedAmount, before + megabyte.length);
      if (index % 8 === 0) await turns(2);
      assert.ok(socket.bufferedAmount <= sent);
    }
    const stuck = await settled(socket);
    assert.ok(stuck > 0 && stuck < sent, `${stuck} of ${sent}`);
    socket.send("more");
    assert.equal(socket.bufferedAmount, stuck + 4);
    await turns(5);
    assert.equal(socket.bufferedAmount, stuck + 4);
    assert.equal(socket.readyState, 1);

    peer.socket.resume();
    let received = 0;
    let lowest = stuck + 4;
    while (received < megabytes) {
      assert.equal((await peer.nextFrame()).payload.length, megabyte.length);
      received += 1;
      assert.ok(socket.bufferedAmount <= lowest, "only falls while nothing is sent");
      lowest = socket.bufferedAmount;
    }
    assert.equal((await peer.nextFrame()).payload.toString(), "more");
    await until(() => socket.bufferedAmount === 0, "bufferedAmount is 0");
  });

  test("only grows after close()", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.send("12345");
    await until(() => socket.bufferedAmount === 0, "bufferedAmount is 0");
    socket.close();
    socket.send("abc");
    assert.equal(socket.bufferedAmount, 3);
    await turns(3);
    socket.send(new Blob(["de"]));
    assert.equal(socket.bufferedAmount, 5);
    const done = closed(socket);
    await peer.nextCloseCode();
    peer.send(close());
    peer.socket.end();
    await done;
    assert.equal(socket.bufferedAmount, 5);
    socket.send("ü");
    socket.send(new Uint8Array(10));
    assert.equal(socket.bufferedAmount, 17);
    await turns(3);
    assert.equal(socket.bufferedAmount, 17);
  });

  test("keeps what was not sent when the peer is gone", async (t) => {
    const { socket, peer } = await openLine(t, { perMessageDeflate: false });
    peer.socket.pause();
    for (let index = 0; index < megabytes; index += 1) socket.send(megabyte);
    const stuck = await settled(socket);
    const done = closed(socket);
    peer.socket.destroy();
    assert.equal((await done).code, 1006);
    const left = socket.bufferedAmount;
    assert.ok(left > 0 && left <= stuck, `${left} of ${stuck}`);
    socket.send("abc");
    assert.equal(socket.bufferedAmount, left + 3);
    await turns(3);
    assert.equal(socket.bufferedAmount, left + 3);
  });

  test("grows on an object that never opened", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    socket.close();
    socket.send("abc");
    assert.equal(socket.bufferedAmount, 3);
    await closed(socket);
    socket.send("de");
    assert.equal(socket.bufferedAmount, 5);
  });
});
