import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fixture } from "./fixture.test.support.js";

describe("liveness with a protocol ping", () => {
  it("asks after idle, and gives the connection up after timeout", async () => {
    const { network, clock, log } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    const first = network.last;
    first.accept();
    await clock.advance(1999);
    assert.equal(first.pings.length, 0);
    await clock.advance(1);
    assert.equal(first.pings.length, 1);
    await clock.advance(999);
    assert.ok(!first.isTerminated);
    assert.equal(first.readyState, 1, "the plain object still says OPEN");
    await clock.advance(1);
    assert.ok(first.isTerminated);
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 2 in 8500"]);
  });

  it("says why in the cause", async () => {
    const { socket, network, clock } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    let reason = "";
    socket.ondown = ({ cause }) => {
      reason = cause?.reason ?? "";
    };
    network.last.accept();
    await clock.advance(3000);
    assert.equal(reason, "Silent for 3000 ms");
  });

  it("takes any frame as life, before and after the question", async () => {
    const { network, clock, log } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    const { last } = network;
    last.accept();
    await clock.advance(1900);
    last.receive("a");
    await clock.advance(1900);
    assert.equal(last.pings.length, 0);
    await clock.advance(100);
    assert.equal(last.pings.length, 1);
    await clock.advance(900);
    last.receive("b");
    await clock.advance(1999);
    assert.equal(last.pings.length, 1);
    await clock.advance(1);
    assert.equal(last.pings.length, 2);
    last.pings[1]?.resolve(3);
    await clock.advance(2000);
    assert.equal(last.pings.length, 3);
    assert.deepEqual(log, ["open", "up", "message a", "message b"]);
  });

  it("asks once more when the process has slept through the answer", async () => {
    const { network, clock, log } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    const { last } = network;
    last.accept();
    await clock.advance(2000);
    clock.sleep(60_000);
    await clock.advance(0);
    assert.equal(last.pings.length, 2);
    assert.ok(!last.isTerminated);
    last.pings[1]?.resolve(1);
    await clock.advance(1000);
    assert.deepEqual(log, ["open", "up"]);
    await clock.advance(1000);
    clock.sleep(60_000);
    await clock.advance(0);
    clock.sleep(60_000);
    await clock.advance(0);
    assert.ok(last.isTerminated, "twice is no accident");
  });

  it("waits as long as the network takes what was sent before the question", async () => {
    const { network, clock } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    const { last } = network;
    last.accept();
    last.bufferedAmount = 3_000_000;
    await clock.advance(2000);
    for (let round = 0; round < 5; round++) {
      last.bufferedAmount -= 500_000;
      await clock.advance(1000);
      assert.ok(!last.isTerminated);
    }
    await clock.advance(1000);
    assert.ok(last.isTerminated, "nothing goes any more");
  });

  it("is not misled by a clock that is set back", async () => {
    const { network, clock } = fixture({ canPing: true, idle: 2000, timeout: 1000 });
    network.last.accept();
    clock.sleep(-50_000);
    network.last.receive("x");
    await clock.advance(50_000 + 4000);
    assert.ok(network.last.pings.length >= 1);
  });

  it("never asks with idle: Infinity, and leaves no timer behind after stableAfter", async () => {
    const { network, clock } = fixture({ canPing: true, idle: Infinity });
    network.last.accept();
    await clock.advance(10_000_000);
    assert.equal(network.last.pings.length, 0);
    assert.equal(clock.running, 0);
  });
});

describe("liveness with a heartbeat", () => {
  const heartbeat = { message: "ping?", isReply: (data: unknown) => data === "pong!" };

  it("sends the message, and keeps the answer from the application", async () => {
    const { network, clock, log } = fixture({ heartbeat, idle: 2000, timeout: 1000 });
    network.last.accept();
    await clock.advance(2000);
    assert.deepEqual(network.last.sent, ["ping?"]);
    network.last.receive("pong!");
    await clock.advance(1999);
    assert.deepEqual(log, ["open", "up"]);
    await clock.advance(1);
    assert.deepEqual(network.last.sent, ["ping?", "ping?"]);
    await clock.advance(1000);
    assert.ok(network.connections[0]?.isTerminated);
  });

  it("confirms what was sent before the heartbeat that is answered, not before a later one", async () => {
    const { socket, network, clock, log } = fixture({ heartbeat, idle: 1000, timeout: 1000 });
    network.last.accept();
    socket.send("a");
    await clock.advance(1000);
    network.last.receive("other life");
    socket.send("b");
    await clock.advance(1000);
    assert.deepEqual(network.last.sent, ["a", "ping?", "b", "ping?"]);
    network.last.receive("pong!");
    network.last.fail();
    assert.ok(log.includes("lost 1 connection"));
  });

  it("takes any message as life where no answer can be told", async () => {
    const { network, clock, log } = fixture({ heartbeat: { message: "hi" }, idle: 2000, timeout: 1000 });
    network.last.accept();
    await clock.advance(2500);
    network.last.receive("anything");
    await clock.advance(1900);
    assert.deepEqual(log, ["open", "up", "message anything"]);
  });
});

describe("liveness without a question to ask", () => {
  it("does nothing by default", async () => {
    const { network, clock, log } = fixture();
    network.last.accept();
    await clock.advance(10_000_000);
    assert.deepEqual(log, ["open", "up"]);
    assert.equal(clock.running, 0);
  });

  it("takes silence as death if it is told to", async () => {
    const { network, clock } = fixture({ maxSilence: 5000 });
    network.last.accept();
    await clock.advance(4000);
    network.last.receive("x");
    await clock.advance(4999);
    assert.ok(!network.last.isTerminated);
    await clock.advance(1);
    assert.ok(network.last.isTerminated);
  });

  it("waits for what came while the process slept", async () => {
    const { network, clock } = fixture({ maxSilence: 5000, timeout: 1000 });
    const { last } = network;
    last.accept();
    clock.sleep(60_000);
    await clock.advance(0);
    assert.ok(!last.isTerminated);
    last.receive("it came meanwhile");
    await clock.advance(4999);
    assert.ok(!last.isTerminated);
    await clock.advance(1);
    assert.ok(last.isTerminated);
  });
});
