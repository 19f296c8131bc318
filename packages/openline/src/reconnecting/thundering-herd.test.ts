import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seededRandom } from "../testing/random.js";
import { FakeClock } from "./fake-clock.test.support.js";
import { FakeNetwork } from "./fake-network.test.support.js";
import { open } from "./fixture.test.support.js";
import type { ReconnectingWebSocket } from "./reconnecting-websocket.js";

const clients = 10_000;
const second = 1000;

/** How a server goes, and how it comes back. */
interface Restart {
  /** The close code that the clients see; without one the connections break. */
  readonly code?: number;
  /** Milliseconds without a server. */
  readonly outage: number;
  /** How many connections a second it accepts afterwards. */
  readonly most?: number;
}

/** Attempts, and those that were accepted, in each second since the server went. */
interface Course {
  readonly attempts: number[];
  readonly accepted: number[];
}

/** 10,000 real objects, all of them up, lose their server at the same time. */
async function restart({ code, outage, most = Infinity }: Restart, random: () => number): Promise<Course> {
  const clock = new FakeClock(random);
  const network = new FakeNetwork(clock);
  const course: Course = { attempts: [], accepted: [] };
  let gone = Infinity;
  network.onDial = (connection) => {
    const time = clock.now() - gone;
    const slot = Math.floor(time / second);
    if (time >= 0) course.attempts[slot] = (course.attempts[slot] ?? 0) + 1;
    const accepted = course.accepted[slot] ?? 0;
    const isAccepted = time < 0 || (time >= outage && accepted < most);
    if (time >= 0 && isAccepted) course.accepted[slot] = accepted + 1;
    queueMicrotask(() => (isAccepted ? connection.accept() : connection.fail()));
  };
  const sockets = Array.from({ length: clients }, () =>
    open("ws://fake/", undefined, {}, network.environment),
  );
  await clock.advance(60 * second);
  gone = clock.now();
  for (const connection of network.connections.slice()) {
    if (code === undefined) connection.fail();
    else connection.finish(code);
  }
  for (let minutes = 0; minutes < 10 && !sockets.every(isOpen); minutes++) await clock.advance(60 * second);
  assert.ok(sockets.every(isOpen), "all are back");
  for (const list of [course.attempts, course.accepted]) {
    for (let slot = 0; slot < course.attempts.length; slot++) list[slot] ??= 0;
  }
  return course;
}

function isOpen({ readyState, OPEN }: ReconnectingWebSocket): boolean {
  return readyState === OPEN;
}

/**
 * The deepest valley between two waves: how many fewer there are in one second than in some second before and in some
 * second after it. One wave has none.
 */
function deepestValley(counts: readonly number[]): number {
  const depths = counts.map((count, at) => {
    const before = Math.max(0, ...counts.slice(0, at));
    const after = Math.max(0, ...counts.slice(at + 1));
    return Math.min(before, after) - count;
  });
  return Math.max(...depths);
}

function histogram({ attempts, accepted }: Course): string[] {
  const most = Math.max(...attempts);
  return attempts.map((count, at) => {
    const bar = "=".repeat(Math.ceil((40 * count) / most));
    return `${String(at).padStart(3)} s ${String(count).padStart(6)} attempts ${String(accepted[at]).padStart(6)} accepted ${bar}`;
  });
}

/** Chance alone makes a second differ from the next by some hundredths of this. */
const noise = clients * 0.03;

const restarts: readonly [what: string, how: Restart, most: number][] = [
  ["is back at once", { outage: 0 }, clients * 0.36],
  ["crashes, and is back after 5 s", { outage: 5 * second }, clients * 0.4],
  ["is back after 5 s, and accepts 500 a second", { outage: 5 * second, most: 500 }, clients * 0.4],
  ["says that it restarts (1012)", { outage: 2 * second, code: 1012 }, clients * 0.05],
];

describe("10,000 clients whose server restarts", () => {
  const seed = 20_250_905;

  for (const [what, how, most] of restarts) {
    it(`come back spread over time, in one wave: it ${what}`, async (context) => {
      const course = await restart(how, seededRandom(seed));
      for (const line of histogram(course)) context.diagnostic(line);
      const peak = Math.max(...course.attempts);
      assert.ok(peak <= most, `${peak} attempts in a second`);
      const valley = deepestValley(course.attempts);
      assert.ok(valley <= noise, `two waves, with ${valley} fewer between them`);
      assert.equal(
        course.accepted.reduce((sum, count) => sum + count),
        clients,
        "each is accepted once",
      );
    });
  }

  it("would come in waves, all at once, without chance", async () => {
    const course = await restart({ outage: 5 * second }, () => 0.5);
    assert.equal(Math.max(...course.attempts), clients);
    assert.equal(deepestValley(course.attempts), clients);
  });
});
