import assert from "node:assert/strict";
import { once } from "node:events";
import { symlink } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { before, describe, it } from "node:test";
import { FailureError } from "../exit.js";
import { within } from "../testing-support/guard.test.support.js";
import { fileScope, pageFolder, TestPage, testWorkbench } from "./page.test.support.js";
import { maxControlMessage } from "./page-server.js";
import type { Workbench } from "./workbench.js";

const scope = fileScope();
let workbench: Workbench;
let folder: string;
let url: URL;

before(async () => {
  folder = await pageFolder();
  await symlink(join(dirname(folder), "secret.txt"), join(folder, "assets", "link.txt"));
  workbench = await testWorkbench(scope, { pageDirectory: folder });
  url = new URL(workbench.url);
});

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request as it is given: no client of Node's that tidies paths up. */
async function ask(
  path: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const sent = request({ host: "127.0.0.1", port: url.port, path, method, headers, agent: false });
  return within(
    new Promise((resolve, reject) => {
      sent.on("error", reject);
      sent.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: "" });
      });
      sent.on("response", (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      sent.end();
    }),
    () => `the answer to ${path}`,
  );
}

function upgrade(path: string, headers: Record<string, string> = {}): Promise<Reply> {
  return ask(path, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      Origin: url.origin,
      ...headers,
    },
  });
}

