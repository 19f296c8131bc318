import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, it, type TestContext } from "node:test";
import { terminate } from "openline";
import { openClient } from "../serve/serve.test.support.js";
import { type RunningCommand, runCommand, startCommand } from "../testing-support/command.test.support.js";
import { runIntoFullDisk } from "../testing-support/full-disk.test.support.js";
import {
  echoServer,
  handshakingServer,
  httpServer,
  refusingUrl,
} from "../testing-support/peers.test.support.js";
import { chromeEntry, harFile, type Line, textFile } from "./har-file.test.support.js";

const conversation: readonly Line[] = [
  ["receive", "welcome"],
  ["send", "hello"],
  ["receive", '{"answer":1}'],
  ["receive", Uint8Array.of(1, 2, 255)],
  ["send", "again"],
  ["receive", '{"answer":2}'],
];

/** A server that answers as in the conversation, but for `changes`. */
function recordedServer(t: TestContext, changes: Readonly<Record<string, string>> = {}) {
  let answers = 0;
  return echoServer(t, (socket) => {
    const send = (text: string): void => socket.send(changes[text] ?? text);
    send("welcome");
    socket.onmessage = ({ data }) => {
      answers += 1;
      send(`{"answer":${answers}}`);
      if (data === "hello") socket.send(Uint8Array.of(1, 2, 255));
    };
  });
}

/** `openline replay` that waits for a client. */
async function startReplay(
  t: TestContext,
  ...args: readonly string[]
): Promise<{ command: RunningCommand; url: string }> {
  const command = startCommand(["replay", "--port", "0", ...args]);
  t.after(() => command.kill("SIGKILL"));
  return { command, url: await command.waitForLine() };
}

