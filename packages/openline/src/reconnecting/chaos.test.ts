import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seededRandom } from "../testing/random.js";
import type { Page } from "./environment.js";
import type { LostEvent } from "./events.js";
import { FakeClock } from "./fake-clock.test.support.js";
import type { FakeConnection } from "./fake-network.test.support.js";
import { type Fixture, fixture } from "./fixture.test.support.js";

/** Seeds of this run. `OPENLINE_CHAOS_SEED=n` repeats one. */
const chosen = process.env["OPENLINE_CHAOS_SEED"];
const firstSeed = Math.floor(Math.random() * 2 ** 31);
const seeds =
  chosen === undefined ? Array.from({ length: 30 }, (_, index) => firstSeed + index) : [Number(chosen)];
const faultsPerSeed = 300;

/** What a network does to a connection of its own accord. */
type Mood = "accepts" | "refuses" | "hangs";

/** One seed's application, network and server. */
class World {
  readonly random: () => number;
  readonly page = new EventTarget() as EventTarget & Page;
  readonly fixture: Fixture;
  readonly lost = new Set<number>();
  /** What the server got, on each connection. */
  readonly received = new Map<FakeConnection, number[]>();
  readonly silent = new Set<FakeConnection>();
  mood: Mood = "accepts";
  faults = 0;
  sent = 0;

  constructor(seed: number) {
    this.random = seededRandom(seed);
    const usesPing = this.random() < 0.7;
    this.fixture = fixture({
      clock: new FakeClock(this.random),
      page: this.page,
      canPing: usesPing,
      keepSent: true,
      maxSilence: usesPing ? Infinity : 40_000,
      onOpen: this.random() < 0.5 ? async () => this.#hook() : () => {},
      // Several endpoints in turn, and now and then none.
      url: async (attempt) => {
        if (this.mood === "refuses" && this.random() < 0.2) throw new Error("no token");
        // Some take their time, and may be answered when nobody waits any more.
        if (this.random() < 0.3) {
          const { clock } = this.fixture;
          await new Promise<void>((resolve) => clock.after(this.random() * 30_000, resolve));
        }
        return `ws://fake/${attempt}`;
      },
    });
    const { socket, network } = this.fixture;
    network.onDial = (connection) => {
      this.received.set(connection, []);
      if (this.mood === "accepts") queueMicrotask(() => connection.readyState === 0 && connection.accept());
      if (this.mood === "refuses") queueMicrotask(() => connection.readyState === 0 && connection.fail());
    };
    socket.addEventListener("lost", (event) => {
      const { count, messages } = event as LostEvent;
      assert.equal(messages.length, count, "every lost message is shown");
      for (const message of messages) this.lost.add(Number(message));
    });
  }