describe("the page's server", () => {
  it("gives the page to whoever has the token", async () => {
    const { status, headers, body } = await ask(url.pathname);
    assert.deepEqual([status, body], [200, "<!doctype html><title>page</title>"]);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
  });

  it("gives its files with their types", async () => {
    const script = await ask(`${url.pathname}assets/main.js`);
    assert.deepEqual([script.status, script.body], [200, "export {};"]);
    assert.equal(script.headers["content-type"], "text/javascript; charset=utf-8");
    const style = await ask(`${url.pathname}assets/main.css?v=1`);
    assert.deepEqual([style.status, style.headers["content-type"]], [200, "text/css; charset=utf-8"]);
  });

  it("tells browsers to let the page do nothing but its own", async () => {
    const { headers } = await ask(url.pathname);
    const policy = headers["content-security-policy"];
    assert.ok(typeof policy === "string");
    const directives = new Map(
      policy.split("; ").map((directive) => [directive.split(" ")[0], directive.split(" ").slice(1)]),
    );
    assert.deepEqual(Object.fromEntries(directives), {
      "default-src": ["'none'"],
      "script-src": ["'self'"],
      "style-src": ["'self'"],
      "img-src": ["'self'", "data:", "blob:"],
      "connect-src": ["'self'", `ws://${url.host}`, "ws://127.0.0.1:*"],
      "base-uri": ["'none'"],
      "form-action": ["'none'"],
      "frame-ancestors": ["'none'"],
    });
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cross-origin-opener-policy"], "same-origin");
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.equal(headers["cache-control"], "no-store");
    assert.equal(headers["access-control-allow-origin"], undefined);
  });

  it("leads to the page from the path without the last slash", async () => {
    const { status, headers } = await ask(url.pathname.slice(0, -1));
    assert.deepEqual([status, headers.location], [303, url.pathname]);
  });

  it("answers HEAD without a body, and no other method", async () => {
    const head = await ask(url.pathname, { method: "HEAD" });
    assert.deepEqual([head.status, head.body, head.headers["content-length"]], [200, "", "34"]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]) {
      const { status, body } = await ask(url.pathname, { method });
      assert.deepEqual([status, body], [405, ""], method);
      // Without the token not even that is said.
      assert.deepEqual((await ask("/", { method })).status, 404, method);
    }
  });

  for (const path of [
    "/",
    "/index.html",
    "/control",
    "/recording.har",
    "/favicon.ico",
    `/${"A".repeat(32)}/`,
  ]) {
    it(`gives nothing without the token: ${path}`, async () => {
      const { status, body } = await ask(path);
      assert.deepEqual([status, body], [404, ""]);
    });
  }

  for (const path of [
    "../secret.txt",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "..\\secret.txt",
    "assets/../../secret.txt",
    "assets/../index.html",
    "./index.html",
    "/etc/passwd",
    "assets",
    "assets/",
    "assets/main.js/",
    "assets/main.js%00.html",
    // A link in the folder leads out of it.
    "assets/link.txt",
    "payload/1/0",
    "payload/../secret.txt",
    "constructor",
  ]) {
    it(`gives nothing but its files: ${path}`, async () => {
      const { status, body } = await ask(url.pathname + path);
      assert.deepEqual([status, body], [404, ""]);
    });
  }

  it("gives nothing by another name, as after DNS rebinding", async () => {
    for (const Host of [
      "rebound.example",
      `rebound.example:${url.port}`,
      "127.0.0.1",
      `0.0.0.0:${url.port}`,
    ]) {
      const { status, body, headers } = await ask(url.pathname, { headers: { Host } });
      assert.deepEqual([status, body], [403, ""], Host);
      assert.equal(headers.location, undefined);
      const { status: upgradeStatus } = await upgrade(`${url.pathname}control`, {
        Host,
        Origin: `http://${Host}`,
      });
      assert.equal(upgradeStatus, 403, Host);
    }
  });

  it("is there as localhost, too", async () => {
    const { status } = await ask(url.pathname, { headers: { Host: `localhost:${url.port}` } });
    assert.equal(status, 200);
  });

  it("gives nothing to another site's page, even with the token", async () => {
    for (const headers of [
      { Origin: "https://foreign.example" },
      { Origin: "null" },
      { Origin: `http://localhost:${url.port}` },
      { "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe" },
      { "Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "script" },
    ] as Record<string, string>[]) {
      for (const path of ["", "assets/main.js", "recording.har"]) {
        const { status, body } = await ask(url.pathname + path, { headers });
        assert.deepEqual([status, body], [403, ""], JSON.stringify(headers));
      }
    }
  });

  it("listens on 127.0.0.1 alone", async () => {
    const socket = connect({ host: "127.0.0.2", port: Number(url.port), timeout: 2000 });
    const outcome = await within(
      Promise.race([
        once(socket, "connect").then(() => "connected"),
        once(socket, "timeout").then(() => "no answer"),
        new Promise((resolve) => socket.on("error", () => resolve("refused"))),
      ]),
      () => "the end of the attempt",
    );
    socket.destroy();
    assert.notEqual(outcome, "connected");
  });

  it("leads to the page by an invitation once", async () => {
    const invitation = new URL(workbench.invite());
    assert.ok(!invitation.href.includes(url.pathname.replaceAll("/", "")));
    const first = await ask(invitation.pathname);
    assert.deepEqual([first.status, first.headers.location], [303, url.pathname]);
    const second = await ask(invitation.pathname);
    assert.deepEqual([second.status, second.headers.location], [404, undefined]);
  });

  it("keeps an invitation from other sites and names", async () => {
    const { pathname } = new URL(workbench.invite());
    const foreign = [{ Host: "rebound.example" }, { Origin: "https://foreign.example" }];
    for (const headers of foreign as Record<string, string>[]) {
      const { status, headers: answer } = await ask(pathname, { headers });
      assert.deepEqual([status, answer.location], [403, undefined]);
    }
    assert.equal((await ask(pathname)).status, 303);
  });

  it("fails with a clear message where its port is taken", async () => {
    await assert.rejects(testWorkbench(scope, { port: Number(url.port) }), (error) => {
      assert.ok(error instanceof FailureError);
      assert.equal(error.message, `Can't listen on port ${url.port} of 127.0.0.1: EADDRINUSE`);
      return true;
    });
  });

  it("fails with a clear message where the page isn't built", async () => {
    const pageDirectory = join(folder, "nothing");
    await assert.rejects(testWorkbench(scope, { pageDirectory }), (error) => {
      assert.ok(error instanceof FailureError);
      assert.match(error.message, /^The page isn't built/);
      return true;
    });
  });
});

describe("the control connection", () => {
  it("is the page's", async () => {
    assert.equal((await upgrade(`${url.pathname}control`)).status, 101);
  });

  for (const { what, path, headers, status } of [
    { what: "without the token", path: "/control", headers: {}, status: 404 },
    { what: "with a wrong token", path: `/${"A".repeat(32)}/control`, headers: {}, status: 404 },
    { what: "at another path", path: "TOKENother", headers: {}, status: 404 },
    { what: "at a path below", path: "TOKENcontrol/", headers: {}, status: 404 },
    {
      what: "from another site",
      path: "TOKENcontrol",
      headers: { Origin: "https://foreign.example" },
      status: 403,
    },
    { what: "from a file", path: "TOKENcontrol", headers: { Origin: "null" }, status: 403 },
    {
      what: "from another server of this machine",
      path: "TOKENcontrol",
      headers: { Origin: "http://127.0.0.1:3000" },
      status: 403,
    },
    { what: "over another scheme", path: "TOKENcontrol", headers: { Origin: "https://HOST" }, status: 403 },
    { what: "by another name", path: "TOKENcontrol", headers: { Host: "rebound.example" }, status: 403 },
    {
      what: "from another site without the token",
      path: "/",
      headers: { Origin: "https://foreign.example" },
      status: 403,
    },
  ] as { what: string; path: string; headers: Record<string, string>; status: number }[]) {
    it(`is refused ${what}, with nothing in the answer`, async () => {
      const given = Object.entries(headers).map(([name, value]) => [name, value.replace("HOST", url.host)]);
      const reply = await upgrade(path.replace("TOKEN", url.pathname), Object.fromEntries(given));
      assert.deepEqual([reply.status, reply.body], [status, ""]);
    });
  }

  it("is refused without an Origin, which every browser sends", async () => {
    const bare = { Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" };
    const headers = { ...bare, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const { status } = await ask(`${url.pathname}control`, { headers });
    assert.equal(status, 403);
  });

  it("ends with 1009 when a message is too long, and the server goes on", async () => {
    const page = await TestPage.open(scope, workbench);
    page.socket.send("x".repeat(maxControlMessage + 1));
    const [{ code }] = (await within(once(page.socket, "close"), () => "the end")) as [{ code: number }];
    assert.equal(code, 1009);
    assert.equal((await TestPage.open(scope, workbench)).hello.version, "1.2.3");
  });
});