describe("openline replay --against", () => {
  for (const tempo of [["--step"], ["--speed", "max"], []]) {
    it(`finds the server as recorded ${tempo.join(" ")}`, async (t) => {
      const { url } = await recordedServer(t);
      const { code, stdout, stderr } = await runCommand([
        "replay",
        harFile(chromeEntry(conversation)),
        "--against",
        url,
        ...tempo,
      ]);
      assert.equal(stderr, "");
      assert.equal(code, 0);
      assert.equal(
        stdout,
        `playing the client's side to ${url}: 2 messages, and 4 expected\nthe same as recorded: 4 messages\n`,
      );
    });
  }

  it("says where the answers differ", async (t) => {
    const { url } = await recordedServer(t, {
      '{"answer":1}': '{"answer":"one"}',
      welcome: "\x1b[2Jgo away",
    });
    const args = ["replay", harFile(chromeEntry(conversation)), "--against", url, "--step"];
    const { code, stdout, stderr } = await runCommand(args);
    assert.equal(code, 1);
    assert.equal(stderr, "openline: the server does not do as recorded: 2 differences\n");
    assert.deepEqual(stdout.trimEnd().split("\n").slice(1), [
      "message 1 of the server differs",
      "  - welcome",
      "  + \\x1b[2Jgo away",
      "message 2 of the server differs",
      '  - {"answer": 1}',
      '  + {"answer": "one"}',
    ]);
  });

  it("--json says it to programs", async (t) => {
    const { url } = await recordedServer(t, { welcome: "hi" });
    const args = ["replay", harFile(chromeEntry(conversation)), "--against", url, "--step", "--json"];
    const { code, stdout } = await runCommand(args);
    assert.equal(code, 1);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => {
          const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
          assert.equal(typeof time, "number");
          return rest;
        }),
      [
        { event: "open", peer: url, played: "client", messages: 2, expected: 4 },
        {
          event: "difference",
          kind: "changed",
          number: 1,
          expected: { data: "welcome" },
          got: { data: "hi" },
        },
        { event: "result", same: false, differences: 1, expected: 4 },
      ],
    );
  });

  it("--ignore passes over what may differ", async (t) => {
    const { url } = await recordedServer(t, { '{"answer":1}': '{"answer":77}', welcome: "welcome 7" });
    const args = ["replay", harFile(chromeEntry(conversation)), "--against", url, "--step"];
    const ignore = ["--ignore", '"answer":\\d+', "--ignore", "^welcome.*"];
    assert.equal((await runCommand([...args, ...ignore])).code, 0);
    assert.equal((await runCommand([...args, ...ignore.slice(0, 2)])).code, 1);
  });

  it("tells of messages that the recording hasn't, and of those that don't come", async (t) => {
    const talkative = await echoServer(t, (socket) => {
      socket.onmessage = ({ data }) => {
        socket.send(`${data}`);
        socket.send("and more");
      };
    });
    const lines: readonly Line[] = [
      ["send", "a"],
      ["receive", "a"],
    ];
    const more = await runCommand([
      "replay",
      harFile(chromeEntry(lines)),
      "--against",
      talkative.url,
      "--step",
    ]);
    assert.equal(more.code, 1);
    assert.match(more.stdout, /\nmessage 2 of the server is not in the recording\n {2}\+ and more\n$/);
    const silent = await echoServer(t, () => {});
    const none = await runCommand([
      "replay",
      harFile(chromeEntry(lines)),
      ...["--against", silent.url, "--step", "--wait", "0.2"],
    ]);
    assert.equal(none.code, 1);
    assert.match(none.stdout, /\nmessage 1 of the server has not come\n {2}- a\n$/);
  });

  it("asks for the recorded subprotocol, or another", async (t) => {
    const { url, sockets } = await recordedServer(t);
    const file = harFile(chromeEntry([["receive", "welcome"]], { subprotocol: "chat.v1" }));
    await runCommand(["replay", file, "--against", url]);
    await runCommand(["replay", file, "--against", url, "--subprotocol", "chat.v2"]);
    assert.deepEqual(
      sockets.map(({ protocol }) => protocol),
      ["chat.v1", "chat.v2"],
    );
  });

  it("ends the connection as recorded", async (t) => {
    const ends: unknown[] = [];
    const { url } = await echoServer(t, (socket) => {
      socket.onclose = ({ code, reason }) => ends.push([code, reason]);
    });
    await runCommand(["replay", harFile(chromeEntry([["send", 4321]])), "--against", url]);
    await runCommand(["replay", harFile(chromeEntry([["send", "x"]])), "--against", url]);
    assert.deepEqual(ends, [
      [4321, "recorded"],
      [1000, ""],
    ]);
  });

  it("expects the server to end it as recorded", async (t) => {
    const { url } = await echoServer(t, (socket) => {
      socket.onmessage = () => socket.close(4321, "recorded");
    });
    const lines: readonly Line[] = [
      ["send", "x"],
      ["receive", 4321],
    ];
    const same = await runCommand(["replay", harFile(chromeEntry(lines)), "--against", url]);
    assert.equal(same.code, 0, same.stdout);
    const other = harFile(
      chromeEntry([
        ["send", "x"],
        ["receive", 4322],
      ]),
    );
    const { code, stdout } = await runCommand(["replay", other, "--against", url]);
    assert.equal(code, 1);
    assert.match(stdout, /recorded\n {2}- closed with 4322 recorded\n {2}\+ closed with 4321 recorded\n$/);
  });

  it("a server that refuses", async (t) => {
    const file = harFile(chromeEntry(conversation));
    const refused = await runCommand(["replay", file, "--against", await refusingUrl()]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^openline: .*\(ECONNREFUSED\).*\n$/);
    const url = await httpServer(t, (_request, response) => response.writeHead(401).end());
    const { code, stdout, stderr } = await runCommand(["replay", file, "--against", url]);
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    assert.match(stderr, /^openline: .*401.*\n$/);
  });

  it("a server that dies, or speaks nonsense", async (t) => {
    const file = harFile(chromeEntry(conversation));
    const dying = await echoServer(t, (socket) => {
      socket.onmessage = () => terminate(socket);
    });
    const cut = await runCommand(["replay", file, "--against", dying.url, "--speed", "max"]);
    assert.equal(cut.code, 1);
    assert.match(cut.stdout, /\n {2}- open until the end\n {2}\+ cut\n$/);
    const url = await handshakingServer(t, (socket) => socket.write(Uint8Array.of(0x83, 0x00)));
    const broken = await runCommand(["replay", file, "--against", url, "--step"]);
    assert.equal(broken.code, 1);
    assert.match(broken.stdout, /\n {2}\+ cut: .*opcode.*\n$/);
    assert.match(broken.stderr, /^openline: the server does not do as recorded: \d+ differences\n$/);
  });

  it("SIGINT closes with 1000", async (t) => {
    const server = await echoServer(t, () => {});
    const file = harFile(chromeEntry([["receive", "never"]], { gap: 3600 }));
    const command = startCommand(["replay", file, "--against", server.url]);
    await command.waitFor("playing the client's side");
    const [socket] = server.sockets;
    assert.ok(socket !== undefined);
    const closed = once(socket, "close");
    const { code, stderr } = await command.kill("SIGINT");
    assert.equal(code, 1);
    assert.equal(stderr, "openline: interrupted after 0 of 1 message\n");
    const [{ code: closeCode }] = await closed;
    assert.equal(closeCode, 1000);
  });

  it("a closed stdout changes nothing about the exit code", async (t) => {
    const { url } = await recordedServer(t, { welcome: "else" });
    const command = startCommand(["replay", harFile(chromeEntry(conversation)), "--against", url, "--step"]);
    command.child.stdout.destroy();
    const { code, stderr } = await command.end();
    assert.equal(code, 1);
    assert.match(stderr, /1 difference\n$/);
  });
});