  async #hook(): Promise<void> {
    if (this.mood === "refuses" && this.random() < 0.3) throw new Error("the token was refused");
  }

  send(): void {
    this.fixture.socket.send(String(this.sent++));
  }

  /** Lets the network take some of what was sent to the server, and answer pings. */
  deliver(connection: FakeConnection, most: number): void {
    const received = this.received.get(connection) ?? [];
    if (this.silent.has(connection) || connection.readyState === 3) return;
    const fresh = connection.sent.slice(received.length, received.length + most);
    received.push(...fresh.map(Number));
    for (const { sentBefore, resolve } of connection.pings) if (sentBefore <= received.length) resolve(1);
  }

  fault(): void {
    const { socket, network } = this.fixture;
    const connection = network.connections.at(-1);
    this.faults++;
    const faults: (() => void)[] = [
      () => connection?.readyState !== 3 && connection?.fail(),
      () =>
        connection?.readyState === 1 &&
        connection.finish([1001, 1012, 1006, 4000][Math.floor(this.random() * 4)]),
      () => connection && this.silent.add(connection),
      () => connection?.readyState === 1 && connection.receive("push"),
      () => socket.reconnect("asked"),
      () => this.ghost(),
      () => this.page.dispatchEvent(new Event("offline")),
      () => this.page.dispatchEvent(new Event("online")),
      () => this.page.dispatchEvent(Object.assign(new Event("pagehide"), { persisted: true })),
      () => this.page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true })),
      () => this.fixture.clock.sleep(this.random() * 100_000),
      () => {
        this.mood = "refuses";
      },
      () => {
        this.mood = "hangs";
      },
      () => {
        this.mood = "accepts";
      },
    ];
    faults[Math.floor(this.random() * faults.length)]?.();
  }

  /** A connection that was given up long ago still tells something. */
  ghost(): void {
    const ghosts = this.fixture.network.connections.filter(
      (each) => each.isTerminated && each.readyState !== 3,
    );
    const ghost = ghosts[Math.floor(this.random() * ghosts.length)];
    if (ghost === undefined) return;
    const fate = this.random();
    if (fate < 0.4) ghost.receive("ghost");
    else if (fate < 0.6) ghost.dispatchEvent(new Event("open"));
    else if (fate < 0.8) ghost.fail();
    else ghost.finish(1008);
  }

  /** The peer of a connection that is being closed answers, unless it is silent. */
  answerGoodbyes(): void {
    for (const connection of this.received.keys()) {
      if (connection.readyState !== 2 || connection.isTerminated || this.silent.has(connection)) continue;
      this.deliver(connection, Infinity);
      connection.finish();
    }
  }

  async step(): Promise<void> {
    for (let count = Math.floor(this.random() * 4); count > 0; count--) this.send();
    for (const connection of this.received.keys()) this.deliver(connection, Math.floor(this.random() * 5));
    if (this.random() < 0.5) this.answerGoodbyes();
    if (this.random() < 0.4) this.fault();
    await this.fixture.clock.advance(this.random() * (this.random() < 0.2 ? 40_000 : 2000));
  }

  /** A network without faults, until all is as it should be. */
  async heal(): Promise<void> {
    const { socket, clock } = this.fixture;
    this.mood = "accepts";
    this.page.dispatchEvent(new Event("online"));
    for (let round = 0; round < 40; round++) {
      this.answerGoodbyes();
      for (const connection of this.received.keys()) {
        this.deliver(connection, Infinity);
        // Where there is no ping, silence is death: a server that is well says something.
        if (connection.readyState === 1 && !this.silent.has(connection)) connection.receive("push");
      }
      await clock.advance(5000);
    }
    assert.equal(socket.readyState, 1, "open again once the network is well");
  }

  check(): void {
    const arrived = new Set<number>();
    let latest = -1;
    for (const received of this.received.values()) {
      for (const [index, message] of received.entries()) {
        assert.ok(
          index === 0 || message > (received[index - 1] ?? 0),
          "in order, none twice in a connection",
        );
        if (this.lost.has(message)) continue;
        assert.ok(message > latest, `${message} after ${latest}: in order across connections as well`);
        latest = message;
        arrived.add(message);
      }
    }
    for (let message = 0; message < this.sent; message++) {
      assert.ok(arrived.has(message) || this.lost.has(message), `message ${message} vanished without a word`);
    }
  }
}

describe(`chaos on fake time, seeds from ${seeds[0]} on`, () => {
  for (const [index, seed] of seeds.entries()) {
    // A name of its own for each seed would make a new test of each run.
    it(`run ${index + 1}`, async (context) => {
      context.diagnostic(`OPENLINE_CHAOS_SEED=${seed}`);
      const world = new World(seed);
      const { socket, clock, network, log } = world.fixture;
      while (world.faults < faultsPerSeed) await world.step();
      await world.heal();
      world.send();
      await clock.advance(1000);
      for (const connection of world.received.keys()) world.deliver(connection, Infinity);
      world.check();

      socket.close();
      world.answerGoodbyes();
      await clock.advance(20_000);
      world.check();
      assert.equal(socket.readyState, 3);
      assert.equal(log.filter((line) => line.startsWith("close")).length, 1);
      assert.equal(log.filter((line) => line === "up").length, log.filter((line) => line === "down").length);
      assert.ok(!log.includes("message ghost"));
      // The last answer to a question that nobody asks any more.
      await clock.advance(30_000);
      assert.equal(clock.running, 0, "no timer is left");
      const left = network.connections.filter((each) => each.readyState < 3 && !each.isTerminated);
      assert.equal(left.length, 0, "no connection is left");
    });
  }
});
