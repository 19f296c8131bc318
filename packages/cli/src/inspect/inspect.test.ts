import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { describe, it } from "node:test";
import { WebSocket } from "openline";
import { readHar } from "../recording/har-reader.js";
import { runCommand, startCommand } from "../testing-support/command.test.support.js";
import {
  commandEnvironment,
  commandFile,
  temporaryFolder,
} from "../testing-support/command-environment.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { echoServer, secureEchoServer, suiteScope } from "../testing-support/peers.test.support.js";
import { TestPage } from "../workbench/page.test.support.js";

const folder = temporaryFolder();

async function opened(
  url: string,
  options: ConstructorParameters<typeof WebSocket>[1] = {},
): Promise<WebSocket> {
  const socket = new WebSocket(url, options);
  await within(once(socket, "open"), () => "open");
  return socket;
}

async function echoed(socket: WebSocket, text: string): Promise<string> {
  const answer = once(socket, "message");
  socket.send(text);
  return (await within(answer, () => "the echo"))[0].data;
}

describe("openline inspect", { timeout: 60_000 }, () => {
  const scope = suiteScope();

  it("tells the application's address and the page's, passes what it does, and records it", async () => {
    const { url } = await echoServer(scope);
    const file = join(folder, "session.har");
    const command = startCommand([
      "inspect",
      `${url}chat?token=secret`,
      "--record",
      file,
      "--header",
      "X-Key: secret",
    ]);
    const proxyUrl = await command.waitForLine();
    const pageUrl = await command.waitForLine();
    assert.match(proxyUrl, /^ws:\/\/127\.0\.0\.1:\d+\/chat\?token=secret$/);
    assert.match(pageUrl, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{20,}\/$/);
    assert.equal((await fetch(pageUrl)).status, 200);
    assert.equal((await fetch(new URL("/", pageUrl))).status, 404);
    const page = new TestPage(pageUrl);
    await page.until(() => page.messages.length > 0, "hello");
    assert.doesNotMatch(JSON.stringify(page.hello), /secret/);
    page.socket.close();

    const socket = await opened(proxyUrl, { protocols: [] });
    assert.equal(await echoed(socket, "hello"), "hello");
    socket.close(1000, "bye");
    await within(once(socket, "close"), () => "close");
    // One that is still there at the end.
    const left = await opened(proxyUrl);
    const cut = once(left, "close");
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal((await within(cut, () => "the end"))[0].code, 1006);

    if (process.platform !== "win32") assert.equal(statSync(file).mode & 0o777, 0o600);
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /secret/);
    const { connections, creator } = readHar(text);
    assert.equal(creator, "openline");
    const [first, second] = connections;
    assert.deepEqual(
      first?.frames.map(({ direction, opcode, payload }) => [direction, opcode, opcode === 1 ? payload : ""]),
      [
        ["sent", 1, "hello"],
        ["received", 1, "hello"],
        ["sent", 8, ""],
        ["received", 8, ""],
      ],
    );
    assert.equal(first?.end?.code, 1000);
    assert.equal(second?.end?.code, 1006);
  });

  it("writes each event as a line of JSON, without a page if there is to be none", async () => {
    const { url } = await echoServer(scope);
    const command = startCommand(["inspect", url, "--json", "--no-page"]);
    const { kind, url: proxyUrl, ...others } = JSON.parse(await command.waitForLine());
    assert.equal(kind, "inspect");
    assert.deepEqual(others, {});
    const socket = await opened(proxyUrl);
    await echoed(socket, "hé");
    socket.send(new Uint8Array([1, 2]));
    await within(once(socket, "message"), () => "the echo");
    socket.close();
    await command.waitFor(/"kind":"end".*\n/);
    const { stdout, code } = await command.kill("SIGTERM");
    assert.equal(code, 0);
    const events = stdout
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      events.map((event) => event.data ?? event.base64 ?? event.status ?? event.code ?? event.method),
      ["GET", 101, "hé", "hé", "AQI=", "AQI=", "", "", 1005],
    );
    for (const { connection, time } of events) {
      assert.equal(connection, 1);
      assert.equal(typeof time, "number");
    }
  });

  it("shows what passes in lines where there is no page", async () => {
    const { url } = await echoServer(scope);
    const command = startCommand(["inspect", `${url}?token=secret`, "--no-page"]);
    const socket = await opened(await command.waitForLine(), { perMessageDeflate: false });
    await echoed(socket, "one\ttwo \x1b[31m");
    socket.send(new Uint8Array([1, 2, 255]));
    await within(once(socket, "message"), () => "the echo");
    socket.close(4000, "bye");
    await command.waitFor("closed");
    const failed = new WebSocket((await command.kill("SIGINT")).stdout.split("\n")[0] ?? "");
    await within(once(failed, "close"), () => "nobody there");
    const lines = command.stdout.trimEnd().split("\n").slice(1);
    const shown = lines.map((line) => line.replace(/^\d\d:\d\d:\d\d\.\d{3} #1 /, ""));
    assert.deepEqual(shown, [
      `request GET ${url}?token=(hidden)`,
      "response 101 Switching Protocols",
      "→ text 13 B one\\ttwo \\x1b[31m",
      "← text 13 B one\\ttwo \\x1b[31m",
      "→ binary 3 B 01 02 ff",
      "← binary 3 B 01 02 ff",
      "closed 4000 bye",
    ]);
  });

  it("tells the page's address in JSON, too", async () => {
    const command = startCommand(["inspect", ":1", "--json", "--no-open"]);
    const { page } = JSON.parse(await command.waitForLine());
    assert.equal((await fetch(page)).status, 200);
    assert.equal((await command.kill("SIGINT")).code, 0);
  });

  it("speaks TLS with the server as it is told, and logs in", async () => {
    const asked: (string | undefined)[] = [];
    const { url, cert } = await secureEchoServer(scope, (socket, request) => {
      asked.push(request.headers.authorization, request.headers.origin);
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    const ca = join(folder, "ca.pem");
    writeFileSync(ca, cert);
    const address = new URL(url);
    address.username = "me";
    address.password = "p%40ss";
    const args = ["inspect", address.href, "--ca", ca, "--origin", "https://app.example", "--no-page"];
    const command = startCommand(args);
    const proxyUrl = await command.waitForLine();
    assert.doesNotMatch(proxyUrl, /me|p%40ss/);
    const socket = await opened(proxyUrl, { origin: "http://localhost:5173" });
    assert.equal(await echoed(socket, "over TLS"), "over TLS");
    assert.deepEqual(asked, [`Basic ${Buffer.from("me:p@ss").toString("base64")}`, "https://app.example"]);
    socket.close();
    await within(once(socket, "close"), () => "close");
    assert.equal((await command.kill("SIGINT")).code, 0);

    const strict = startCommand(["inspect", url, "--no-page", "--json"]);
    const refused = new WebSocket(JSON.parse(await strict.waitForLine()).url);
    await within(once(refused, "close"), () => "close");
    const [line] = await strict.waitFor(/.*"kind":"end".*\n/);
    assert.match(JSON.parse(line).error, /self-signed|certificate/);
    await strict.kill("SIGINT");
  });

  it("says what a server does that isn't there, refuses, speaks nonsense, or dies", async () => {
    const answers: readonly [answer: string | undefined, said: RegExp][] = [
      [undefined, /without a closing handshake|before the server had answered|ECONNRESET/],
      ["SSH-2.0-OpenSSH\r\n", /no HTTP\/1\.1 answer/],
      ["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", /status 404/],
      ["HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", /Connection header/],
    ];
    for (const [answer, said] of answers) {
      const server = createServer((socket) => {
        socket
          .on("error", () => {})
          .once("data", () => {
            if (answer === undefined) socket.resetAndDestroy();
            else socket.end(answer);
          });
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      const { port } = server.address() as { port: number };
      const command = startCommand(["inspect", `:${port}`, "--no-page", "--json"]);
      const socket = new WebSocket(JSON.parse(await command.waitForLine()).url);
      await within(once(socket, "close"), () => "close");
      const [line] = await command.waitFor(/.*"kind":"end".*\n/);
      assert.match(JSON.parse(line).error, said);
      assert.equal((await command.kill("SIGINT")).code, 0);
      server.close();
    }
    const command = startCommand(["inspect", ":9", "--no-page", "--json"]);
    const socket = new WebSocket(JSON.parse(await command.waitForLine()).url);
    await within(once(socket, "close"), () => "close");
    assert.match(JSON.parse((await command.waitFor(/.*"kind":"end".*\n/))[0]).error, /ECONNREFUSED/);
    await command.kill("SIGINT");
  });

  it("ends, and writes the recording, when nobody reads its output any more", async () => {
    const { url } = await echoServer(scope);
    const file = join(folder, "unread.har");
    const command = startCommand(["inspect", url, "--json", "--no-page", "--record", file]);
    const { url: proxyUrl } = JSON.parse(await command.waitForLine());
    command.child.stdout.destroy();
    // Its first event is one too many.
    const socket = new WebSocket(proxyUrl);
    await within(once(socket, "close"), () => "the end");
    const { code, stderr } = await within(command.ended, () => "the command's end");
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(readHar(readFileSync(file, "utf8")).connections.length, 1);
  });

  it("ends with 1, the recording written, when its output can't be written", async (t) => {
    if (process.platform !== "linux") {
      t.skip("only Linux has /dev/full");
      return;
    }
    const file = join(folder, "full.har");
    const shell = spawn(
      "sh",
      [
        "-c",
        '"$0" "$@" > /dev/full',
        process.execPath,
        commandFile,
        "inspect",
        ":1",
        "--no-page",
        "--record",
        file,
      ],
      { env: commandEnvironment() },
    );
    let stderr = "";
    shell.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const [code] = await within(once(shell, "close"), () => "the command's end");
    assert.equal(code, 1);
    assert.match(stderr, /^openline: stdout: .*ENOSPC.*\n$/);
    assert.deepEqual(readHar(readFileSync(file, "utf8")).connections, []);
  });

  it("listens on the port that it is told", async () => {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as { port: number };
    for (const args of [
      ["--port", `${port}`, "--no-page"],
      ["--page-port", `${port}`],
    ]) {
      const { code, stdout, stderr } = await runCommand(["inspect", ":1", ...args]);
      assert.deepEqual([code, stdout], [1, ""]);
      assert.match(stderr, new RegExp(`^openline: .*\\b${port}\\b.*\\n$`));
    }
    await new Promise((resolve) => server.close(resolve));
    const command = startCommand(["inspect", ":1/x", "--port", `${port}`, "--no-page"]);
    assert.equal(await command.waitForLine(), `ws://127.0.0.1:${port}/x`);
    await command.kill("SIGINT");
  });

  for (const { args, said } of [
    { args: [], said: /^openline: missing required argument 'url'\n$/ },
    { args: ["ftp://localhost/"], said: /scheme is "ftp"/ },
    { args: ["ws://localhost/#x"], said: /fragment/ },
    { args: ["ws+unix:/tmp/x.sock"], said: /expected a ws: or wss: URL/ },
    { args: [":1", "--port", "x"], said: /--port.*Expected a whole number from 0 to 65535/ },
    { args: [":1", "--page-port", "65536"], said: /--page-port.*Expected a whole number from 0 to 65535/ },
    {
      args: [":1", "--record", join(folder, "none", "x.har")],
      said: /--record .*: can't be written \(there is no folder/,
    },
    { args: [":1", "--record", folder], said: /--record .*is a folder/ },
    { args: [":1", "--header", "nothing"], said: /--header "nothing/ },
    { args: [":1", "--auth", "nobody"], said: /--auth: expected user:password/ },
    { args: [":1", "--origin", "nowhere"], said: /--origin/ },
    { args: [":1", "--ca", join(folder, "none.pem")], said: /--ca .*can't be read/ },
    { args: [":1", "--key", "x"], said: /--key .*--cert/ },
    { args: [":1", "--http2"], said: /unknown option '--http2'/ },
  ]) {
    it(`ends with 2 and one line: openline inspect ${args.join(" ").replaceAll(folder, "…")}`, async () => {
      const { code, stdout, stderr } = await runCommand(["inspect", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, said);
      assert.equal(stderr.split("\n").length, 2, stderr);
    });
  }

  it("leaves no file where nothing could be recorded", () => {
    assert.equal(existsSync(join(folder, "none", "x.har")), false);
  });
});