describe("openline replay into a full disk", () => {
  it("says so", async (t) => {
    if (!existsSync("/dev/full")) {
      t.skip("there is no /dev/full");
      return;
    }
    const { url } = await recordedServer(t);
    const args = ["replay", harFile(chromeEntry(conversation)), "--against", url, "--step"];
    const { code, stderr } = await runIntoFullDisk(args);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: stdout: .*ENOSPC.*\n/);
  });
});

describe("openline replay, as the server", () => {
  it("plays to a client, and finds it as recorded", async (t) => {
    const file = harFile(chromeEntry(conversation, { subprotocol: "chat.v1" }));
    const { command, url } = await startReplay(t, file, "--step");
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/chat$/);
    const client = await openClient(t, url, { protocols: ["chat.v2", "chat.v1"] });
    assert.equal(client.socket.protocol, "chat.v1");
    assert.equal(await client.next(), "welcome");
    client.socket.send("hello");
    assert.equal(await client.next(), '{"answer":1}');
    assert.deepEqual(await client.next(), Uint8Array.of(1, 2, 255).buffer);
    client.socket.send("again");
    assert.equal(await client.next(), '{"answer":2}');
    assert.equal((await client.end()).code, 1000);
    const { code, stdout } = await command.end();
    assert.equal(code, 0);
    assert.match(stdout, /\nthe same as recorded: 2 messages\n$/);
  });

  it("--step holds a message back until the client's has come", async (t) => {
    const { command, url } = await startReplay(t, harFile(chromeEntry(conversation)), "--step");
    const client = await openClient(t, url);
    assert.equal(await client.next(), "welcome");
    // Each ping is answered in order: by then, anything sent too early would be here.
    const early: unknown[] = [];
    client.socket.addEventListener("message", ({ data }) => early.push(data));
    const { ping } = await import("openline");
    await ping(client.socket);
    assert.deepEqual(early, []);
    client.socket.send("something else");
    assert.equal(await client.next(), '{"answer":1}');
    client.socket.close(1000);
    const { code, stdout } = await command.end();
    assert.equal(code, 1);
    assert.match(stdout, /message 1 of the client differs\n {2}- hello\n {2}\+ something else\n/);
    assert.match(stdout, /message 2 of the client has not come\n/);
    assert.match(
      stdout,
      /not ended the connection as recorded\n {2}- open until the end\n {2}\+ closed with 1000\n$/,
    );
  });

  it("without it, the clock alone counts", async (t) => {
    const { command, url } = await startReplay(
      t,
      harFile(chromeEntry(conversation)),
      "--speed",
      "max",
      "--wait",
      "0.1",
    );
    const client = await openClient(t, url);
    const all = [await client.next(), await client.next(), await client.next(), await client.next()];
    assert.deepEqual(all, ["welcome", '{"answer":1}', Uint8Array.of(1, 2, 255).buffer, '{"answer":2}']);
    assert.equal((await client.end()).code, 1000);
    assert.equal((await command.end()).code, 1);
  });

  it("keeps the recorded pauses, or shortens them", async (t) => {
    const lines: readonly Line[] = [
      ["receive", "one"],
      ["receive", "two"],
    ];
    const file = harFile(chromeEntry(lines, { gap: 0.2 }));
    for (const [speed, least] of [
      ["1", 390],
      ["4", 95],
    ] as const) {
      const { url, command } = await startReplay(t, file, "--speed", speed);
      const begin = performance.now();
      const client = await openClient(t, url);
      await client.next();
      await client.next();
      const elapsed = performance.now() - begin;
      assert.ok(elapsed >= least, `${elapsed} ms at speed ${speed}`);
      assert.equal((await command.end()).code, 0);
    }
    // An hour of pauses, and the test is over all the same.
    const { url, command } = await startReplay(
      t,
      harFile(chromeEntry(lines, { gap: 3600 })),
      "--speed",
      "1000000000",
    );
    const client = await openClient(t, url);
    assert.deepEqual([await client.next(), await client.next()], ["one", "two"]);
    assert.equal((await command.end()).code, 0);
  });

  it("ends the connection as recorded", async (t) => {
    const closing = harFile(
      chromeEntry([
        ["receive", "bye"],
        ["receive", 4321],
      ]),
    );
    const { url, command } = await startReplay(t, closing);
    const client = await openClient(t, url);
    assert.deepEqual(await client.end(), { code: 4321, reason: "recorded", wasClean: true });
    assert.equal((await command.end()).code, 0);
  });

  it("cuts a connection that was cut", async (t) => {
    const cut = {
      ...chromeEntry([["receive", "last words"]]),
      _end: { time: 1_700_000_000.1, code: 1006, reason: "", wasClean: false },
    };
    const { url, command } = await startReplay(t, harFile(cut));
    const client = await openClient(t, url);
    assert.equal(await client.next(), "last words");
    assert.equal((await client.end()).code, 1006);
    assert.equal((await command.end()).code, 0);
  });

  it("plays to one client at a time", async (t) => {
    const { url, command } = await startReplay(t, harFile(chromeEntry([["send", "done"]])));
    const first = await openClient(t, url);
    const second = await openClient(t, url);
    assert.equal((await second.end()).code, 4503);
    first.socket.send("done");
    assert.equal((await first.end()).code, 1000);
    assert.equal((await command.end()).code, 0);
  });

  it("SIGINT ends it before a client has come, and after", async (t) => {
    const file = harFile(chromeEntry([["send", "never"]], { gap: 3600 }));
    const waiting = await startReplay(t, file);
    const before = await waiting.command.kill("SIGINT");
    assert.deepEqual([before.code, before.stderr], [1, "openline: ended before a client came\n"]);
    const { url, command } = await startReplay(t, file);
    const client = await openClient(t, url);
    await command.waitFor("playing the server's side");
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual([code, stderr], [1, "openline: interrupted after 0 of 1 message\n"]);
    assert.equal((await client.end()).code, 1000);
  });

  it("is clear about a port in use", async (t) => {
    const { url } = await startReplay(t, harFile(chromeEntry([])));
    const { port } = new URL(url);
    const { code, stderr } = await runCommand(["replay", harFile(chromeEntry([])), "--port", port]);
    assert.deepEqual(
      { code, stderr },
      { code: 1, stderr: `openline: port ${port} of 127.0.0.1 is in use; --port 0 picks a free one\n` },
    );
  });

  it("plays what openline connect has recorded", async (t) => {
    const server = await recordedServer(t);
    const file = textFile("");
    const recorded = await runCommand(
      ["connect", server.url, "--count", "4", "--record", file, "--wait", "5"],
      {
        stdin: "hello\nagain\n",
      },
    );
    assert.equal(recorded.code, 0, recorded.stderr);
    const { url, command } = await startReplay(t, file, "--step");
    const again = await runCommand(["connect", url, "--count", "4"], { stdin: "hello\nagain\n" });
    assert.equal(again.stdout, recorded.stdout);
    const { code, stdout } = await command.end();
    assert.equal(code, 0, stdout);
  });
});

describe("openline replay and its file", () => {
  const one = chromeEntry([["receive", "1"]], { url: "wss://a.example/one?token=secret" });
  const two = chromeEntry(conversation, { url: "wss://a.example/two" });
  const refused = chromeEntry([], { url: "wss://a.example/three", status: 403 });
  const other = { request: {}, response: {}, startedDateTime: "" };

  it("--list shows what is in it", async () => {
    const { code, stdout } = await runCommand(["replay", harFile(one, other, two, refused), "--list"]);
    assert.equal(code, 0);
    assert.deepEqual(stdout.split("\n"), [
      "1: wss://a.example/one?token=%28hidden%29 (1 message)",
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
