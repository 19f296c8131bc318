import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { drained, type WebSocket } from "openline";
import { type RunningCommand, runCommand, startCommand } from "../testing-support/command.test.support.js";
import {
  commandEnvironment,
  commandFile,
  temporaryFolder,
} from "../testing-support/command-environment.test.support.js";
import {
  echoServer,
  handshakingServer,
  httpServer,
  refusingUrl,
  tcpServer,
} from "../testing-support/peers.test.support.js";

const done = (stdout: string): object => ({ code: 0, signal: null, stdout, stderr: "" });

/** A server's close frame. */
function closeFrame(code: number, reason = ""): Buffer {
  const text = Buffer.from(reason);
  return Buffer.concat([Buffer.from([0x88, 2 + text.length, code >> 8, code & 0xff]), text]);
}

/** Whether bytes stop going through long before so many have: more than all pipes, sockets and the command hold. */
async function comesToAStop(pass: () => Promise<number>): Promise<boolean> {
  const most = 64 * 1024 * 1024;
  let passed = 0;
  let before = 0;
  let guard: NodeJS.Timeout | undefined;
  const stuck = new Promise<boolean>((resolve) => {
    guard = setInterval(() => {
      // TCP lets a little through to a full receiver, again and again.
      if (passed - before < 1024 * 1024) resolve(true);
      before = passed;
    }, 1000);
  });
  const all = (async () => {
    while (passed < most) passed += await pass();
    return false;
  })();
  try {
    return await Promise.race([stuck, all]);
  } finally {
    clearInterval(guard);
  }
}

/** Resolves once the command's stdin has room for more. */
async function writeTo({ child }: RunningCommand, chunk: string): Promise<number> {
  if (!child.stdin.write(chunk)) await once(child.stdin, "drain");
  return chunk.length;
}

/** Runs the command as a shell does, with files in place of pipes. */
async function inShell(line: string): Promise<{ code: number; stderr: string }> {
  const shell = promisify(execFile)("sh", ["-c", `'${process.execPath}' '${commandFile}' ${line}`], {
    env: commandEnvironment(),
  });
  return shell.then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: { code: number; stderr: string }) => error,
  );
}

