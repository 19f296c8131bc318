import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { describe, it } from "node:test";
import { terminate } from "openline";
import { runCommand, startCommand } from "../testing-support/command.test.support.js";
import { runIntoFullDisk } from "../testing-support/full-disk.test.support.js";
import {
  echoServer,
  handshakingServer,
  httpServer,
  refusingUrl,
} from "../testing-support/peers.test.support.js";
import { conversation, recordedServer } from "./conversation.test.support.js";
import { chromeEntry, harFile, type Line } from "./har-file.test.support.js";

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
    assert.equal(same.code, 0, `${same.stdout}${same.stderr}`);
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
