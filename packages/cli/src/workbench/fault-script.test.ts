import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseFaultScript, scriptCommands } from "./fault-script.js";

describe("parseFaultScript", () => {
  it("reads every command", () => {
    const script = `# a bad day
      wait 500
      delay 200            # both ways
      delay 0 to-server
      throttle 2000 to-client
      throttle off

      hold to-client
      hold
      hold both
      release
      cut
      reset
      cut-inside-frame
      drop-handshakes
      answer 503
      restart 1000
      crash 0
      heal`;
    assert.deepEqual(parseFaultScript(script), {
      steps: [
        { line: 2, wait: 500 },
        { line: 3, fault: { kind: "delay", milliseconds: 200, direction: "both" } },
        { line: 4, fault: { kind: "delay", milliseconds: 0, direction: "to-server" } },
        { line: 5, fault: { kind: "throttle", bytesPerSecond: 2000, direction: "to-client" } },
        { line: 6, fault: { kind: "throttle", bytesPerSecond: null, direction: "both" } },
        { line: 8, fault: { kind: "hold", direction: "to-client" } },
        { line: 9, fault: { kind: "hold", direction: "both" } },
        { line: 10, fault: { kind: "hold", direction: "both" } },
        { line: 11, fault: { kind: "release", direction: "both" } },
        { line: 12, fault: { kind: "cut" } },
        { line: 13, fault: { kind: "reset" } },
        { line: 14, fault: { kind: "cut-inside-frame" } },
        { line: 15, fault: { kind: "drop-handshakes" } },
        { line: 16, fault: { kind: "answer", status: 503 } },
        { line: 17, fault: { kind: "restart-server", crash: false, downFor: 1000 } },
        { line: 18, fault: { kind: "restart-server", crash: true, downFor: 0 } },
        { line: 19, fault: { kind: "heal" } },
      ],
    });
  });

  it("takes the ends of lines of all systems", () => {
    const lines = (script: string) => {
      const parsed = parseFaultScript(script);
      return "steps" in parsed ? parsed.steps.map(({ line }) => line) : parsed.problems;
    };
    assert.deepEqual(lines("cut\ncut\n"), [1, 2]);
    assert.deepEqual(lines("cut\r\n\r\ncut\r\n"), [1, 3]);
    assert.deepEqual(lines("cut\rcut"), [1, 2]);
  });

  for (const script of ["", "\n\n", "# nothing", "   # nothing\n\t"]) {
    it(`finds nothing to do in ${JSON.stringify(script)}`, () => {
      assert.deepEqual(parseFaultScript(script), { steps: [] });
    });
  }

  for (const [text, message] of [
    ["jump 3", /^no command "jump": wait, delay, .*heal$/],
    ["constructor", /^no command "constructor"/],
    ["__proto__", /^no command "__proto__"/],
    ["CUT", /^no command "CUT"/],
    ["wait", /^milliseconds missing: a whole number from 0 to 3600000$/],
    ["wait soon", /^"soon" should be milliseconds: a whole number from 0 to 3600000$/],
    ["wait -1", /^"-1" should be/],
    ["wait 1.5", /^"1.5" should be/],
    ["wait 1e3", /^"1e3" should be/],
    ["wait 3600001", /^"3600001" should be/],
    ["wait 10 20", /^"20" is too much: wait MILLISECONDS$/],
    ["throttle 0", /^"0" should be bytes a second/],
    ["hold up", /^"up" is too much: hold \[to-server\|to-client\]$/],
    ["hold to-server to-client", /^"to-client" is too much/],
    ["answer 101", /^"101" should be a status: a whole number from 200 to 599$/],
    ["cut now", /^"now" is too much: cut$/],
    ["x".repeat(1000), /^no command "x{40}…"/],
  ] as const) {
    it(`says what is wrong with ${text.slice(0, 30)}`, () => {
      const parsed = parseFaultScript(`cut\n${text} # really\nheal`);
      assert.ok("problems" in parsed);
      const [problem] = parsed.problems;
      assert.equal(parsed.problems.length, 1);
      assert.equal(problem?.line, 2);
      assert.match(problem?.message ?? "", message);
    });
  }

  it("names all lines that are wrong", () => {
    const parsed = parseFaultScript("jump\ncut\nwait\n");
    assert.ok("problems" in parsed);
    assert.deepEqual(
      parsed.problems.map(({ line }) => line),
      [1, 3],
    );
  });

  it("never throws", () => {
    const word = fc.constantFrom(...Object.keys(scriptCommands), "to-server", "off", "1", "#", "\n", "é");
    const script = fc.oneof(
      fc.string(),
      fc.array(word).map((words) => words.join(" ")),
    );
    fc.assert(
      fc.property(script, (text) => {
        const parsed = parseFaultScript(text);
        assert.ok("steps" in parsed !== "problems" in parsed);
      }),
    );
  });
});
