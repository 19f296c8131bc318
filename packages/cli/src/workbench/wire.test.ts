import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { closed, opened, WebSocket } from "openline";
import { openLine } from "../line/line.js";
import { Recording } from "../recording/recording.js";
import { echoServer } from "../testing-support/peers.test.support.js";
import type { WireEvent } from "./control-protocol.js";
import { fileScope, TestPage, testWorkbench } from "./page.test.support.js";
import type { Workbench } from "./workbench.js";

const scope = fileScope();

interface Har {
  readonly log: {
    readonly creator: { readonly name: string; readonly version: string };
    readonly entries: readonly {
      readonly request: { readonly url: string };
      readonly _webSocketMessages: readonly { readonly type: string; readonly data: string }[];
    }[];
  };
}

async function harOf(workbench: Workbench, query = ""): Promise<Har> {
  const response = await fetch(`${workbench.url}recording.har${query}`);
  assert.match(
    response.headers.get("content-disposition") ?? "",
    /^attachment; filename="openline-.*\.har"$/,
  );
  return (await response.json()) as Har;
}

/** What happened in short: `sent 1 hi`. */
function shown(event: WireEvent): string {
  if (event.kind !== "frame") return event.kind;
  const data = event.data === undefined ? "" : "text" in event.data ? event.data.text : event.data.base64;
  return `${event.direction} ${event.opcode} ${data}`;
}

function ended(page: TestPage, connection: number): Promise<unknown> {
  return page.until(
    () => page.wire.some((event) => event.kind === "end" && event.connection === connection),
    `the end of connection ${connection}`,
  );
}

