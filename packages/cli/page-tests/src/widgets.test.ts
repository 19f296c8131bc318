import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type * as ChartDataModule from "../../page/src/widgets/chart-data.js";
import type * as HexRowsModule from "../../page/src/widgets/hex-rows.js";
import type * as JsonRowsModule from "../../page/src/widgets/json-rows.js";
import type * as PhaseModule from "../../page/src/widgets/reconnecting-phase.js";
import { pageModule } from "./page-module.js";

describe("the rows of a JSON tree", () => {
  let json: typeof JsonRowsModule;
  before(async () => {
    json = await pageModule<typeof JsonRowsModule>("widgets/json-rows.ts");
  });
  const shown = (value: unknown, open: readonly string[]) =>
    json.jsonRows(value, new Set(open)).map(({ level, key, range, entries }) => {
      const name = range === undefined ? (key ?? "root") : `${range[0]}–${range[1] - 1}`;
      return `${" ".repeat(level - 1)}${name}${entries === undefined ? "" : ` (${entries})`}`;
    });

  test("are those of what is open, in the order of the text", () => {
    const value = { b: [1, { c: null }], a: "text", empty: {} };
    assert.deepEqual(shown(value, []), ["root (3)"]);
    assert.deepEqual(shown(value, ["$"]), ["root (3)", " b (2)", " a", " empty (0)"]);
    assert.deepEqual(shown(value, ["$", "$/0", "$/0/1"]), [
      "root (3)",
      " b (2)",
      "  0",
      "  1 (1)",
      "   c",
      " a",
      " empty (0)",
    ]);
  });

  test("know their place among their siblings", () => {
    const rows = json.jsonRows(["a", "b", "c"], new Set(["$"]));
    assert.deepEqual(
      rows.slice(1).map(({ position, siblings }) => [position, siblings]),
      [
        [1, 3],
        [2, 3],
        [3, 3],
      ],
    );
  });

  test("come in parts where there are many, and the last part may be shorter", () => {
    const many = Array.from({ length: 250 }, (_, index) => index);
    assert.deepEqual(shown(many, ["$"]), ["root (250)", " 0–99 (100)", " 100–199 (100)", " 200–249 (50)"]);
    const opened = shown(many, ["$", "$[200"]);
    assert.equal(opened.length, 4 + 50);
    assert.equal(opened.at(-1), "  249");
    const keys = Object.fromEntries(many.map((index) => [`key${index}`, index]));
    assert.equal(shown(keys, ["$", "$[100"]).includes("  key199"), true);
  });

  test("a million entries, and nesting deeper than any call, are no trouble", () => {
    const million = Array.from({ length: 1_000_000 }, () => 0);
    assert.equal(json.jsonRows(million, new Set(["$"])).length, 10_001);
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level++) deep = [deep];
    const open = json.pathsToOpen(deep, 50);
    assert.ok(open.size > 10);
    assert.ok(json.jsonRows(deep, open).length <= 51);
  });

  test("what is opened all at once has no more rows than asked for", () => {
    const wide = Array.from({ length: 90 }, () => Array.from({ length: 90 }, () => [1, 2]));
    for (const most of [1, 91, 500, 10_000]) {
      assert.ok(json.jsonRows(wide, json.pathsToOpen(wide, most)).length <= most, String(most));
    }
  });
});

describe("a row of the hex view", () => {
  let hex: typeof HexRowsModule;
  before(async () => {
    hex = await pageModule<typeof HexRowsModule>("widgets/hex-rows.ts");
  });

  test("has the bytes in groups of eight, and what can be read of them", () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => 0x3c + index * 4);
    assert.deepEqual(hex.hexRow(bytes, 0, 16), {
      offset: "00000000",
      hex: "3c 40 44 48 4c 50 54 58  5c 60 64 68 6c 70 74 78",
      ascii: "<@DHLPTX\\`dhlptx",
    });
    assert.deepEqual(hex.hexRow(bytes, 1, 16), { offset: "00000010", hex: "7c 80 84 88", ascii: "|···" });
    assert.deepEqual(hex.hexRow(bytes, 2, 8), { offset: "00000010", hex: "7c 80 84 88", ascii: "|···" });
    assert.equal(hex.hexRow(Uint8Array.of(0x1f, 0x20, 0x7e, 0x7f), 0, 16).ascii, "· ~·");
  });
});

