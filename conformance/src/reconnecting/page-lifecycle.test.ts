import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { FaultyProxy, RestartingServer } from "openline/testing";
import { cannotRun, fullChromium } from "../browser-parity/chromium.js";
import { ChromiumWindow } from "./chromium-window.js";
import { serveModules } from "./module-server.js";

// What is left to headless Chromium: it is built without a back-forward cache for its pages, whatever they hold and
// whatever its flags say.
const ownReasons = ["BackForwardCacheDisabledForDelegate", "BrowsingInstanceNotSwapped"];

describe("ReconnectingWebSocket in a window of Chromium", {
  timeout: 120_000,
  skip: cannotRun ?? false,
}, () => {
  let server: RestartingServer;
  let proxy: FaultyProxy;
  let files: Awaited<ReturnType<typeof serveModules>>;
  let window: ChromiumWindow;
  const closeCodes: number[] = [];

  before(async () => {
    files = await serveModules();
    server = await RestartingServer.start({
      onConnection: (socket) => {
        socket.onmessage = ({ data }) => socket.send(data as string);
        socket.onclose = ({ code }) => closeCodes.push(code);
      },
    });
  });

  after(async () => {
    files.stop();
    await server.crash();
  });

  beforeEach(async () => {
    proxy = await FaultyProxy.start({ port: server.port });
    window = await ChromiumWindow.open();
    await window.goTo(files.url);
    closeCodes.length = 0;
  });

  afterEach(async () => {
    await window.close();
    await proxy.close();
  });

  /** Opens an object in the page, as `socket`; its events are `log`, and what it sends is `sent`. */
  async function openSocket(minDelay = 5): Promise<void> {
    // Nothing but what happens to the page makes it ask: it would wait for half an hour of silence.
    await window.evaluate(`(async () => {
        const { ReconnectingWebSocket } = await import("/openline/index.browser.js");
        globalThis.sent = [];
        const { send } = WebSocket.prototype;
        WebSocket.prototype.send = function (data) { sent.push(data); send.call(this, data); };
        globalThis.log = [];
        globalThis.socket = new ReconnectingWebSocket(${JSON.stringify(proxy.url)}, undefined, {
          minDelay: ${minDelay}, maxDelay: ${minDelay * 10}, idle: 1_800_000, timeout: 300,
          heartbeat: { message: "ping?", isReply: (data) => data === "ping?" && log.push("pong") > 0 },
        });
        for (const type of ["up", "down", "reconnecting", "close", "lost"]) {
          socket.addEventListener(type, () => log.push(type));
        }
        for (const type of ["visibilitychange", "freeze", "resume"]) {
          document.addEventListener(type, () => log.push(type + " " + document.visibilityState), true);
        }
      })()`);
    await window.until(`log.at(-1) === "up"`);
  }

  it("asks at once when its hidden tab is seen again, and stays up where the line has lived on", async () => {
    await openSocket();
    await window.minimize(true);
    assert.equal(await window.evaluate(`document.visibilityState`), "hidden");
    assert.deepEqual(await window.evaluate(`sent`), [], "nobody looks, nothing is asked");
    await window.minimize(false);
    await window.until(`log.at(-1) === "pong"`);
    assert.deepEqual(await window.evaluate(`log`), [
      "up",
      "visibilitychange hidden",
      "visibilitychange visible",
      "pong",
    ]);
    assert.deepEqual(await window.evaluate(`sent`), ["ping?"]);
  });

  it("finds out at once about a line that died while its tab was hidden", async () => {
    await openSocket();
    await window.minimize(true);
    proxy.hold();
    await window.minimize(false);
    await window.until(`log.includes("reconnecting")`);
    proxy.heal();
    await window.until(`log.at(-1) === "up"`);
    const log = (await window.evaluate(`log`)) as string[];
    assert.deepEqual(log.slice(0, 4), ["up", "visibilitychange hidden", "visibilitychange visible", "down"]);
  });

  it("comes back also while its tab is hidden", async () => {
    await openSocket();
    await window.minimize(true);
    proxy.reset();
    await window.until(`log.at(-1) === "up" && log.includes("down")`);
    await window.evaluate(
      `socket.send("from a hidden tab"); socket.onmessage = ({ data }) => log.push(data)`,
    );
    await window.until(`log.at(-1) === "from a hidden tab"`);
    assert.equal(await window.evaluate(`document.visibilityState`), "hidden");
  });

  it("comes back after its tab was frozen, when the line was cut meanwhile", async () => {
    await openSocket();
    await window.evaluate(`globalThis.ticks = 0; setInterval(() => ticks++, 5); void 0`);
    await window.freeze(true);
    const before = await window.evaluate(`ticks`);
    const accepted = proxy.accepted;
    proxy.reset();
    // Long enough for many ticks, and for an attempt.
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await window.evaluate(`ticks`), before, "nothing runs in a frozen page");
    assert.equal(proxy.accepted, accepted);
    await window.freeze(false);
    await window.until(`log.at(-1) === "up"`);
    const log = (await window.evaluate(`log`)) as string[];
    assert.ok(log.includes("freeze hidden") && log.includes("resume hidden"), String(log));
    assert.ok(log.indexOf("down") > log.indexOf("freeze hidden"), String(log));
  });

  it("has nothing that keeps its page from the back-forward cache, but an open connection (not where CONFORMANCE_CHROMIUM may be one that caches a page with one)", {
    skip: fullChromium !== undefined && "CONFORMANCE_CHROMIUM is set",
  }, async () => {
    await window.evaluate(
      `new Promise((resolve) => { new WebSocket(${JSON.stringify(proxy.url)}).onopen = resolve; })`,
    );
    await window.goTo(`${files.url}elsewhere`);
    const reasons = await window.goBack();
    assert.ok(reasons.includes("WebSocket"), `a plain object's connection does: ${reasons}`);

    // As after pagehide: there is neither a connection nor an attempt.
    await openSocket(1_800_000);
    proxy.reset();
    await window.until(`log.at(-1) === "reconnecting"`);
    await window.goTo(`${files.url}elsewhere`);
    const others = (await window.goBack()).filter((reason) => !ownReasons.includes(reason));
    assert.deepEqual(others, []);
  });

  it("closes before the back-forward cache, and is up at once after it (headless Chromium has none: pagehide and pageshow are the test's, the freeze is Chromium's)", async () => {
    await openSocket();
    // The closing handshake takes its time, as over a real network.
    proxy.delay(100);
    const left = window.evaluate(`dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))`);
    await window.freeze(true);
    await left;
    proxy.delay(0);
    const accepted = proxy.accepted;
    while (closeCodes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(closeCodes, [1000], "the server was told");
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(proxy.accepted, accepted, "no attempt out of the cache");
    await window.freeze(false);
    await window.evaluate(`dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`);
    await window.until(`log.at(-1) === "up"`);
    assert.deepEqual(
      ((await window.evaluate(`log`)) as string[]).filter((line) => !/^(visib|freeze|resume)/.test(line)),
      ["up", "down", "reconnecting", "up"],
    );
  });

  it("goes into the back-forward cache, and is up at once after it (needs a full Chromium in CONFORMANCE_CHROMIUM: the package's headless shell has no such cache)", {
    skip: fullChromium === undefined && "CONFORMANCE_CHROMIUM is not set",
  }, async () => {
    await openSocket();
    await window.evaluate(`for (const type of ["pagehide", "pageshow"]) {
      addEventListener(type, ({ persisted }) => log.push(type + " " + persisted));
    }`);
    await window.goTo(`${files.url}elsewhere`);
    while (closeCodes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(closeCodes, [1000], "the server was told");
    assert.deepEqual(await window.goBack(), [], "the page came from the cache");
    await window.until(`log.at(-1) === "up"`);
    const log = (await window.evaluate(`log`)) as string[];
    assert.ok(log.includes("pagehide true") && log.includes("pageshow true"), String(log));
    assert.equal(proxy.accepted, 2, "no attempt between the two");
  });

  it("waits for no delay once it is back from the back-forward cache (pageshow is the test's, the freeze is Chromium's)", async () => {
    await openSocket(1_800_000);
    proxy.reset();
    await window.until(`log.at(-1) === "reconnecting"`);
    await window.freeze(true);
    await window.freeze(false);
    assert.ok(!((await window.evaluate(`log`)) as string[]).slice(1).includes("up"));
    await window.evaluate(`dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`);
    await window.until(`log.at(-1) === "up"`);
  });
});
