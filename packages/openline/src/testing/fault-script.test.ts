import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runFaultScript } from "./fault-script.js";
import { FaultyProxy } from "./faulty-proxy.js";
import { seededRandom } from "./random.js";

describe("runFaultScript", () => {
  it("does the same for the same seed", async () => {
    const proxy = await FaultyProxy.start({ port: 9 });
    const script = { seed: 7, steps: 20, longest: 2 };
    const first = await runFaultScript(proxy, script);
    assert.deepEqual(await runFaultScript(proxy, script), first);
    assert.notDeepEqual(await runFaultScript(proxy, { ...script, seed: 8 }), first);
    await proxy.close();
  });
});

describe("seededRandom", () => {
  it("gives numbers from 0 to 1, spread evenly, the same for the same seed", () => {
    const [random, again] = [seededRandom(3), seededRandom(3)];
    const tenths = new Array<number>(10).fill(0);
    for (let count = 0; count < 10_000; count++) {
      const number = random();
      assert.equal(again(), number);
      const tenth = Math.floor(number * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    assert.equal(tenths.length, 10);
    for (const count of tenths) assert.ok(count > 900 && count < 1100, String(count));
  });
});