describe("the charts' columns", () => {
  let chart: typeof ChartDataModule;
  before(async () => {
    chart = await pageModule<typeof ChartDataModule>("widgets/chart-data.ts");
  });
  const second = (number: number, more: Partial<ChartDataModule.TrafficSecond> = {}) => ({
    second: number,
    sentMessages: 1,
    receivedMessages: 2,
    sentBytes: 3,
    receivedBytes: 4,
    bufferedAmount: 5,
    roundTrip: undefined,
    ...more,
  });

  test("have a value for each second: 0 where nothing passed, and what waits goes on to wait", () => {
    const data = chart.chartData(
      [second(90), second(101), second(103, { bufferedAmount: 0, roundTrip: 1.5 }), second(120)],
      105,
      6,
    );
    assert.deepEqual(data.seconds, [100, 101, 102, 103, 104, 105]);
    assert.deepEqual(data.sentMessages, [0, 1, 0, 1, 0, 0]);
    assert.deepEqual(data.receivedBytes, [0, 4, 0, 4, 0, 0]);
    assert.deepEqual(data.bufferedAmount, [0, 5, 5, 0, 0, 0]);
    assert.deepEqual(data.roundTrip, [null, null, null, 1.5, null, null]);
  });

  test("of nothing are 0", () => {
    assert.deepEqual(chart.chartData([], 10, 3).sentMessages, [0, 0, 0]);
  });
});

describe("the phase of a ReconnectingWebSocket", () => {
  let phases: typeof PhaseModule;
  before(async () => {
    phases = await pageModule<typeof PhaseModule>("widgets/reconnecting-phase.ts");
  });

  /** After reports at 0, 100, 200 … ms. */
  const after = (
    ...reports: readonly (readonly [what: string, readyState: 0 | 1 | 2 | 3, fields?: object])[]
  ) => {
    let phase: PhaseModule.ReconnectingPhase | undefined;
    for (const [index, [what, readyState, fields = {}]] of reports.entries()) {
      phase = phases.phaseAfter(phase, {
        session: "1",
        time: index * 100,
        what,
        fields: { ...fields },
        properties: {
          url: "",
          readyState,
          protocol: "",
          extensions: "",
          bufferedAmount: 0,
          binaryType: "blob",
        },
      });
    }
    assert.ok(phase !== undefined);
    return phase;
  };

  test("goes from connecting to up, with one connection for open and up together", () => {
    assert.equal(after(["construct", 0]).name, "connecting");
    const up = after(["construct", 0], ["open", 1], ["up", 1], ["message", 1]);
    assert.deepEqual([up.name, up.since, up.connections, up.before], ["up", 100, 1, "connecting"]);
  });

  test("waits after an end, and connects once the delay is over, which nobody tells", () => {
    const waiting = after(
      ["construct", 0],
      ["open", 1],
      ["down", 0],
      ["reconnecting", 0, { attempt: 2, delay: 500 }],
    );
    assert.deepEqual(
      [waiting.name, waiting.attempt, waiting.until, waiting.before],
      ["waiting", 2, 800, "up"],
    );
    assert.equal(phases.phaseAt(waiting, 799).name, "waiting");
    const attempt = phases.phaseAt(waiting, 800);
    assert.deepEqual([attempt.name, attempt.since, attempt.before], ["connecting", 800, "waiting"]);
    const again = after(
      ["construct", 0],
      ["open", 1],
      ["down", 0],
      ["reconnecting", 0, { attempt: 1, delay: 0 }],
      ["open", 1],
    );
    assert.deepEqual([again.name, again.connections, again.attempt], ["up", 2, 1]);
  });

  test("is over with the close event, and stays so", () => {
    const closed = after(["construct", 0], ["open", 1], ["close()", 2], ["close", 3], ["sample", 3]);
    assert.deepEqual([closed.name, closed.since, closed.before], ["closed", 300, "up"]);
    assert.deepEqual([...closed.reached], ["connecting", "up", "closed"]);
  });
});