describe("what passes on a session's line", () => {
  let workbench: Workbench & { readonly recording: Recording };
  let page: TestPage;

  before(async () => {
    workbench = await testWorkbench(scope);
    page = await TestPage.open(scope, workbench);
  });

  it("is told in its order, with the session", async () => {
    const { url } = await echoServer(scope);
    await page.dial("a", url, { protocols: ["chat"] });
    await page.ask({ type: "send", session: "a", data: { text: "hi" }, count: 1 });
    await page.reported("a", "message");
    await page.ask({ type: "send", session: "a", data: { base64: "AQL/" }, count: 1 });
    await page.until(() => page.wire.filter(({ kind }) => kind === "frame").length === 4, "four frames");
    await page.ask({ type: "close", session: "a", code: 4000, reason: "over" });
    await ended(page, 1);
    assert.deepEqual(page.wire.map(shown), [
      "request",
      "response",
      "sent 1 hi",
      "received 1 hi",
      "sent 2 AQL/",
      "received 2 AQL/",
      `sent 8 ${Buffer.from("\x0f\xa0over", "latin1").toString("base64")}`,
      `received 8 ${Buffer.from("\x0f\xa0over", "latin1").toString("base64")}`,
      "end",
    ]);
    assert.ok(page.wire.every(({ session, connection }) => session === "a" && connection === 1));
    const [request] = page.wire;
    assert.ok(request?.kind === "request");
    assert.equal(request.url, url);
    const frames = page.wire.flatMap((event) => (event.kind === "frame" ? [event] : []));
    assert.deepEqual(
      frames.map(({ frame }) => frame),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual([frames[0]?.size, frames[2]?.size], [2, 3]);
    const end = page.wire.at(-1);
    assert.ok(end?.kind === "end");
    assert.deepEqual([end.code, end.reason, end.wasClean], [4000, "over", true]);
    await page.forget("a");
  });

  it("is cut to 4 KiB, and whole at the payload's address", async () => {
    const { url } = await echoServer(scope);
    const seen = page.wire.length;
    await page.dial("a", url);
    const text = `<script>alert(1)</script>${"☀".repeat(5000)}`;
    const base64 = Buffer.alloc(5000, 7).toString("base64");
    await page.ask({ type: "send", session: "a", data: { text }, count: 1 });
    await page.ask({ type: "send", session: "a", data: { base64 }, count: 1 });
    const frames = await page.until(() => {
      const found = page.wire.slice(seen).flatMap((event) => (event.kind === "frame" ? [event] : []));
      return found.length === 4 && found;
    }, "four frames");
    for (const { opcode, frame, connection, data, size } of frames) {
      assert.ok(data?.isCut);
      assert.equal(size, opcode === 1 ? Buffer.byteLength(text) : 5000);
      const response = await fetch(`${workbench.url}payload/${connection}/${frame}`);
      assert.equal(response.headers.get("content-length"), `${size}`);
      // What a peer has sent must not become a page of ours.
      assert.equal(response.headers.get("content-disposition"), "attachment");
      assert.match(response.headers.get("content-security-policy") ?? "", /default-src 'none'/);
      assert.match(
        response.headers.get("content-type") ?? "",
        opcode === 1 ? /^text\/plain/ : /octet-stream$/,
      );
      const bytes = Buffer.from(await response.arrayBuffer());
      assert.equal(opcode === 1 ? bytes.toString() : bytes.toString("base64"), opcode === 1 ? text : base64);
    }
    await page.forget("a");
  });

  it("is an archive, whole or of some connections", async () => {
    const whole = await harOf(workbench);
    assert.deepEqual(whole.log.creator, { name: "openline", version: "1.2.3" });
    assert.equal(whole.log.entries.length, 2);
    const [first] = whole.log.entries;
    const messages = first?._webSocketMessages.map(({ type, data }) => `${type} ${data}`) ?? [];
    assert.deepEqual(messages.slice(0, 4), ["send hi", "receive hi", "send AQL/", "receive AQL/"]);
    const some = await harOf(workbench, "?connections=2,99");
    assert.deepEqual(some.log.entries, whole.log.entries.slice(1));
    assert.deepEqual((await harOf(workbench, "?connections=nonsense")).log.entries, []);
  });

  it("can be forgotten, once its connections are over", async () => {
    const { url } = await echoServer(scope);
    await page.dial("open", url);
    await page.ask({ type: "clear" });
    assert.equal((await harOf(workbench)).log.entries.length, 1);
    await page.ask({ type: "send", session: "open", data: { text: "still here" }, count: 1 });
    await page.reported("open", "message");
    await page.forget("open");
    await page.ask({ type: "clear" });
    assert.equal((await harOf(workbench)).log.entries.length, 0);
  });

  it("shows what a reconnecting object does, connection by connection", async () => {
    const { url } = await echoServer(scope);
    const reconnectingOptions = { minDelay: 1, maxDelay: 10 };
    await page.dial("again", url, { reconnecting: true, reconnectingOptions });
    await page.ask({ type: "fault", target: { session: "again" }, fault: { kind: "cut" } });
    const own = () => page.wire.filter(({ session }) => session === "again");
    await page.until(
      () => own().filter(({ kind }) => kind === "response").length === 2,
      "a second connection",
    );
    assert.equal(new Set(own().map(({ connection }) => connection)).size, 2);
    await page.forget("again");
  });
});

describe("a page that is too slow", () => {
  it("is told how much it has missed, and the recording has all", async () => {
    const workbench = await testWorkbench(scope);
    const page = await TestPage.open(scope, workbench);
    const count = 150_000;
    let received = 0;
    let isThrough = (): void => {};
    const through = new Promise<void>((resolve) => {
      isThrough = resolve;
    });
    const { url } = await echoServer(scope, (socket) => {
      socket.onmessage = () => {
        if (++received === count) isThrough();
      };
    });
    await page.dial("a", url);
    page.keepsUp = false;
    await page.ask({ type: "send", session: "a", data: { text: "x".repeat(20) }, count });
    await through;
    const untilNow = page.batches;
    assert.ok(page.wire.length < count, "nothing comes unless the page says that it is through");
    page.keepsUp = true;
    page.catchUp();
    await page.ask({ type: "close", session: "a" });
    await ended(page, 1);
    const frames = page.wire.filter((event) => event.kind === "frame" && event.opcode === 1).length;
    assert.ok(page.batches > untilNow);
    assert.ok(page.missed > 0, "so many don't wait");
    assert.equal(frames + page.missed, count);
    // The close frames and the end are told, come what may.
    assert.deepEqual(
      page.wire.slice(-3).map(({ kind }) => kind),
      ["frame", "frame", "end"],
    );
    const har = await harOf(workbench);
    const messages = har.log.entries[0]?._webSocketMessages ?? [];
    assert.equal(messages.filter(({ data }) => data === "x".repeat(20)).length, count);
  });
});

describe("the page of an inspected application", () => {
  it("shows what passes, also what has passed before it came, on every page", async () => {
    const recording = new Recording();
    const target = await echoServer(scope);
    const line = await openLine({ url: target.url, recorder: recording });
    scope.after(() => line.close());
    const inspect = { line, proxyUrl: line.url, targetUrl: target.url };
    const workbench = await testWorkbench(scope, { recording, inspect });
    const application = new WebSocket(line.url);
    await opened(application);
    application.send("before");
    await new Promise((resolve) => application.addEventListener("message", resolve, { once: true }));

    const pages = [await TestPage.open(scope, workbench), await TestPage.open(scope, workbench)];
    for (const page of pages) {
      assert.deepEqual(page.hello, {
        type: "hello",
        version: "1.2.3",
        mode: "inspect",
        places: [],
        inspect: { proxyUrl: line.url, targetUrl: target.url },
      });
    }
    application.send("after");
    await new Promise((resolve) => application.addEventListener("message", resolve, { once: true }));
    const [page] = pages;
    assert.ok(page !== undefined);
    // Its faults are those of the application's line.
    await page.ask({
      type: "fault",
      target: { all: true },
      fault: { kind: "delay", milliseconds: 1, direction: "both" },
    });
    for (const one of pages) {
      await one.until(
        () => one.messages.some((message) => message.type === "faults" && message.state.toServer.delay === 1),
        "the state of the faults",
      );
    }
    application.close();
    await closed(application);
    for (const one of pages) {
      await ended(one, 1);
      assert.deepEqual(one.wire.slice(0, 6).map(shown), [
        "request",
        "response",
        "sent 1 before",
        "received 1 before",
        "sent 1 after",
        "received 1 after",
      ]);
      assert.ok(one.wire.every((event) => !("session" in event)));
    }
    const late = await TestPage.open(scope, workbench);
    await ended(late, 1);
    assert.deepEqual(late.wire, page.wire);
    const refused = await page.ask({
      type: "fault",
      target: { all: true },
      fault: { kind: "restart-server", crash: true, downFor: 1 },
    });
    assert.ok(refused.type === "refused");
    assert.match(refused.message, /^There is no embedded server/);
  });

  it("shows the last of what there is, where there is much", async () => {
    const recording = new Recording();
    const target = await echoServer(scope, () => {});
    const line = await openLine({ url: target.url, recorder: recording });
    scope.after(() => line.close());
    const inspect = { line, proxyUrl: line.url, targetUrl: target.url };
    const workbench = await testWorkbench(scope, { recording, inspect });
    const application = new WebSocket(line.url);
    await opened(application);
    for (let number = 0; number < 12_000; number++) application.send(`${number}`);
    application.close();
    await closed(application);
    const page = await TestPage.open(scope, workbench);
    await ended(page, 1);
    const frames = page.wire.flatMap((event) => (event.kind === "frame" ? [event] : []));
    assert.equal(frames.length, 10_000);
    assert.deepEqual(
      frames.map(({ frame }) => frame),
      Array.from({ length: 10_000 }, (_, index) => index + 2002),
    );
    assert.equal(shown(frames[0] ?? assert.fail()), "sent 1 2002");
    assert.equal(page.wire[0]?.kind, "request");
  });
});