describe("openline connect in a pipe", { concurrency: 2 }, () => {
  it("sends lines, prints messages, and ends after --count", async (t) => {
    const { url, sockets } = await echoServer(t);
    assert.deepEqual(await runCommand(["connect", url, "--count", "2"], { stdin: "a\nb\n" }), done("a\nb\n"));
    assert.equal(sockets.length, 1);
  });

  it("closes with 1000", async (t) => {
    let closed: Promise<unknown> | undefined;
    const { url } = await echoServer(t, (socket) => {
      closed = new Promise((resolve) => {
        socket.onclose = ({ code, wasClean }) => resolve({ code, wasClean });
      });
      socket.send("hello");
    });
    assert.deepEqual(await runCommand(["connect", url, "--count", "1"]), done("hello\n"));
    assert.deepEqual(await closed, { code: 1000, wasClean: true });
  });

  it("waits for answers after the end of its input, and then ends", async (t) => {
    const { url } = await echoServer(t);
    assert.deepEqual(await runCommand(["connect", url], { stdin: "a\r\n\nlast" }), done("a\n\nlast\n"));
  });

  it("waits for nothing with --wait 0, and for ever with --wait forever", async (t) => {
    const received: unknown[] = [];
    const { url } = await echoServer(t, (socket) => {
      socket.onmessage = ({ data }) => {
        received.push(data);
        if (data === "end") socket.close(1000);
      };
    });
    assert.deepEqual(await runCommand(["connect", url, "--wait", "0"], { stdin: "a\nb\n" }), done(""));
    assert.deepEqual(await runCommand(["connect", url, "--wait", "forever"], { stdin: "end\n" }), done(""));
    assert.deepEqual(received, ["a", "b", "end"]);
  });

  it("writes a message on one line, whatever is in it", async (t) => {
    const { url } = await echoServer(t, (socket) => {
      socket.send("two\nlines\r\n");
      socket.send('{\n  "a": "b\\nc"\n}');
      socket.send(Uint8Array.of(0, 10, 255));
      socket.send("\x1b[31m");
      socket.close(1000);
    });
    assert.deepEqual(
      await runCommand(["connect", url]),
      done('two\\nlines\\r\\n\n{   "a": "b\\nc" }\n000aff\n\x1b[31m\n'),
    );
  });

  it("takes hex digits with --binary", async (t) => {
    const { url } = await echoServer(t);
    assert.deepEqual(
      await runCommand(["connect", url, "--binary", "--count", "2"], { stdin: "00 fF\n68:69\n" }),
      done("00ff\n6869\n"),
    );
    const wrong = await runCommand(["connect", url, "--binary"], { stdin: "00\nxyz\x1b\n" });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /^openline: stdin, line 2: expected pairs of hex digits .*not "xyz\\x1b"\n$/);
  });

  it("refuses input that is no text", async (t) => {
    const { url } = await echoServer(t);
    const command = startCommand(["connect", url]);
    command.child.stdin.end(Buffer.from([0x61, 0xff, 0x0a]));
    const { code, stderr } = await command.end();
    assert.deepEqual({ code, stderr }, { code: 2, stderr: "openline: stdin: expected text in UTF-8\n" });
  });

  it("writes each event as JSON with --json", async (t) => {
    const { url } = await echoServer(t, (socket) => {
      socket.send("é");
      socket.send(Uint8Array.of(1, 2));
      socket.onmessage = () => socket.close(4001, "enough");
    });
    const { code, stdout, stderr } = await runCommand(["connect", url, "--json"], { stdin: "x\n" });
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const { time } of events) assert.ok(typeof time === "number" && time > 1.6e12);
    const [open, ...rest] = events.map(({ time: _time, ...event }) => event);
    assert.deepEqual(open, {
      event: "open",
      protocol: "",
      extensions: "permessage-deflate",
      httpVersion: "1.1",
      remoteAddress: "127.0.0.1",
      remotePort: Number(new URL(url).port),
    });
    assert.deepEqual(rest, [
      { event: "message", type: "text", size: 2, data: "é" },
      { event: "message", type: "binary", size: 2, base64: "AQI=" },
      { event: "close", code: 4001, reason: "enough", wasClean: true },
    ]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("shows pings and errors with --json", async (t) => {
    const url = await handshakingServer(t, (socket) => {
      // Two messages with a ping between them, and an opcode that doesn't exist.
      socket.write("\x81\x01a\x89\x02hi\x81\x01b\x83\x00", "latin1");
    });
    const { code, stdout, stderr } = await runCommand(["connect", url, "--json"]);
    const events = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      events.map(({ event }) => event),
      ["open", "message", "ping", "message", "error", "close"],
    );
    assert.equal(events[2]?.["base64"], "aGk=");
    assert.equal(events[4]?.["code"], "ERR_WS_UNKNOWN_OPCODE");
    assert.equal(events[5]?.["wasClean"], false);
    assert.match(stderr, /^openline: .*\(ERR_WS_UNKNOWN_OPCODE\)\n$/);
    assert.equal(code, 1);
  });

  it("passes on a large input in order, with little in memory", async (t) => {
    const { url } = await echoServer(t);
    const lines = Array.from({ length: 200_000 }, (_, index) => `line ${index} ${"x".repeat(index % 90)}`);
    const text = `${lines.join("\n")}\n`;
    const { code, stdout } = await runCommand(["connect", url, "--count", String(lines.length)], {
      stdin: text,
    });
    assert.equal(code, 0);
    assert.ok(stdout === text);
  });

  it("stops reading its input while the server takes nothing", async (t) => {
    const url = await handshakingServer(t, (socket) => socket.pause());
    const command = startCommand(["connect", url]);
    const chunk = `${"x".repeat(65_535)}\n`;
    assert.ok(await comesToAStop(() => writeTo(command, chunk)));
    await command.kill("SIGKILL");
  });

  it("stops reading the connection while nobody reads its output", async (t) => {
    let opened: ((socket: WebSocket) => void) | undefined;
    const connection = new Promise<WebSocket>((resolve) => {
      opened = resolve;
    });
    const { url } = await echoServer(t, (socket) => opened?.(socket), { perMessageDeflate: false });
    const command = startCommand(["connect", url]);
    command.child.stdout.pause();
    const socket = await connection;
    const data = "x".repeat(64 * 1024);
    assert.ok(
      await comesToAStop(async () => {
        socket.send(data);
        await drained(socket).catch(() => {});
        return data.length;
      }),
    );
    command.child.stdout.resume();
    await command.kill("SIGKILL");
  });

  it("tells in one line why it can't connect", async (t) => {
    const cases: [url: string, said: RegExp][] = [
      [await refusingUrl(), /ECONNREFUSED.*is it running/],
      [
        await httpServer(t, (_request, response) => response.writeHead(401).end()),
        /status 401.*\(ERR_WS_HANDSHAKE_STATUS\): --auth/,
      ],
      [await httpServer(t, (_request, response) => response.writeHead(404).end()), /404.*is the path right/],
      [await tcpServer(t, (socket) => socket.end("SSH-2.0-nonsense\r\n")), /not HTTP.*ERR_WS_HANDSHAKE_HTTP/],
      [await tcpServer(t, (socket) => socket.destroy()), /ECONNRESET|ERR_WS_HANDSHAKE_CLOSED/],
      [
        (await tcpServer(t, (socket) => socket.end("HTTP/1.1 400 Bad\r\n\r\n"))).replace("ws:", "wss:"),
        /ws: and wss: may be mixed up/,
      ],
    ];
    for (const [url, said] of cases) {
      const { code, stdout, stderr } = await runCommand(["connect", url], { stdin: "a\n" });
      assert.match(stderr, /^openline: .*\n$/, "one line");
      assert.match(stderr, said);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
    }
  });

  it("tells of a connection that is cut, or speaks nonsense", async (t) => {
    const cut = await handshakingServer(t, (socket) => socket.end(Buffer.from([0x81, 1, 0x61])));
    assert.deepEqual(await runCommand(["connect", cut]), {
      code: 1,
      signal: null,
      stdout: "a\n",
      stderr: "openline: the connection was cut without a closing handshake (1006)\n",
    });
    const nonsense = await handshakingServer(t, (socket) => socket.write("\xff\xffnonsense", "latin1"));
    const { code, stderr } = await runCommand(["connect", nonsense]);
    assert.match(stderr, /^openline: .*ERR_WS_RESERVED_BITS\)\n$/);
    assert.equal(code, 1);
  });

  it("ends with 1 when the server closes before --count, or before all was sent", async (t) => {
    const url = await handshakingServer(t, (socket) => {
      socket.write(Buffer.concat([Buffer.from("\x81\x04only", "latin1"), closeFrame(1008, "no\x1bmore")]));
    });
    const short = await runCommand(["connect", url, "--count", "2"]);
    assert.deepEqual(
      [short.code, short.stdout, short.stderr],
      [1, "only\n", "openline: closed (1008 no\\x1bmore): received 1 of 2 messages\n"],
    );
  });

  it("is content with --count messages, though there is more input", async (t) => {
    const { url } = await echoServer(t);
    const stdin = "y\n".repeat(100_000);
    assert.deepEqual(await runCommand(["connect", url, "--count", "3"], { stdin }), done("y\ny\ny\n"));
  });

  it("ends with 1 when the server closes while there is input left", async (t) => {
    const { url } = await echoServer(t, (socket) => {
      socket.onmessage = () => socket.close(1000);
    });
    const file = join(temporaryFolder(), "input");
    writeFileSync(file, "x\n".repeat(8 * 1024 * 1024));
    const { code, stderr } = await inShell(`connect ${url} < ${file}`);
    assert.deepEqual([code, stderr], [1, "openline: closed (1000) before all input was sent\n"]);
  });

  it("gives up after --timeout", async (t) => {
    const silent = await tcpServer(t, () => {});
    const first = await runCommand(["connect", silent, "--timeout", "0.2"]);
    assert.deepEqual(
      [first.code, first.stderr],
      [1, "openline: not done after 0.2 s: the connection isn't open\n"],
    );
    const mute = await handshakingServer(t, () => {});
    const second = await runCommand(["connect", mute, "--timeout", "0.5", "--count", "3"]);
    assert.deepEqual(
      [second.code, second.stderr],
      [1, "openline: not done after 0.5 s: received 0 of 3 messages\n"],
    );
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`closes with 1000 and ends on ${signal}`, async (t) => {
      const closes: unknown[] = [];
      const { url } = await echoServer(t, (socket) => {
        socket.onclose = ({ code }) => closes.push(code);
        socket.send("hello");
      });
      const command = startCommand(["connect", url]);
      await command.waitFor("hello");
      assert.deepEqual(await command.kill(signal), done("hello\n"));
      assert.deepEqual(closes, [1000]);
    });
  }

  it("ends at once on a second SIGINT, though the server answers no close", async (t) => {
    let gotClose: (() => void) | undefined;
    const closeArrived = new Promise<void>((resolve) => {
      gotClose = resolve;
    });
    const url = await handshakingServer(t, (socket) => {
      socket.write(Buffer.from([0x81, 1, 0x61]));
      socket.on("data", () => gotClose?.());
    });
    const command = startCommand(["connect", url]);
    await command.waitFor("a");
    command.child.kill("SIGINT");
    await closeArrived;
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual(
      [code, stderr],
      [1, "openline: the server did not answer the closing handshake (1006)\n"],
    );
  });

  it("says that it was interrupted before the connection was open", async (t) => {
    let connected: (() => void) | undefined;
    const connection = new Promise<void>((resolve) => {
      connected = resolve;
    });
    const url = await tcpServer(t, () => connected?.());
    const command = startCommand(["connect", url]);
    await connection;
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual([code, stderr], [1, "openline: ended before the connection was open\n"]);
  });

  it("ends quietly and with a close of 1000 when nobody reads its output any more", async (t) => {
    const closed: Promise<unknown>[] = [];
    const { url } = await echoServer(t, (socket) => {
      const timer = setInterval(() => socket.send("again"), 5);
      closed.push(
        new Promise((resolve) => {
          socket.onclose = ({ code }) => {
            clearInterval(timer);
            resolve(code);
          };
        }),
      );
    });
    const command = startCommand(["connect", url]);
    await command.waitFor("again");
    command.child.stdout.destroy();
    const { code, stderr } = await command.end();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(await Promise.all(closed), [1000]);
  });

  it("says that its output can't be written", {
    skip: existsSync("/dev/full") ? false : "there is no /dev/full",
  }, async (t) => {
    const { url } = await echoServer(t);
    const { code, stderr } = await inShell(`connect ${url} < ${commandFile} > /dev/full`);
    assert.match(stderr, /^openline: stdout: .*ENOSPC.*\n$/);
    assert.equal(code, 1);
  });

  it("connects again with --reconnect, and says so on stderr", async (t) => {
    let connections = 0;
    const url = await handshakingServer(t, (socket) => {
      connections += 1;
      if (connections === 1) socket.end(closeFrame(4000, "restart"));
      else socket.write("\x81\x04back", "latin1");
      // The answer to the command's close.
      socket.once("data", () => socket.end(closeFrame(1000)));
    });
    const { code, stdout, stderr } = await runCommand(["connect", url, "--reconnect", "--count", "1"]);
    assert.deepEqual([code, stdout], [0, "back\n"]);
    assert.match(stderr, /^openline: 4000 restart; attempt 2 in .* m?s\n$/);
  });

  it("gives up with --reconnect where there is no point in another attempt", async (t) => {
    const url = await httpServer(t, (_request, response) => response.writeHead(403).end());
    const { code, stderr } = await runCommand(["connect", url, "--reconnect"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: .*status 403.*\n$/);
  });

  it("records into a HAR that only its owner reads, without credentials", async (t) => {
    const { url } = await echoServer(t);
    const path = join(temporaryFolder(), "session.har");
    const args = ["connect", `${url}?token=secret`, "--auth", "ann:secret", "--count", "1", "--record", path];
    assert.equal((await runCommand(args, { stdin: "hello\n" })).code, 0);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const text = readFileSync(path, "utf8");
    assert.equal(text.includes("secret") || text.includes("YW5uOnNlY3JldA"), false);
    const har = JSON.parse(text) as {
      log: { entries: { _webSocketMessages: { type: string; data: string }[] }[] };
    };
    assert.equal(har.log.entries.length, 1);
    assert.deepEqual(
      har.log.entries[0]?._webSocketMessages.slice(0, 2).map(({ type, data }) => [type, data]),
      [
        ["send", "hello"],
        ["receive", "hello"],
      ],
    );
  });

  it("records what failed, too", async (t) => {
    const url = await httpServer(t, (_request, response) => response.writeHead(503).end());
    const path = join(temporaryFolder(), "session.har");
    assert.equal((await runCommand(["connect", url, "--record", path])).code, 1);
    const har = JSON.parse(readFileSync(path, "utf8")) as {
      log: { entries: { response: { status: number } }[] };
    };
    assert.equal(har.log.entries[0]?.response.status, 503);
  });
});
