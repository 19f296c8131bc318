import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LostEvent } from "./events.js";
import { fixture } from "./fixture.test.support.js";

function losses(socket: EventTarget): [reason: string, messages: readonly unknown[]][] {
  const list: [string, readonly unknown[]][] = [];
  socket.addEventListener("lost", (event) => {
    const { reason, messages } = event as LostEvent;
    list.push([reason, messages]);
  });
  return list;
}

describe("messages that wait", () => {
  it("go out in order once the line is up, and count as buffered until then", async () => {
    const { socket, network, clock } = fixture();
    for (const message of ["a", "ü", "c"]) socket.send(message);
    assert.equal(socket.bufferedAmount, 4);
    network.last.fail();
    await clock.advance(8500);
    socket.send("d");
    network.last.accept();
    assert.deepEqual(network.last.sent, ["a", "ü", "c", "d"]);
    assert.equal(socket.bufferedAmount, 0);
  });

  it("are taken as they are at the call", () => {
    const { socket, network } = fixture();
    const bytes = new Uint8Array([1, 2, 3, 4]);
    const blob = new Blob(["blob"]);
    socket.send(bytes.subarray(1, 3));
    socket.send(bytes.buffer);
    socket.send(blob);
    socket.send(42 as unknown as string);
    bytes.fill(0);
    assert.equal(socket.bufferedAmount, 2 + 4 + 4 + 2);
    network.last.accept();
    const [view, buffer, third, fourth] = network.last.sent;
    assert.deepEqual(view, new Uint8Array([2, 3]));
    assert.deepEqual(new Uint8Array(buffer as ArrayBuffer), new Uint8Array([1, 2, 3, 4]));
    assert.ok(third instanceof Blob && third.size === blob.size);
    assert.equal(fourth, "42");
  });

  it("throw at the limit by default, in number and in bytes", () => {
    const few = fixture({ maxQueuedMessages: 2 });
    few.socket.send("1");
    few.socket.send("2");
    assert.throws(() => few.socket.send("3"), { name: "QuotaExceededError" });
    const small = fixture({ maxQueuedBytes: 3 });
    small.socket.send("123");
    assert.throws(() => small.socket.send("4"), { name: "QuotaExceededError" });
    small.network.last.accept();
    assert.deepEqual(small.network.last.sent, ["123"]);
  });

  it("are dropped from the front, and told, if that was chosen", async () => {
    const { socket, network, clock } = fixture({ maxQueuedBytes: 3, overflow: "drop-oldest" });
    const lost = losses(socket);
    for (const message of ["1", "2", "3", "45"]) socket.send(message);
    assert.deepEqual(lost, [], "no event comes within a call");
    await clock.advance(0);
    assert.deepEqual(lost, [["limit", ["1", "2"]]]);
    socket.send("too big at all");
    await clock.advance(0);
    assert.deepEqual(lost.at(-1), ["limit", ["3", "45", "too big at all"]]);
    network.last.accept();
    assert.deepEqual(network.last.sent, []);
  });

  it("are not taken at the limit, and told, if that was chosen", async () => {
    const { socket, network, clock } = fixture({ maxQueuedMessages: 1, overflow: "drop-newest" });
    const lost = losses(socket);
    socket.send("1");
    socket.send("2");
    await clock.advance(0);
    assert.deepEqual(lost, [["limit", ["2"]]]);
    network.last.accept();
    assert.deepEqual(network.last.sent, ["1"]);
  });

  it("are dropped at their deadline, and told", async () => {
    const { socket, network, clock } = fixture();
    const lost = losses(socket);
    socket.send("old", { deadline: 1000 });
    socket.send("young", { deadline: 5000 });
    await clock.advance(999);
    assert.deepEqual(lost, []);
    await clock.advance(1);
    assert.deepEqual(lost, [["deadline", ["old"]]]);
    network.last.accept();
    assert.deepEqual(network.last.sent, ["young"]);
    await clock.advance(10_000);
    assert.equal(lost.length, 1);
    assert.throws(() => socket.send("x", { deadline: -1 }), /deadline is -1/);
    assert.throws(() => socket.send("x", { deadline: Number.NaN }), /deadline is NaN/);
  });

  it("are told as lost when the object is closed, and count as buffered for ever", async () => {
    const { socket, clock, log } = fixture();
    const lost = losses(socket);
    socket.send("never");
    socket.close();
    socket.send("after");
    await clock.advance(0);
    assert.deepEqual(lost, [["closed", ["never"]]]);
    assert.deepEqual(log, ["lost 1 closed", "close 1006 unclean"]);
    assert.equal(socket.bufferedAmount, 10);
    assert.equal(clock.running, 0);
  });

  it("go to the next connection while this one is closing", async () => {
    const { socket, network, clock } = fixture();
    network.last.accept();
    network.last.readyState = 2;
    socket.send("later");
    network.last.finish(1001);
    await clock.advance(8500);
    network.last.accept();
    assert.deepEqual(network.last.sent, ["later"]);
  });

  it("do not exist with queue: false: send is the plain object's", () => {
    const { socket, network, log } = fixture({ queue: false });
    assert.throws(() => socket.send("early"), { name: "InvalidStateError" });
    network.last.accept();
    socket.send("now");
    assert.deepEqual(network.last.sent, ["now"]);
    network.last.fail();
    assert.throws(() => socket.send("late"), { name: "InvalidStateError" });
    assert.ok(log.includes("lost 1 connection"));
  });
});

