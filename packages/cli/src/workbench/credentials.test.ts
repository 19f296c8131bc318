import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { WebSocket } from "openline";
import { echoServer, type ServerPeer } from "../testing-support/peers.test.support.js";
import { fileScope, TestPage, testWorkbench } from "./page.test.support.js";
import type { Workbench } from "./workbench.js";

const scope = fileScope();
const secrets = {
  user: "aladdin-1b7e",
  password: "open-sesame-93ad",
  token: "query-token-5f0c",
  bearer: "bearer-token-77d1",
  key: "api-key-c2e8",
  cookie: "cookie-value-4a90",
  setCookie: "set-cookie-value-08bb",
};

let workbench: Workbench;
let target: ServerPeer;
/** What the server has read. */
const requests: { url: string | undefined; headers: NodeJS.Dict<string | string[]> }[] = [];

before(async () => {
  workbench = await testWorkbench(scope);
  target = await echoServer(scope, (socket, { url, headers }) => {
    requests.push({ url, headers });
    socket.onmessage = ({ data }) => socket.send(data as string);
  });
});

/** Base64 hides nothing. */
const basic = Buffer.from(`${secrets.user}:${secrets.password}`).toString("base64");

function assertClean(text: string, what: string): void {
  for (const [name, secret] of [...Object.entries(secrets), ["basic", basic]] as const) {
    assert.equal(text.includes(secret), false, `${what} shows the ${name}`);
  }
}

function urlWithSecrets(): string {
  const url = new URL(target.url);
  url.username = secrets.user;
  url.password = secrets.password;
  url.pathname = "/room";
  url.searchParams.set("room", "1");
  url.searchParams.set("access_token", secrets.token);
  return url.href;
}

const headers = [
  ["X-Api-Key", secrets.key],
  ["Cookie", `session=${secrets.cookie}`],
] as const;

describe("credentials", () => {
  it("reach the server, and are hidden from page and recording", async () => {
    const page = await TestPage.open(scope, workbench);
    await page.dial("node", urlWithSecrets(), { headers });
    await page.dial("again", urlWithSecrets(), {
      headers: [...headers, ["Authorization", `Bearer ${secrets.bearer}`]],
      reconnecting: true,
    });
    for (const session of ["node", "again"]) {
      await page.ask({ type: "send", session, data: { text: "hi" }, count: 1 });
      await page.reported(session, "message");
      await page.ask({ type: "close", session });
      await page.reported(session, "close");
    }
    const [first, second] = requests;
    assert.deepEqual(
      [first?.url, first?.headers["authorization"], first?.headers["x-api-key"], first?.headers["cookie"]],
      [
        `/room?room=1&access_token=${secrets.token}`,
        `Basic ${basic}`,
        secrets.key,
        `session=${secrets.cookie}`,
      ],
    );
    assert.equal(second?.headers["authorization"], `Bearer ${secrets.bearer}`);
    const har = await (await fetch(`${workbench.url}recording.har`)).text();
    // Not because there is nothing in it.
    for (const text of [page.text, har]) assert.match(text, /room=1.*\(hidden\)|room=1.*%28hidden%29/s);
    assert.match(har, /X-Api-Key/i);
    assertClean(page.text, "the page");
    assertClean(har, "the recording");
  });

  it("are hidden where a page's own object has them, but for the URL that the page has to know", async () => {
    const page = await TestPage.open(scope, workbench);
    const answer = await page.dial("browser", urlWithSecrets(), { headers, through: "browser" });
    assert.ok(answer.type === "line");
    assert.equal(new URL(answer.url).searchParams.get("access_token"), secrets.token);
    const own = new WebSocket(answer.url, { origin: new URL(workbench.url).origin });
    await new Promise((resolve) => own.addEventListener("open", resolve));
    own.close();
    await page.until(() => page.wire.some(({ kind }) => kind === "end"), "the connection's end");
    assertClean(page.text.replace(JSON.stringify(answer), ""), "the page");
  });

  it("are hidden in refusals", async () => {
    const page = await TestPage.open(scope, workbench);
    const url = urlWithSecrets();
    for (const more of [
      { url: `${url}#x` },
      { url: url.replace("ws:", "ftp:") },
      { protocols: ["a", "a"] },
    ]) {
      assert.equal((await page.dial("a", url, { headers, ...more })).type, "refused");
    }
    assertClean(page.text, "the page");
  });

  it("are hidden in a failure to connect", async () => {
    const page = await TestPage.open(scope, workbench);
    const refusing = await echoServer(scope);
    await refusing.server.close();
    const url = urlWithSecrets().replace(`:${target.port}`, `:${refusing.port}`);
    const answer = await page.ask({
      type: "dial",
      session: "a",
      through: "node",
      url,
      protocols: [],
      headers,
      reconnecting: false,
    });
    assert.equal(answer.type, "line");
    await page.reported("a", "error");
    await page.reported("a", "close");
    assertClean(page.text, "the page");
  });
});
