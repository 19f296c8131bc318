import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runCommand } from "../testing-support/command.test.support.js";
import { conversation, recordedServer } from "./conversation.test.support.js";
import { chromeEntry, harFile, textFile } from "./har-file.test.support.js";

describe("openline replay and its file", () => {
  const one = chromeEntry([["receive", "1"]], { url: "wss://a.example/one?token=secret" });
  const two = chromeEntry(conversation, { url: "wss://a.example/two" });
  const refused = chromeEntry([], { url: "wss://a.example/three", status: 403 });
  const other = { request: {}, response: {}, startedDateTime: "" };

  it("--list shows what is in it", async () => {
    const { code, stdout } = await runCommand(["replay", harFile(one, other, two, refused), "--list"]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n"), [
      "1: wss://a.example/one?token=(hidden) (1 message)",
      "2: wss://a.example/two (6 messages)",
      "3: wss://a.example/three (never open, answered 403)",
      "",
    ]);
  });

  it("--entry chooses by number or URL", async (t) => {
    const { url } = await recordedServer(t);
    for (const which of ["2", "/two"]) {
      const args = ["replay", harFile(one, two), "--entry", which, "--against", url, "--step"];
      assert.match((await runCommand(args)).stdout, /2 messages, and 4 expected/);
    }
  });

  it("takes the only one that was open", async (t) => {
    const { url } = await recordedServer(t);
    const args = ["replay", harFile(refused, two), "--against", url, "--step"];
    assert.match((await runCommand(args)).stdout, /2 messages, and 4 expected/);
  });

  const broken = '{"log":{"entries":[{"_resourceType":"websocket"}]}}';
  for (const [what, file, args, said] of [
    [
      "is not there",
      () => "/nowhere/session.har",
      [],
      /"\/nowhere\/session.har": can't be read \(no such file/,
    ],
    ["is a folder", () => "/", [], /"\/": can't be read/],
    ["is empty", () => textFile(""), [], /the file is empty/],
    ["is no JSON", () => textFile("GET / HTTP/1.1"), [], /JSON/],
    ["is no HAR", () => textFile("[1]"), [], /must be an object/],
    ["is broken", () => textFile(broken), [], /log\.entries\[0\]\.startedDateTime is missing/],
    ["has no WebSocket", () => harFile(other), [], /no WebSocket connection in it, only 1 other request/],
    [
      "has several",
      () => harFile(one, two),
      [],
      /2 connections, --entry NUMBER chooses one: 1: wss.*, 2: wss/,
    ],
    [
      "has several of a URL",
      () => harFile(two, two),
      ["-e", "two"],
      /--entry "two": there are 2 connections/,
    ],
    [
      "has none of a URL",
      () => harFile(one),
      ["-e", "nine"],
      /--entry "nine": there is none; there are 1: wss/,
    ],
    ["has none of a number", () => harFile(one), ["-e", "9"], /--entry "9": there is none/],
    ["was never open", () => harFile(refused), [], /no connection was open; there are 1: .*answered 403/],
    ["chosen was never open", () => harFile(refused, one), ["-e", "1"], /--entry "1": it was never open/],
  ] as const) {
    it(`a file that ${what}`, async () => {
      const { code, stdout, stderr } = await runCommand(["replay", file(), ...args]);
      assert.match(stderr, said);
      assert.deepEqual({ code, stdout, lines: stderr.split("\n").length }, { code: 2, stdout: "", lines: 2 });
    });
  }
});

describe("openline replay, used wrongly", () => {
  for (const { args, said } of [
    { args: [], said: /missing required argument 'file'/ },
    { args: ["x", "--speed", "0"], said: /'--speed <factor>' argument '0' is invalid/ },
    { args: ["x", "--speed", "fast"], said: /Expected a number over 0, such as 2 or 0\.5, or "max"/ },
    { args: ["x", "--step", "--speed", "2"], said: /'--step' cannot be used with option '--speed/ },
    {
      args: ["x", "--port", "1", "--against", "y"],
      said: /'-p, --port <n>' cannot be used with option '--against/,
    },
    { args: ["x", "--host", "::1", "--against", "y"], said: /'--host <address>' cannot be used with/ },
    { args: ["x", "--host", ""], said: /--host "": expected an address/ },
    { args: ["x", "--wait", "long"], said: /'-w, --wait <seconds>' argument 'long' is invalid/ },
    { args: ["x", "--ignore", "("], said: /--ignore "\(": expected a regular expression \(.*group/ },
    { args: ["x", "--header", "a: b"], said: /--header: expected --against with it/ },
    { args: ["x", "--http2"], said: /--http2: expected --against with it/ },
  ]) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCommand(["replay", ...args]);
      assert.match(stderr, said);
      assert.deepEqual({ code, stdout, lines: stderr.split("\n").length }, { code: 2, stdout: "", lines: 2 });
    });
  }

  it("refuses a URL that is none", async () => {
    const args = ["replay", harFile(chromeEntry([])), "--against", "ftp://localhost"];
    const { code, stderr } = await runCommand(args);
    assert.equal(code, 2);
    assert.match(stderr, /scheme is "ftp"/);
  });
});
