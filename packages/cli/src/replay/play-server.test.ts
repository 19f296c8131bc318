import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { openClient } from "../serve/serve.test.support.js";
import { type RunningCommand, runCommand, startCommand } from "../testing-support/command.test.support.js";
import { conversation, recordedServer } from "./conversation.test.support.js";
import { chromeEntry, harFile, type Line, textFile } from "./har-file.test.support.js";

/** `openline replay` that waits for a client. */
async function startReplay(
  t: TestContext,
  ...args: readonly string[]
): Promise<{ command: RunningCommand; url: string }> {
  const command = startCommand(["replay", "--port", "0", ...args]);
  t.after(() => command.kill("SIGKILL"));
  return { command, url: await command.waitForLine() };
}

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
