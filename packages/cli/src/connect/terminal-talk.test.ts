import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import type { WebSocket } from "openline";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import {
  echoServer,
  handshakingServer,
  refusingUrl,
  tcpServer,
} from "../testing-support/peers.test.support.js";
import { keys, type TerminalCommand, terminal } from "../testing-support/terminal.test.support.js";

/** A terminal with an open connection to a server that echoes. */
async function connected(
  t: TestContext,
  args: readonly string[] = [],
  options: { columns?: number; env?: Record<string, string> } = {},
): Promise<{ screen: TerminalCommand; socket: WebSocket; url: string }> {
  const { url, sockets } = await echoServer(t);
  const screen = terminal(["connect", url, ...args], options);
  await screen.waitFor(/● \S+ open/);
  const [socket] = sockets;
  assert.ok(socket);
  return { screen, socket, url };
}

async function endOf(screen: TerminalCommand): Promise<number> {
  return (await screen.end()).code;
}

const time = String.raw`\d\d:\d\d:\d\d\.\d{3}`;

describe("openline connect on a terminal", () => {
  it("sends what is typed, shows what comes with time and size, and the end with all its fields", async (t) => {
    const { screen, url } = await connected(t, ["--subprotocol", "chat"]);
    screen.enter("hello");
    await screen.waitFor("5 B hello");
    screen.enter("/close 3001 bye");
    assert.equal(await endOf(screen), 0);
    const lines = screen.lines.filter((line) => line !== ">");
    const expected = [
      `● ${time} connect ${url}`,
      `● ${time} open    subprotocol chat, permessage-deflate`,
      "> hello",
      `← ${time} text         5 B hello`,
      "> /close 3001 bye",
      `● ${time} closing 3001 bye`,
      `○ ${time} close   code 3001, reason "bye", wasClean true`,
    ];
    assert.equal(lines.length, expected.length, lines.join("\n"));
    for (const [index, line] of lines.entries()) assert.match(line, new RegExp(`^${expected[index]}$`));
  });

  it("has colours, but not with NO_COLOR, and the same signs", async (t) => {
    const coloured = await connected(t);
    assert.ok(coloured.screen.raw.includes("\x1b[33m●"));
    coloured.screen.type(keys.endOfInput);
    assert.equal(await endOf(coloured.screen), 0);
    const plain = await connected(t, [], { env: { NO_COLOR: "1" } });
    assert.equal(plain.screen.raw.includes("\x1b[33m"), false);
    plain.screen.type(keys.endOfInput);
    assert.equal(await endOf(plain.screen), 0);
  });

  it("lays JSON out, shows binary as hex, and lines below each other", async (t) => {
    const { screen, socket } = await connected(t);
    socket.send(`{"id":12345678901234567890,"text":"${"x".repeat(60)}"}`);
    await screen.waitFor(/"id": 12345678901234567890,\r?\n +"text"/);
    socket.send(Uint8Array.from([0, 1, 0x41, 255]));
    await screen.waitFor(/binary +4 B\r?\n {4}00000000 {2}00 01 41 ff .* \.\.A\.\r?\n/);
    socket.send("one\ntwo");
    await screen.waitFor(/text +7 B\r?\n {4}one\r?\n {4}two\r?\n/);
    screen.enter("/json");
    await screen.waitFor("shown as it comes");
    socket.send("[1,\n2]");
    await screen.waitFor(/text +6 B\r?\n {4}\[1,\r?\n {4}2\]/);
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
  });

  it("lets nothing that the peer sends drive the terminal", async (t) => {
    const { screen, socket } = await connected(t, [], { env: { NO_COLOR: "1" } });
    socket.send("\x1b]0;title\x07\x1b[2J\u009b31m\u202eevil");
    await screen.waitFor(String.raw`\x1b]0;title\x07\x1b[2J\x9b31m\u202eevil`);
    socket.send('["\\u001b[2J", "\u001b"]\x1b');
    socket.send('{"a":"\u202e"}');
    await screen.waitFor(String.raw`{"a": "\u202e"}`);
    socket.close(3000, "\x1b[2Jreason");
    await screen.waitFor(String.raw`reason "\u001b[2Jreason"`);
    assert.equal(await endOf(screen), 0);
    for (const sequence of ["\x1b]", "\x1b[2J", "\x9b", "\u202e"]) {
      assert.equal(screen.raw.includes(sequence), false, JSON.stringify(sequence));
    }
  });

  it("leaves the line that is being typed alone", async (t) => {
    const { screen, socket } = await connected(t, [], { columns: 40 });
    screen.type("half a line");
    await screen.waitForScreen("the typed text", ({ currentLine }) => currentLine === "> half a line");
    socket.send("in between");
    await screen.waitFor("in between");
    await screen.waitForScreen("the typed text again", ({ currentLine }) => currentLine === "> half a line");
    screen.enter(", and its end");
    await screen.waitFor("24 B half a line, and its end");
    // In several rows, with the cursor in the first of them.
    const long = "0123456789".repeat(10);
    screen.type(long);
    await screen.waitForScreen("the long text", ({ lines }) => lines.at(-1) === `> ${long}`);
    screen.type(keys.left.repeat(90));
    await screen.waitForScreen(
      "the cursor in the first row",
      ({ currentLine }) => currentLine === `> ${long.slice(0, 38)}`,
    );
    socket.send("once more");
    await screen.waitFor("9 B once more");
    await screen.waitForScreen("the long text again", ({ lines }) => lines.at(-1) === `> ${long}`);
    screen.enter("!");
    await screen.waitFor(`101 B`);
    const shown = screen.lines.filter((line) => line.startsWith("> 0123456789"));
    assert.equal(shown.length, 1, screen.lines.join("\n"));
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
  });

  it("pings, shows pings, and tells the state", async (t) => {
    const { screen } = await connected(t, ["--no-deflate"]);
    screen.enter("/ping");
    await screen.waitFor(/◇ \S+ pong {4}after [\d.]+ ms/);
    screen.enter(`/ping ${"x".repeat(126)}`);
    await screen.waitFor(/✗ .*126 bytes/);
    screen.enter("/state");
    await screen.waitFor(/readyState +1 OPEN/);
    await screen.waitFor(/extensions +none/);
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
    const url = await handshakingServer(t, (socket) => socket.write("\x89\x03h\x1bi", "latin1"));
    const pinged = terminal(["connect", url]);
    await pinged.waitFor(/◇ \S+ ping {4}"h\\+x1bi"/);
    pinged.kill("SIGKILL");
  });

  it("sends bytes, JSON and text that begins with /", async (t) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "bytes"), Uint8Array.of(1, 2, 3));
    const { screen } = await connected(t);
    screen.enter("/binary 00 ff");
    await screen.waitFor(/→ \S+ binary +2 B/);
    await screen.waitFor(/← \S+ binary +2 B/);
    screen.enter(`/binary @${join(folder, "bytes")}`);
    await screen.waitFor(/← \S+ binary +3 B/);
    screen.enter("//etc");
    await screen.waitFor("4 B /etc");
    screen.enter('/json {"a": 1}');
    await screen.waitFor('8 B {"a": 1}');
    for (const [line, said] of [
      ["/json {a}", "✗ /json: not sent: "],
      ["/json", "as it comes"],
      ["/binary xyz", "✗ /binary xyz: expected pairs of hex digits, or @FILE"],
      ["/binary @/none", "✗ /binary @/none: can't be read (no such file or directory)"],
      ["/binary", "expected pairs of hex digits"],
      ["/close 12", "✗ The close code is 12, but must be 1000 or from 3000 to 4999"],
      ["/close bye", "✗ /close bye: expected a code"],
      ["/state now", "✗ /state takes no argument"],
      ["/constructor", "✗ /constructor: there is no such command; /help lists them"],
    ] as const) {
      screen.enter(line);
      await screen.waitFor(said);
    }
    screen.enter("/help");
    await screen.waitFor(/\/close \[CODE/);
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
  });

  it("completes commands and files, and leaves tabs in text", async (t) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "only-one"), "x");
    const { screen } = await connected(t);
    screen.type("/st\t");
    await screen.waitForScreen("the whole command", ({ currentLine }) => currentLine === "> /state");
    screen.type(keys.enter);
    await screen.waitFor("readyState");
    screen.type(`/binary @${folder}/on`);
    await screen.waitForScreen("the path", ({ lines }) => lines.at(-1)?.endsWith("/on") === true);
    screen.type("\t");
    await screen.waitForScreen("the whole path", ({ lines }) => lines.at(-1)?.endsWith("/only-one") === true);
    screen.type(keys.enter);
    await screen.waitFor(/← \S+ binary +1 B/);
    screen.type("a");
    await screen.waitForScreen("the text", ({ currentLine }) => currentLine === "> a");
    screen.type("\t");
    screen.enter("b");
    await screen.waitFor("3 B a\tb");
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
  });

  it("keeps a history for its owner only, without credentials", async (t) => {
    const state = temporaryFolder();
    const env = { XDG_STATE_HOME: state };
    const first = await connected(t, [], { env });
    first.screen.enter("remember me");
    await first.screen.waitFor("11 B remember me");
    first.screen.enter('{"token":"abc"}');
    await first.screen.waitFor("15 B");
    first.screen.type(keys.up);
    await first.screen.waitForScreen("the last line", ({ currentLine }) => currentLine.includes('"token"'));
    first.screen.type(keys.interrupt);
    assert.equal(await endOf(first.screen), 0);
    const file = join(state, "openline", "history");
    assert.equal(readFileSync(file, "utf8"), "remember me\n");
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const second = await connected(t, [], { env });
    second.screen.type(keys.up);
    await second.screen.waitForScreen("the kept line", ({ currentLine }) => currentLine === "> remember me");
    second.screen.type(keys.interrupt);
    assert.equal(await endOf(second.screen), 0);
  });

  for (const [name, end] of [
    ["Control and C", (screen: TerminalCommand) => screen.type(keys.interrupt)],
    ["Control and D", (screen: TerminalCommand) => screen.type(keys.endOfInput)],
    ["SIGINT", (screen: TerminalCommand) => screen.kill("SIGINT")],
    ["SIGTERM", (screen: TerminalCommand) => screen.kill("SIGTERM")],
  ] as const) {
    it(`closes with 1000 and ends on ${name}`, async (t) => {
      const { screen, socket } = await connected(t);
      const closed = new Promise((resolve) => {
        socket.addEventListener("close", ({ code }) => resolve(code));
      });
      end(screen);
      assert.equal(await endOf(screen), 0);
      assert.equal(await closed, 1000);
      assert.match(screen.lines.join("\n"), /code 1000, reason "", wasClean true/);
    });
  }

  it("ends at once on a second Control and C", async (t) => {
    const url = await handshakingServer(t, () => {});
    const screen = terminal(["connect", url]);
    await screen.waitFor("open");
    screen.type(keys.interrupt);
    await screen.waitFor("closing 1000");
    screen.type(keys.interrupt);
    assert.equal(await endOf(screen), 1);
    assert.match(screen.lines.join("\n"), /✗ \S+ close {3}code 1006, reason "", wasClean false/);
    assert.match(
      screen.lines.at(-1) ?? "",
      /^openline: the server did not answer the closing handshake \(1006\)$/,
    );
  });

  it("ends after --count, and gives up after --timeout", async (t) => {
    const { screen, socket } = await connected(t, ["--count", "2"]);
    for (const text of ["one", "two", "three"]) socket.send(text);
    assert.equal(await endOf(screen), 0);
    assert.match(screen.lines.join("\n"), /3 B one\n.*3 B two\n.*closing 1000\n.*close {3}code 1000/);
    const silent = terminal(["connect", await tcpServer(t, () => {}), "--timeout", "0.2"]);
    assert.equal(await endOf(silent), 1);
    assert.equal(silent.lines.at(-1), "openline: not done after 0.2 s");
  });

  it("says so when a text comes too early, or too late", async (t) => {
    const silent = terminal(["connect", await tcpServer(t, () => {})]);
    await silent.waitFor("connect ws:");
    silent.enter("early");
    await silent.waitFor("✗ not sent: the connection is not open yet");
    silent.enter("/ping");
    await silent.waitFor("✗ the connection is not open");
    silent.type(keys.interrupt);
    assert.equal(await endOf(silent), 1);
    assert.equal(silent.lines.at(-1), "openline: ended before the connection was open");
    const deaf = terminal(["connect", await handshakingServer(t, () => {})]);
    await deaf.waitFor("open");
    deaf.enter("/close");
    await deaf.waitFor("closing 1000");
    deaf.enter("late");
    await deaf.waitFor("✗ not sent: the connection is being closed");
    deaf.kill("SIGKILL");
  });

  it("works on a terminal that can't move its cursor", async (t) => {
    const { screen, socket } = await connected(t, [], { env: { TERM: "dumb" } });
    screen.enter("hello");
    await screen.waitFor("5 B hello");
    socket.send("more");
    await screen.waitFor("4 B more");
    screen.type(keys.endOfInput);
    assert.equal(await endOf(screen), 0);
    assert.equal(screen.raw.includes("\x1b"), false, JSON.stringify(screen.raw));
  });

  it("shows what was wrong, and ends with 1", async (t) => {
    const refused = terminal(["connect", await refusingUrl()]);
    assert.equal(await endOf(refused), 1);
    assert.match(refused.lines.at(-1) ?? "", /^openline: .*ECONNREFUSED.*is it running/);
    const cut = terminal(["connect", await handshakingServer(t, (socket) => socket.end())]);
    assert.equal(await endOf(cut), 1);
    assert.match(cut.lines.at(-1) ?? "", /^openline: the connection was cut without a closing handshake/);
    const nonsense = terminal(["connect", await handshakingServer(t, (socket) => socket.write("nonsense"))]);
    assert.equal(await endOf(nonsense), 1);
    assert.match(nonsense.lines.at(-1) ?? "", /^openline: .*\(ERR_WS_/);
  });

  it("gives the terminal back when the server closes, in the middle of a line", async (t) => {
    const { screen, socket } = await connected(t);
    screen.type("half");
    await screen.waitForScreen("the typed text", ({ currentLine }) => currentLine === "> half");
    socket.close(4000, "enough");
    assert.equal(await endOf(screen), 0);
    assert.match(screen.lines.at(-1) ?? "", /^○ .* close {3}code 4000, reason "enough", wasClean true$/);
  });

  it("connects again with --reconnect", async (t) => {
    let connections = 0;
    const url = await handshakingServer(t, (socket) => {
      connections += 1;
      if (connections === 1) socket.end(Buffer.from([0x88, 2, 0x0f, 0xa0]));
    });
    const screen = terminal(["connect", url, "--reconnect"]);
    await screen.waitFor(/○ \S+ down {4}4000; attempt 2 in /);
    await screen.waitFor(/● \S+ open/);
    screen.kill("SIGKILL");
    await screen.end();
    assert.equal(connections, 2);
  });
});
