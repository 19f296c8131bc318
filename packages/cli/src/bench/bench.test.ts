import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { connect, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { terminate } from "openline";
import { runCommand, startCommand } from "../testing-support/command.test.support.js";
import { runIntoFullDisk } from "../testing-support/full-disk.test.support.js";
import {
  echoServer,
  handshakingServer,
  httpServer,
  refusingUrl,
  type Scope,
  secureEchoServer,
  tcpServer,
} from "../testing-support/peers.test.support.js";
import { keys, terminal } from "../testing-support/terminal.test.support.js";

/** What `--json` prints. */
interface Report {
  readonly url: string;
  readonly interrupted: boolean;
  readonly connections: {
    readonly wanted: number;
    readonly opened: number;
    readonly failed: number;
    readonly ended: number;
    readonly failures: readonly { readonly reason: string; readonly count: number }[];
    readonly endings: readonly { readonly reason: string; readonly count: number }[];
    readonly handshake: Times | null;
  };
  readonly messages: {
    readonly sent: number;
    readonly replies: number;
    readonly unanswered: number;
    readonly notSent: number;
    readonly others: number;
    readonly repliesPerSecond: number;
    readonly bytesSentPerSecond: number;
    readonly roundTrip: Times | null;
  };
}

interface Times {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly "p99.9": number;
  readonly max: number;
}

const echo = await echoServer({ after });

/** A short run with `--json`. */
async function measure(
  url: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stderr: string; report: Report }> {
  const { code, stdout, stderr } = await runCommand(["bench", url, "--json", "--duration", "0.3", ...args]);
  return { code, stderr, report: JSON.parse(stdout) as Report };
}

describe("openline bench", () => {
  it("prints tables of what it has measured", async () => {
    const { code, stdout, stderr } = await runCommand(["bench", echo.url, "-d", "0.3"]);
    assert.equal(stderr, "");
    assert.equal(code, 0);
    assert.match(stdout, /│ opened +│ +10 │ of 10 │/);
    assert.match(stdout, /│ sent +│ +[\d,]+ │ +[\d,]+ │ +[\d.]+ [kMG]?B │/);
    assert.match(stdout, /│ replies +│ +[\d,]+ │ +[\d,]+ │ +[\d.]+ [kMG]?B │/);
    assert.match(stdout, /│ time +│ p50 +│ p90 +│ p99 +│ p99\.9 +│ max +│/);
    assert.match(stdout, /│ round trip +│( +[\d.,]+ (µs|ms|s) │){5}/);
    assert.match(stdout, /│ handshake +│( +[\d.,]+ (µs|ms|s) │){5}/);
    assert.equal(stdout.includes("\x1b"), false);
  });

  it("counts each message and its reply", async () => {
    const seen = echo.sockets.length;
    const { code, report } = await measure(
      echo.url,
      "--connections",
      "7",
      "--workers",
      "3",
      "--in-flight",
      "4",
    );
    assert.equal(code, 0);
    assert.equal(echo.sockets.length - seen, 7);
    const { connections, messages } = report;
    assert.deepEqual(
      { ...connections, handshake: connections.handshake?.count },
      { wanted: 7, opened: 7, failed: 0, ended: 0, failures: [], endings: [], handshake: 7 },
    );
    assert.ok(messages.sent >= 7 * 4);
    assert.equal(messages.replies, messages.sent);
    const { unanswered, notSent, others, roundTrip } = messages;
    assert.deepEqual({ unanswered, notSent, others }, { unanswered: 0, notSent: 0, others: 0 });
    assert.ok(roundTrip !== null);
    assert.equal(roundTrip.count, messages.replies);
    const { min, p50, p90, p99, max } = roundTrip;
    assert.ok(0 < min && min <= p50 && p50 <= p90 && p90 <= p99 && p99 <= roundTrip["p99.9"]);
    assert.ok(roundTrip["p99.9"] <= max);
    assert.ok(messages.repliesPerSecond > 0);
  });

  it("closes its connections as it should", async (t) => {
    const codes: number[] = [];
    const server = await echoServer(t, (socket) => {
      socket.onclose = ({ code }) => codes.push(code);
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    await measure(server.url, "--connections", "3");
    assert.deepEqual(codes, [1000, 1000, 1000]);
  });

  it("sends what it is told to", async (t) => {
    const received = new Map<string, unknown>();
    const server = await echoServer(t, (socket, { url = "" }) => {
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => {
        received.set(url, data);
        socket.send(data as string);
      };
    });
    const cases = {
      text: { args: ["--message", "hello, 안녕"], isRight: (data: unknown) => data === "hello, 안녕" },
      default: { args: [], isRight: (data: unknown) => typeof data === "string" && data.length === 64 },
      size: { args: ["--size", "5000"], isRight: (data: unknown) => String(data).length === 5000 },
      empty: { args: ["--size", "0"], isRight: (data: unknown) => data === "" },
      binary: {
        args: ["--size", "70000", "--binary"],
        isRight: (data: unknown) => data instanceof ArrayBuffer && data.byteLength === 70_000,
      },
    };
    for (const [name, { args, isRight }] of Object.entries(cases)) {
      const { code, stderr, report } = await measure(`${server.url}${name}`, "-c", "1", ...args);
      assert.equal(code, 0, stderr);
      assert.ok(report.messages.replies > 0, name);
      assert.ok(isRight(received.get(`/${name}`)), name);
    }
  });

  it("sends on, however large the messages are", async (t) => {
    const enough = 12;
    const server = await echoServer(t, (socket) => {
      let messages = 0;
      socket.onmessage = ({ data }) => {
        messages += 1;
        if (messages === enough) socket.close(4000, "enough");
        else socket.send(data as string);
      };
    });
    const args = ["bench", server.url, "--json", "-c", "1", "-f", "4", "--size", "1500000", "-d", "3600"];
    const { stdout } = await runCommand(args);
    const { sent, notSent } = (JSON.parse(stdout) as Report).messages;
    assert.ok(sent >= enough);
    assert.equal(notSent, 0);
  });

  it("keeps to a rate", async () => {
    const { code, report } = await measure(echo.url, "--rate", "100", "--connections", "4", "--workers", "2");
    assert.equal(code, 0);
    const { sent, replies, notSent } = report.messages;
    // However slow this machine is: no more than was due, and what wasn't sent is told.
    assert.ok(sent > 0 && replies === sent);
    assert.ok(sent + notSent >= 26, `${sent} sent, ${notSent} not`);
  });

  it("--rate 0 opens connections and sends nothing", async () => {
    const { code, report } = await measure(echo.url, "--rate", "0", "--connections", "5");
    assert.equal(code, 0);
    assert.equal(report.connections.opened, 5);
    assert.equal(report.messages.sent, 0);
    assert.equal(report.messages.roundTrip, null);
  });

  it("times a message from when it was due, not from when there was room for it", async (t) => {
    const pauses = 200;
    // Answers nothing until the messages of 200 ms are due, then at once.
    const server = await echoServer(t, (socket) => {
      const waiting: string[] = [];
      let isSlow = true;
      socket.onmessage = ({ data }) => {
        if (!isSlow) socket.send(data as string);
        else if (waiting.push(data as string) === 1) {
          setTimeout(() => {
            isSlow = false;
            for (const message of waiting) socket.send(message);
          }, pauses);
        }
      };
    });
    // One message under way at most: all others of these 200 ms are held back, and waited all the same.
    const { code, stderr, report } = await measure(
      server.url,
      "-c",
      "1",
      "--rate",
      "1000",
      "--in-flight",
      "1",
    );
    assert.equal(code, 0, stderr);
    const { roundTrip } = report.messages;
    assert.ok(roundTrip !== null && roundTrip.count > 1);
    // Had the clock started at the sending, all but one would be short. The first third waited 100 ms or more.
    assert.ok(roundTrip.p90 > pauses / 4, `p90 is ${roundTrip.p90} ms`);
  });

  it("connects as its options say", async (t) => {
    const server = await secureEchoServer(t);
    const trusted = await measure(server.url, "--insecure", "-c", "2");
    assert.equal(trusted.code, 0, trusted.stderr);
    const { code, stderr, report } = await measure(server.url, "-c", "2");
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 2 of 2 connections could not be opened: .*DEPTH_ZERO_SELF_SIGNED_CERT/);
    assert.equal(report.connections.failures[0]?.count, 2);
  });

  it("keeps credentials out of its results", async () => {
    const { report } = await measure(echo.url.replace("://", "://me:secret@"), "-c", "1");
    assert.equal(report.url, echo.url);
  });
});

describe("openline bench, where something is wrong", () => {
  it("says how many connections could not be opened, and why", async () => {
    const url = await refusingUrl();
    const { code, stdout, stderr } = await runCommand(["bench", url, "-c", "3"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 3 of 3 connections could not be opened: .*ECONNREFUSED.*\n$/);
    assert.match(stdout, /│ failed +│ +3 │ 3 × .*ECONNREFUSED/);
  });

  for (const [what, start, said] of [
    ["refuses", (t: Scope) => httpServer(t, (_request, response) => response.writeHead(403).end()), /403/],
    ["speaks nonsense", (t: Scope) => tcpServer(t, (socket) => socket.end("nonsense\r\n\r\n")), /HTTP/],
    ["cuts", (t: Scope) => tcpServer(t, (socket) => socket.destroy()), /connect/],
  ] as const) {
    it(`a server that ${what}`, async (t) => {
      const { code, stderr, report } = await measure(await start(t), "-c", "2");
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.equal(report.connections.failed, 2);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    });
  }

  it("a server that dies ends the run early", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = ({ data }) => {
        count += 1;
        if (count === 20) terminate(socket);
        else socket.send(data as string);
      };
    });
    // Far longer than the guard of the test: it doesn't wait for its end.
    const { code, stdout, stderr } = await runCommand([
      "bench",
      server.url,
      "--json",
      "-c",
      "2",
      "-d",
      "3600",
    ]);
    assert.equal(code, 1);
    assert.equal(stderr, "openline: 2 of 2 connections ended early: the connection was cut\n");
    const { connections, messages } = JSON.parse(stdout) as Report;
    assert.deepEqual(connections.endings, [{ reason: "the connection was cut", count: 2 }]);
    assert.deepEqual({ sent: messages.sent, replies: messages.replies }, { sent: 40, replies: 38 });
    assert.equal(messages.unanswered, 2);
  });

  it("a server that breaks the protocol", async (t) => {
    const url = await handshakingServer(t, (socket) => socket.write(Uint8Array.of(0x83, 0x00)));
    const { code, stderr } = await runCommand(["bench", url, "-c", "1", "-d", "3600"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 1 of 1 connections ended early: .*\(ERR_WS_UNKNOWN_OPCODE\)\n$/);
  });

  it("a server that closes, with control characters in its reason", async (t) => {
    const server = await echoServer(t, (socket) => socket.close(4001, "\x1b[2Jfull"));
    const { code, stdout, stderr } = await runCommand(["bench", server.url, "-c", "1", "-d", "3600"]);
    assert.equal(code, 1);
    assert.equal(stderr.includes("\x1b") || stdout.includes("\x1b"), false);
    assert.match(stderr, /ended early: the server closed with 4001 \\x1b\[2Jfull\n$/);
  });

  it("a server that doesn't answer", async (t) => {
    const server = await echoServer(t, () => {});
    const { code, stderr, report } = await measure(server.url, "-c", "2", "-f", "3");
    assert.equal(code, 1);
    assert.equal(stderr, "openline: no message was answered: bench needs a server that echoes\n");
    assert.deepEqual([report.messages.sent, report.messages.unanswered], [6, 6]);
  });

  it("a server that answers something else, unless --any-reply takes it", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = () => {
        count += 1;
        socket.send(`answer ${count}`);
      };
    });
    const refused = await measure(server.url, "-c", "1");
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^openline: no message came back as it was sent, but 1 others? came; --any-reply takes any message for the reply\n$/,
    );
    const { code, report } = await measure(server.url, "-c", "1", "--any-reply");
    assert.equal(code, 0);
    assert.ok(report.messages.replies > 1);
  });

  it("a server that greets: the greeting is no reply", async (t) => {
    const server = await echoServer(t, (socket) => {
      socket.send("welcome");
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    const { code, report } = await measure(server.url, "-c", "3");
    assert.equal(code, 0);
    assert.equal(report.messages.others, 3);
    assert.equal(report.messages.replies, report.messages.sent);
  });

  it("some messages unanswered", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = ({ data }) => {
        count += 1;
        if (count <= 5) socket.send(data as string);
      };
    });
    const { code, stderr } = await measure(server.url, "-c", "1", "-f", "2");
    assert.equal(code, 1);
    assert.equal(stderr, "openline: 2 of 7 messages were not answered\n");
  });
});

