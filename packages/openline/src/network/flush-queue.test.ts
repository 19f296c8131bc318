import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setImmediate as nextTask } from "node:timers/promises";
import { flushAll, flushSoon, holdFlushes, releaseFlushes } from "./flush-queue.js";

let log: string[] = [];

function flushable(name: string, also?: () => void) {
  return {
    flush() {
      log.push(`flush ${name}`);
      also?.();
    },
  };
}

/** Runs `task` as a task of its own, and waits for the next one. */
async function asTask(task: () => void): Promise<void> {
  setImmediate(task);
  await nextTask();
}

describe("flushSoon", () => {
  afterEach(() => {
    releaseFlushes();
    flushAll();
    log = [];
  });

  it("flushes at the end of the task, after all its microtasks and ahead of the next task", async () => {
    await asTask(() => {
      flushSoon(flushable("a"));
      void (async () => {
        for (let i = 0; i < 20; i++) await undefined;
        log.push("microtasks");
        flushSoon(flushable("b"));
      })();
      setImmediate(() => log.push("next task"));
      log.push("task");
    });
    await nextTask();
    assert.deepEqual(log, ["task", "microtasks", "flush a", "flush b", "next task"]);
  });

  it("keeps order, and takes more while it flushes", async () => {
    await asTask(() => {
      flushSoon(flushable("a", () => flushSoon(flushable("c"))));
      flushSoon(flushable("b"));
    });
    assert.deepEqual(log, ["flush a", "flush b", "flush c"]);
  });

  it("flushes nothing by itself while flushes are held", async () => {
    holdFlushes();
    await asTask(() => flushSoon(flushable("a")));
    await asTask(() => flushSoon(flushable("b")));
    assert.deepEqual(log, []);
    await asTask(() => {
      releaseFlushes();
      log.push("last task");
      flushSoon(flushable("c"));
    });
    assert.deepEqual(log, ["last task", "flush a", "flush b", "flush c"]);
  });

  it("flushes all that waits when it is told to, even while flushes are held", () => {
    holdFlushes();
    flushSoon(flushable("a"));
    flushAll();
    assert.deepEqual(log, ["flush a"]);
    flushAll();
    assert.deepEqual(log, ["flush a"]);
  });

  it("goes on after a flush by hand", async () => {
    flushSoon(flushable("a"));
    flushAll();
    await nextTask();
    flushSoon(flushable("b"));
    await nextTask();
    assert.deepEqual(log, ["flush a", "flush b"]);
  });
});
