import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { connect, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { runCommand, startCommand } from "../testing-support/command.test.support.js";
import { runIntoFullDisk } from "../testing-support/full-disk.test.support.js";
import { echoServer, tcpServer } from "../testing-support/peers.test.support.js";
import { keys, terminal } from "../testing-support/terminal.test.support.js";
import { measure, type Report } from "./measure.test.support.js";

const echo = await echoServer({ after });

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