describe("messages on the wire", () => {
  it("are counted when the connection breaks, and shown if they were to be kept", () => {
    for (const keepSent of [false, true]) {
      const { socket, network } = fixture({ keepSent });
      const lost = losses(socket);
      network.last.accept();
      socket.send("a");
      socket.send("b");
      network.last.fail();
      assert.deepEqual(lost, [["connection", keepSent ? ["a", "b"] : []]]);
    }
  });

  it("are known to have arrived once a later ping is answered", async () => {
    const { socket, network, clock } = fixture({ keepSent: true, canPing: true, idle: 1000 });
    const lost = losses(socket);
    network.last.accept();
    socket.send("arrived");
    await clock.advance(1000);
    socket.send("unknown");
    network.last.pings[0]?.resolve(1);
    await clock.advance(0);
    network.last.fail();
    assert.deepEqual(lost, [["connection", ["unknown"]]]);
  });

  it("are asked after soon, where a ping costs the application nothing, and only then", async () => {
    const { socket, network, clock, log } = fixture({ canPing: true, idle: 1000 });
    const { last } = network;
    last.accept();
    const tick = async (milliseconds: number) => {
      last.receive("tick");
      await clock.advance(milliseconds);
    };
    for (let round = 0; round < 10; round++) await tick(300);
    assert.equal(last.pings.length, 0, "nothing was sent, so there is nothing to ask");
    socket.send("a");
    await tick(30);
    socket.send("b");
    assert.equal(last.pings.length, 0);
    await tick(20);
    assert.equal(last.pings.length, 1, "after a twentieth of idle");
    socket.send("c");
    await tick(100);
    assert.equal(last.pings.length, 2, "and again, for what was sent since");
    for (const { resolve } of last.pings) resolve(1);
    for (let round = 0; round < 10; round++) await tick(300);
    assert.equal(last.pings.length, 2, "nothing was sent since");
    last.fail();
    assert.ok(!log.some((line) => line.startsWith("lost")), "all is known to have arrived");
  });

  it("are asked after by a heartbeat after idle, also while messages come in", async () => {
    const heartbeat = { message: "ping?", isReply: (data: unknown) => data === "pong!" };
    const { socket, network, clock, log } = fixture({ heartbeat, idle: 1000 });
    const { last } = network;
    last.accept();
    socket.send("a");
    for (let round = 0; round < 5; round++) {
      assert.deepEqual(last.sent, ["a"]);
      last.receive("tick");
      await clock.advance(200);
    }
    assert.deepEqual(last.sent, ["a", "ping?"]);
    last.receive("pong!");
    last.fail();
    assert.ok(!log.some((line) => line.startsWith("lost")));
  });

  it("are not confirmed by a ping that overtook them", async () => {
    const { socket, network, clock, log } = fixture({ canPing: true, idle: 1000 });
    network.last.accept();
    socket.send(new Blob(["read later"]));
    network.last.bufferedAmount = 10;
    await clock.advance(1000);
    network.last.pings[0]?.resolve(1);
    await clock.advance(0);
    network.last.fail();
    assert.ok(log.includes("lost 1 connection"));
  });

  it("are not lost when the peer has answered our goodbye", () => {
    const { socket, network, log } = fixture();
    network.last.accept();
    socket.send("a");
    socket.close();
    network.last.finish();
    assert.deepEqual(log, ["open", "up", "down", "close 1000 clean"]);
  });

  it("may be lost when the goodbye was the peer's", () => {
    const { socket, network, log } = fixture();
    network.last.accept();
    socket.send("a");
    network.last.finish(1001);
    assert.ok(log.includes("lost 1 connection"));
  });
});