describe("openline bench and its user", () => {
  it("SIGINT ends it early, with what was measured", async (t) => {
    let messages = 0;
    let enough = (): void => {};
    const many = new Promise<void>((resolve) => {
      enough = resolve;
    });
    const server = await echoServer(t, (socket) => {
      socket.onmessage = ({ data }) => {
        socket.send(data as string);
        messages += 1;
        if (messages === 100) enough();
      };
    });
    const command = startCommand(["bench", server.url, "--json", "-d", "3600", "-w", "2"]);
    await many;
    const { code, stdout, stderr } = await command.kill("SIGINT");
    assert.equal(stderr, "");
    assert.equal(code, 0);
    const report = JSON.parse(stdout) as Report;
    assert.equal(report.interrupted, true);
    assert.ok(report.messages.replies >= 100);
    assert.equal(report.messages.replies, report.messages.sent);
  });

  it("SIGINT while it connects", async (t) => {
    let arrived = (): void => {};
    const connected = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await tcpServer(t, () => arrived());
    const command = startCommand(["bench", url, "-c", "3"]);
    await connected;
    const { code, stdout } = await command.kill("SIGINT");
    assert.equal(code, 0);
    assert.match(stdout, /│ opened +│ +0 │ of 3 +│/);
    assert.match(stdout, /Interrupted/);
  });

  it("shows its progress and charts on a terminal", async () => {
    const screen = terminal(["bench", echo.url, "--duration", "1.5", "-c", "2"]);
    await screen.waitFor(/measuring .* replies/);
    await screen.waitFor("round trip");
    assert.equal((await screen.end()).code, 0);
    const text = screen.lines.join("\n");
    assert.match(text, /replies a second, over the seconds/);
    assert.match(text, /round trip in milliseconds/);
    // The bar is gone.
    assert.equal(/measuring/.test(text), false);
  });

  it("a closed stdout doesn't crash it", async () => {
    const command = startCommand(["bench", echo.url, "-d", "0.2"]);
    command.child.stdout.destroy();
    const { code, stderr } = await command.end();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  });

  it("says that its results could not be written", async (t) => {
    if (!existsSync("/dev/full")) {
      t.skip("there is no /dev/full");
      return;
    }
    const { code, stderr } = await runIntoFullDisk(["bench", echo.url, "-d", "0.1"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: stdout: .*ENOSPC.*\n$/);
  });
});

describe("openline bench --limit", () => {
  it("doesn't ask for loopback", async () => {
    const { code } = await measure(echo.url, "--limit", "1", "-c", "2");
    assert.equal(code, 0);
  });

  it("needs somebody to ask", async () => {
    const { code, stdout, stderr } = await runCommand([
      "bench",
      "ws://host.invalid",
      "-c",
      "11",
      "--limit",
      "10",
    ]);
    assert.deepEqual(
      { code, stdout, stderr },
      {
        code: 2,
        stdout: "",
        stderr:
          "openline: 11 connections to host.invalid are more than --limit 10: raise it if the host's owner agrees\n",
      },
    );
  });

  it("asks on a terminal, and takes no for an answer", async () => {
    for (const answer of [keys.enter, "n", keys.interrupt]) {
      const screen = terminal(["bench", "ws://host.invalid", "-c", "6000"]);
      await screen.waitFor("Open 6,000 connections to host.invalid?");
      screen.type(answer);
      await screen.waitFor("openline: nothing was sent");
      assert.equal((await screen.end()).code, 1);
    }
  });

  it("goes on after a yes", async (t) => {
    const proxy = createProxy();
    const sockets = new Set<Socket>();
    const targets: string[] = [];
    proxy.on("connect", ({ url = "" }, socket: Socket) => {
      targets.push(url);
      const server = connect(echo.port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
      for (const end of [socket, server]) {
        sockets.add(end);
        end.on("error", () => {});
      }
      socket.pipe(server).pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    t.after(() => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    });
    const address = proxy.address();
    assert.ok(address !== null && typeof address === "object");
    const through = `http://127.0.0.1:${address.port}`;
    const screen = terminal([
      "bench",
      "ws://host.invalid",
      ...["-c", "3", "--limit", "2", "-d", "0.2", "--proxy", through],
    ]);
    await screen.waitFor("Open 3 connections to host.invalid?");
    screen.type("y");
    await screen.waitFor(/│ opened +│ +3 │ of 3 │/);
    assert.equal((await screen.end()).code, 0);
    assert.deepEqual(
      targets,
      Array.from({ length: 3 }, () => "host.invalid:80"),
    );
  });
});

describe("openline bench, used wrongly", () => {
  for (const { args, said } of [
    { args: [], said: /missing required argument 'url'/ },
    { args: ["ftp://localhost"], said: /scheme is "ftp"/ },
    { args: ["localhost:1", "--connections", "0"], said: /'-c, --connections <n>' argument '0' is invalid/ },
    { args: ["localhost:1", "--rate", "-1"], said: /'-r, --rate <n>' argument '-1' is invalid/ },
    { args: ["localhost:1", "--in-flight", "0"], said: /'-f, --in-flight <n>' argument '0' is invalid/ },
    { args: ["localhost:1", "--size", "1.5"], said: /'--size <bytes>' argument '1\.5' is invalid/ },
    { args: ["localhost:1", "--message", "a", "--size", "1"], said: /cannot be used with option '--size/ },
    { args: ["localhost:1", "--message", "a", "--binary"], said: /cannot be used with option '--binary/ },
    { args: ["localhost:1", "--duration", "0"], said: /'-d, --duration <seconds>' argument '0' is invalid/ },
    { args: ["localhost:1", "--workers", "0"], said: /'-w, --workers <n>' argument '0' is invalid/ },
    { args: ["localhost:1", "--workers", "3", "-c", "2"], said: /--workers 3: expected no more than/ },
    { args: ["localhost:1", "--limit", "many"], said: /'--limit <n>' argument 'many' is invalid/ },
    { args: ["localhost:1", "--header", "x"], said: /--header "x…": expected/ },
  ]) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCommand(["bench", ...args]);
      assert.match(stderr, said);
      assert.deepEqual({ code, stdout, lines: stderr.split("\n").length }, { code: 2, stdout: "", lines: 2 });
    });
  }
});
