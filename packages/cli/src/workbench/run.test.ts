import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { closed } from "openline";
import { runCommand, startCommand } from "../testing-support/command.test.support.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { echoServer } from "../testing-support/peers.test.support.js";
import { terminal } from "../testing-support/terminal.test.support.js";
import { fileScope, TestPage } from "./page.test.support.js";

const scope = fileScope();
const address = /^http:\/\/127\.0\.0\.1:(\d+)\/[\w-]{32}\/$/;

before(() => {
  const page = new URL("../page/index.html", import.meta.url);
  assert.ok(existsSync(page), "the page has to be built: npm run build");
});

describe("openline workbench", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`prints the page's address as its first line, and ends with 0 at ${signal}`, async () => {
      const command = startCommand(["workbench"]);
      const line = await command.waitForLine();
      assert.match(line, address);
      const response = await fetch(line);
      assert.equal(response.status, 200);
      assert.match(await response.text(), /<title>openline workbench<\/title>/);
      const { code, stdout, stderr } = await command.kill(signal);
      assert.deepEqual([code, stdout, stderr], [0, `${line}\n`, ""]);
      await assert.rejects(fetch(line), "nobody listens any more");
    });
  }

  it("closes its objects with 1000, its servers and its pages when it ends", async () => {
    const target = await echoServer(scope);
    const command = startCommand(["workbench", "--no-open"]);
    const page = new TestPage(await command.waitForLine());
    await page.until(() => page.messages.length > 0, "hello");
    const place = new URL(page.place("echo"));
    await page.dial("a", target.url);
    await page.dial("b", page.place("ticker"));
    const [socket] = target.sockets;
    assert.ok(socket !== undefined);
    const ends = Promise.all([closed(socket), closed(page.socket)]);
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual([code, stderr], [0, ""]);
    const [ofObject, ofPage] = await ends;
    assert.deepEqual([ofObject.code, ofPage.code], [1000, 1001]);
    assert.equal(await isRefused(Number(place.port)), true);
  });

  it("ends with 0 when a server that it talks to says nothing more", async () => {
    const target = await echoServer(scope);
    const command = startCommand(["workbench"]);
    const page = new TestPage(await command.waitForLine());
    await page.until(() => page.messages.length > 0, "hello");
    await page.dial("a", target.url);
    const fault = { kind: "hold", direction: "both" } as const;
    await page.ask({ type: "fault", target: { session: "a" }, fault });
    assert.equal((await command.kill("SIGINT")).code, 0);
  });

  it("takes the port that it is given", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const taken = await runCommand(["workbench", "--port", `${port}`]);
    assert.deepEqual(taken, {
      code: 1,
      signal: null,
      stdout: "",
      stderr: `openline: Can't listen on port ${port} of 127.0.0.1: EADDRINUSE\n`,
    });
    await new Promise((resolve) => server.close(resolve));
    const command = startCommand(["workbench", "--port", `${port}`]);
    const [, own] = address.exec(await command.waitForLine()) ?? [];
    assert.equal(own, `${port}`);
    await command.kill("SIGINT");
  });

  for (const { args, said } of [
    {
      args: ["--port", "http"],
      said: "option '-p, --port <n>' argument 'http' is invalid. Expected a whole number from 0 to 65535",
    },
    { args: ["--port", "65536"], said: /'65536' is invalid/ },
    { args: ["--port", "-1"], said: /--port/ },
    { args: ["--port", "1.5"], said: /'1.5' is invalid/ },
    { args: ["--port", ""], said: /'' is invalid/ },
    { args: ["--port"], said: /--port <n>' argument missing/ },
    { args: ["--host", "0.0.0.0"], said: /unknown option '--host'/ },
    { args: ["ws://127.0.0.1"], said: /too many arguments/ },
  ]) {
    it(`ends with 2 and one line: openline workbench ${args.join(" ")}`, async () => {
      const { code, stdout, stderr } = await runCommand(["workbench", ...args]);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.equal(stderr.split("\n").length, 2, stderr);
      if (typeof said === "string") assert.equal(stderr, `openline: ${said}\n`);
      else assert.match(stderr, said);
    });
  }

  it("has examples in its help", async () => {
    const { code, stdout } = await runCommand(["workbench", "--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /Examples:\n {2}\$ openline workbench\n/);
  });

  it("goes on when nobody reads what it prints", async () => {
    const command = startCommand(["workbench"]);
    const line = await command.waitForLine();
    command.child.stdout.destroy();
    assert.equal((await fetch(line)).status, 200);
    assert.equal((await command.kill("SIGINT")).code, 0);
  });
});

describe("on a terminal", () => {
  /** A browser that notes down what it is opened on. */
  function fakeBrowser(): { readonly path: string; readonly opened: () => string | undefined } {
    const folder = temporaryFolder();
    const path = join(folder, "browser");
    const note = join(folder, "opened");
    writeFileSync(path, `#!/bin/sh\nprintf '%s' "$1" > '${note}.new'\nmv '${note}.new' '${note}'\n`, {
      mode: 0o755,
    });
    return { path, opened: () => (existsSync(note) ? readFileSync(note, "utf8") : undefined) };
  }

  /** A desktop whose only browser is that one: whatever is installed, this machine's settings name it no more. */
  function environmentWith({ path }: { readonly path: string }): Record<string, string | undefined> {
    const folder = temporaryFolder();
    const none = {
      XDG_CONFIG_HOME: folder,
      XDG_CONFIG_DIRS: folder,
      XDG_DATA_HOME: folder,
      XDG_DATA_DIRS: folder,
    };
    return { ...none, XDG_CURRENT_DESKTOP: undefined, BROWSER: path, DISPLAY: ":99" };
  }

  it("opens the browser on an address that leads to the page once", async () => {
    const browser = fakeBrowser();
    const command = terminal(["workbench"], { env: environmentWith(browser), columns: 200 });
    const [url] = await command.waitFor(/http:\/\/\S+\//);
    const opened = await until(browser.opened);
    const { pathname } = new URL(url);
    assert.equal(new URL(opened).origin, new URL(url).origin);
    assert.ok(!opened.includes(pathname), "the command line of a browser is for every user to read");
    const first = await fetch(opened, { redirect: "manual" });
    assert.deepEqual([first.status, first.headers.get("location")], [303, pathname]);
    assert.equal((await fetch(opened, { redirect: "manual" })).status, 404);
    command.kill("SIGINT");
    assert.equal((await command.end()).code, 0);
  });

  it("opens none with --no-open, nor where its output goes elsewhere", async () => {
    const browser = fakeBrowser();
    const env = environmentWith(browser);
    const quiet = terminal(["workbench", "--no-open"], { env, columns: 200 });
    await quiet.waitFor(/http:\/\/\S+\//);
    quiet.kill("SIGINT");
    await quiet.end();
    const piped = startCommand(["workbench"], { env });
    await piped.waitForLine();
    await piped.kill("SIGINT");
    assert.equal(browser.opened(), undefined);
  });

  it("ends with 0 at Ctrl+C", async () => {
    const command = terminal(["workbench", "--no-open"], { columns: 200 });
    await command.waitFor(/http:\/\/\S+\//);
    command.type("\x03");
    assert.equal((await command.end()).code, 0);
  });

  it("goes on where there is no browser", async () => {
    const env = { BROWSER: "/nonexistent", DISPLAY: undefined, PATH: temporaryFolder() };
    const command = terminal(["workbench"], { env, columns: 200 });
    const [url] = await command.waitFor(/http:\/\/\S+\//);
    assert.equal((await fetch(url)).status, 200);
    command.kill("SIGINT");
    assert.equal((await command.end()).code, 0);
  });
});

function isRefused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("connect", () => socket.destroy(resolve(false) as undefined));
    socket.on("error", () => resolve(true));
  });
}

/** There is no event for a file that another process writes. */
async function until<T>(look: () => T | undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const found = new Promise<T>((resolve) => {
    timer = setInterval(() => {
      const value = look();
      if (value !== undefined) resolve(value);
    }, 20);
  });
  try {
    return await within(found, () => "the browser");
  } finally {
    clearInterval(timer);
  }
}
