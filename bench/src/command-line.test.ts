import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseBenchCommand, UsageError } from "./command-line.js";
import { competitors } from "./competitors/catalogue.js";
import { workloads } from "./workloads/catalogue.js";

const names = (items: readonly { readonly name: string }[]): string[] => items.map(({ name }) => name);

describe("npm run bench", () => {
  test("without options measures everything, for openline against all", () => {
    const command = parseBenchCommand([]);
    assert.deepEqual(names(command.workloads), names(workloads));
    assert.deepEqual(names(command.competitors), names(competitors));
    assert.equal(command.competitors[0]?.name, "openline");
    assert.equal(command.isComplete, true);
  });

  test("takes workloads, competitors and runs by their names", () => {
    const command = parseBenchCommand(["--only", "recv-64,send-64", "--runs", "3", "--against", "ws,bun"]);
    assert.deepEqual(names(command.workloads), ["recv-64", "send-64"]);
    assert.deepEqual(names(command.competitors), ["openline", "ws", "bun"]);
    assert.equal(command.runs, 3);
    assert.equal(command.isComplete, false);
  });

  test("takes * for anything, and each workload once", () => {
    const { workloads: chosen } = parseBenchCommand(["--only", "echo-1,echo-*"]);
    assert.deepEqual(names(chosen), ["echo-1", "echo-10", "echo-100"]);
  });

  test("puts the subject first", () => {
    const { competitors: chosen } = parseBenchCommand(["--subject", "ws", "--against", "bun,ws"]);
    assert.deepEqual(names(chosen), ["ws", "bun"]);
  });

  for (const [args, message] of [
    [["--only", "recv-65"], /no workload is named "recv-65"; there are recv-64, /],
    [["--only", ""], /no workload is named ""/],
    [["--only", "recv.64"], /no workload is named "recv.64"/],
    [["--against", "wss"], /no competitor is named "wss"; there are openline, /],
    [["--runs", "0"], /whole number from 1 to 100, not "0"/],
    [["--runs", "two"], /whole number from 1 to 100, not "two"/],
    [["--fast"], /--fast/],
    [["recv-64"], /recv-64/],
  ] as const) {
    test(`says what is wrong with ${JSON.stringify(args)}`, () => {
      assert.throws(
        () => parseBenchCommand(args),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }
});

test("names of workloads are unique, and each has a metric that counts", () => {
  assert.equal(new Set(names(workloads)).size, workloads.length);
  for (const { name, metrics } of workloads) assert.notEqual(metrics[0]?.better ?? "info", "info", name);
});
