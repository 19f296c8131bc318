import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { closed, WebSocket } from "openline";
import { echoServer } from "../testing-support/peers.test.support.js";
import { fileScope, TestPage, testWorkbench } from "./page.test.support.js";
import type { Workbench } from "./workbench.js";

const scope = fileScope();
let workbench: Workbench;
let page: TestPage;
let sessions = 0;

before(async () => {
  workbench = await testWorkbench(scope);
  page = await TestPage.open(scope, workbench);
});

/** A name that no session has had. */
function newSession(): string {
  return `session ${++sessions}`;
}

describe("the workbench", () => {
  it("says what there is", async () => {
    const { version, mode, places, inspect } = page.hello;
    assert.deepEqual([version, mode, inspect], ["1.2.3", "workbench", undefined]);
    assert.deepEqual(
      places.map(({ name }) => name),
      ["echo", "ticker", "binary", "big", "burst", "closing"],
    );
    await page.until(
      () => page.messages.some((message) => message.type === "server" && message.isUp),
      "the state of the embedded server",
    );
  });

  it("answers what it can't read, and goes on", async () => {
    const answers = page.messages.length;
    page.socket.send("nonsense");
    page.socket.send(new Uint8Array([1, 2, 3]));
    page.socket.send("[1,2");
    await page.until(() => page.messages.length >= answers + 3, "three refusals");
    assert.deepEqual(
      page.messages.slice(answers).map(({ type }) => type),
      ["refused", "refused", "refused"],
    );
    assert.equal((await page.ask({ type: "ping", session: "none" })).type, "refused");
  });

  it("reports everything that an object does, from the constructor to its end", async () => {
    const session = newSession();
    const answer = await page.dial(session, page.place("echo"), { protocols: ["chat", "news"] });
    assert.equal(answer.type, "line");
    const { fields, properties } = await page.reported(session, "construct");
    assert.equal(fields["protocols"], "chat, news");
    assert.equal(properties.readyState, 0);
    const open = await page.reported(session, "open");
    assert.equal(open.fields["isTrusted"], true);
    assert.deepEqual([open.properties.readyState, open.properties.protocol], [1, "chat"]);
    assert.deepEqual(await page.ask({ type: "send", session, data: { text: "hi ☀" }, count: 1 }), {
      type: "done",
      request: page.lastRequest,
    });
    const send = await page.reported(session, "send");
    assert.deepEqual([send.fields, send.properties.bufferedAmount], [{ data: "hi ☀" }, 6]);
    const message = await page.reported(session, "message");
    assert.equal(message.fields["data"], "hi ☀");
    await page.ask({ type: "close", session, code: 4000, reason: "enough" });
    const closing = await page.reported(session, "close()");
    assert.deepEqual([closing.fields, closing.properties.readyState], [{ code: 4000, reason: "enough" }, 2]);
    const close = await page.reported(session, "close");
    const { code, reason, wasClean } = close.fields;
    assert.deepEqual([code, reason, wasClean, close.properties.readyState], [4000, "enough", true, 3]);
    const own = page.reports.filter((report) => report.session === session);
    assert.deepEqual(
      own.map(({ time }) => time),
      own.map(({ time }) => time).sort((a, b) => a - b),
    );
    await page.forget(session);
  });

  it("sends and shows binary data, as a Blob at first and as an ArrayBuffer when told so", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const base64 = Buffer.from([0, 1, 255]).toString("base64");
    await page.ask({ type: "send", session, data: { base64 }, count: 1 });
    const { fields } = await page.reported(session, "message");
    assert.deepEqual(fields["data"], { object: "Blob", fields: { size: 3, type: "" } });
    await page.ask({ type: "binary-type", session, binaryType: "arraybuffer" });
    const first = page.reports.length;
    await page.ask({ type: "send", session, data: { base64 }, count: 1 });
    const second = await page.reported(session, "message", first);
    assert.deepEqual(second.fields["data"], { base64, size: 3 });
    assert.equal(second.properties.binaryType, "arraybuffer");
    await page.forget(session);
  });

  it("tells the round-trip time of a ping", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const answer = await page.ask({ type: "ping", session });
    assert.ok(answer.type === "done" && typeof answer.value === "number" && answer.value > 0);
    await page.forget(session);
  });

  it("shows the exceptions of an object", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const answer = await page.ask({ type: "close", session, code: 1001 });
    assert.ok(answer.type === "refused");
    assert.match(answer.message, /^InvalidAccessError: .*1001/);
    const { fields } = await page.reported(session, "exception");
    assert.deepEqual([fields["method"], fields["name"]], ["close", "InvalidAccessError"]);
    await page.forget(session);
  });

  it("refuses what the constructor refuses, and leaves nothing behind", async () => {
    const session = newSession();
    const answer = await page.dial(session, page.place("echo"), { protocols: ["a", "a"] });
    assert.ok(answer.type === "refused");
    assert.match(answer.message, /^SyntaxError: /);
    // The name is free again.
    assert.equal((await page.dial(session, page.place("echo"))).type, "line");
    await page.forget(session);
  });

  for (const url of [
    "",
    "no URL",
    "http://",
    "ftp://127.0.0.1/",
    "ws://",
    "ws://127.0.0.1:99999/",
    "ws://127.0.0.1/#a",
  ]) {
    it(`refuses the URL ${JSON.stringify(url)}`, async () => {
      const answer = await page.dial(newSession(), url);
      assert.ok(answer.type === "refused");
      assert.match(answer.message, /^SyntaxError: The URL /);
    });
  }

  it("gives a page's own object a line, and leaves the object to the page", async () => {
    const session = newSession();
    const answer = await page.dial(session, page.place("echo"), { through: "browser" });
    assert.ok(answer.type === "line");
    const own = new WebSocket(answer.url, { origin: new URL(workbench.url).origin });
    await new Promise((resolve) => own.addEventListener("open", resolve));
    own.close();
    await closed(own);
    const refused = await page.ask({ type: "send", session, data: { text: "" }, count: 1 });
    assert.ok(refused.type === "refused");
    assert.match(refused.message, /the page has it/);
    await page.forget(session);
  });

  it("refuses a second session of the same name, and more than twenty", async () => {
    const greedy = await TestPage.open(scope, workbench);
    assert.equal((await greedy.dial("a", page.place("echo"))).type, "line");
    assert.equal((await greedy.dial("a", page.place("echo"))).type, "refused");
    for (let number = 1; number < 20; number++) {
      const answer = await greedy.dial(`${number}`, page.place("echo"), { through: "browser" });
      assert.equal(answer.type, "line");
    }
    const answer = await greedy.dial("one more", page.place("echo"));
    assert.deepEqual([answer.type], ["refused"]);
    greedy.socket.close();
  });

  it("keeps the sessions of two pages apart", async () => {
    const other = await TestPage.open(scope, workbench);
    const session = newSession();
    await page.dial(session, page.place("echo"));
    await other.dial(session, page.place("echo"));
    await other.ask({ type: "send", session, data: { text: "mine" }, count: 1 });
    await other.reported(session, "message");
    await page.ask({ type: "send", session, data: { text: "yours" }, count: 1 });
    await page.reported(session, "message");
    const shown = (reports: TestPage) =>
      reports.reports.filter((one) => one.session === session && one.what === "message");
    assert.deepEqual(
      shown(other).map(({ fields }) => fields["data"]),
      ["mine"],
    );
    assert.deepEqual(
      shown(page).map(({ fields }) => fields["data"]),
      ["yours"],
    );
    other.socket.close();
    await page.forget(session);
  });

  it("closes the objects of a page that goes away, with 1000", async () => {
    const target = await echoServer(scope);
    const passing = await TestPage.open(scope, workbench);
    await passing.dial("a", target.url);
    const [socket] = target.sockets;
    assert.ok(socket !== undefined);
    const ended = closed(socket);
    passing.socket.close();
    assert.deepEqual(await ended.then(({ code }) => code), 1000);
  });

  it("forgets a session while its line is being opened", async () => {
    const session = newSession();
    const [dialed, forgotten] = await Promise.all([
      page.ask({
        type: "dial",
        session,
        through: "browser",
        url: page.place("echo"),
        protocols: [],
        headers: [],
        reconnecting: false,
      }),
      page.ask({ type: "forget", session }),
    ]);
    // The line may have been there before.
    assert.ok(dialed.type === "refused" || dialed.type === "line");
    assert.equal(forgotten.type, "done");
    assert.equal((await page.dial(session, page.place("echo"))).type, "line");
    await page.forget(session);
  });
});

describe("bursts", () => {
  it("go out and come back, all of them", async () => {
    const target = await echoServer(scope, (socket) => {
      let count = 0;
      socket.onmessage = () => {
        if (++count === 20_000) socket.send(`got ${count}`);
      };
    });
    const session = newSession();
    await page.dial(session, target.url);
    const answer = await page.ask({ type: "send", session, data: { text: "x".repeat(100) }, count: 20_000 });
    assert.equal(answer.type, "done");
    const { fields } = await page.reported(session, "send");
    assert.equal(fields["count"], 20_000);
    assert.equal((await page.reported(session, "message")).fields["data"], "got 20000");
    await page.forget(session);
  });

  it("go out at a rate, and stop with the session", async () => {
    const target = await echoServer(scope);
    const session = newSession();
    await page.dial(session, target.url);
    const burst = page.ask({ type: "send", session, data: { text: "tick" }, count: 1_000_000, rate: 200 });
    await page.until(
      () => page.reports.filter((one) => one.session === session && one.what === "message").length >= 3,
      "three answers",
    );
    await page.forget(session);
    assert.equal((await burst).type, "refused");
  });

  it("stop when the connection ends", async () => {
    const target = await echoServer(scope, (socket) => {
      socket.onmessage = () => socket.close(4000, "enough");
    });
    const session = newSession();
    await page.dial(session, target.url);
    const answer = await page.ask({
      type: "send",
      session,
      data: { text: "x".repeat(1000) },
      count: 1_000_000,
    });
    assert.ok(answer.type === "refused");
    assert.match(answer.message, /^The connection has ended after \d+ of 1000000 messages$/);
    await page.forget(session);
  });
});

describe("faults", () => {
  it("are done to a session's line, and told", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const target = { session };
    await page.ask({ type: "fault", target, fault: { kind: "hold", direction: "to-client" } });
    const state = await page.until(
      () => page.messages.find((message) => message.type === "faults" && message.session === session),
      "the state of the faults",
    );
    assert.ok(state.type === "faults");
    assert.deepEqual([state.state.toClient.isHeld, state.state.toServer.isHeld], [true, false]);
    await page.ask({ type: "send", session, data: { text: "held" }, count: 1 });
    await page.ask({ type: "fault", target, fault: { kind: "release", direction: "to-client" } });
    assert.equal((await page.reported(session, "message")).fields["data"], "held");
    await page.ask({ type: "fault", target, fault: { kind: "cut" } });
    const { fields } = await page.reported(session, "close");
    assert.deepEqual([fields["code"], fields["wasClean"]], [1006, false]);
    await page.forget(session);
  });

  it("are done to all lines of the page", async () => {
    const [first, second] = [newSession(), newSession()];
    await page.dial(first, page.place("echo"));
    await page.dial(second, page.place("echo"));
    await page.ask({ type: "fault", target: { all: true }, fault: { kind: "reset" } });
    await page.reported(first, "close");
    await page.reported(second, "close");
    await page.forget(first);
    await page.forget(second);
  });

  it("are what a ReconnectingWebSocket survives", async () => {
    const session = newSession();
    const reconnectingOptions = { minDelay: 1, maxDelay: 10, idle: 50, timeout: 50 };
    await page.dial(session, page.place("echo"), { reconnecting: true, reconnectingOptions });
    await page.reported(session, "up");
    const first = page.reports.length;
    await page.ask({ type: "fault", target: { session }, fault: { kind: "hold", direction: "both" } });
    await page.reported(session, "down", first);
    const { fields } = await page.reported(session, "reconnecting", first);
    assert.equal(typeof fields["attempt"], "number");
    await page.ask({ type: "fault", target: { session }, fault: { kind: "heal" } });
    await page.reported(session, "up", first);
    const ping = await page.ask({ type: "ping", session });
    assert.equal(ping.type, "done");
    await page.ask({ type: "reconnect", session });
    await page.reported(session, "reconnect()", first);
    await page.forget(session);
  });

  it("of the embedded server are told to every page, and it comes back", async () => {
    const other = await TestPage.open(scope, workbench);
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const seen = other.messages.length;
    const fault = { kind: "restart-server", crash: false, downFor: 10 } as const;
    await page.ask({ type: "fault", target: { session }, fault });
    const { fields } = await page.reported(session, "close");
    assert.deepEqual([fields["code"], fields["wasClean"]], [1001, true]);
    const states = () =>
      other.messages.slice(seen).flatMap((message) => (message.type === "server" ? [message.isUp] : []));
    await other.until(() => states().length === 2, "the server's return");
    assert.deepEqual(states(), [false, true]);
    await page.forget(session);
    assert.equal((await page.dial(session, page.place("echo"))).type, "line");
    await page.ask({ type: "fault", target: { session }, fault: { ...fault, crash: true } });
    const crashed = await page.until(
      () => page.reports.filter((one) => one.session === session && one.what === "close")[1],
      "the close after the crash",
    );
    assert.equal(crashed.fields["code"], 1006);
    await other.until(() => states().length === 4, "the server's second return");
    await page.forget(session);
    other.socket.close();
  });

  it("are refused where there is no such session", async () => {
    const target = { session: "nobody" };
    assert.equal((await page.ask({ type: "fault", target, fault: { kind: "cut" } })).type, "refused");
    assert.equal((await page.ask({ type: "fault-script", target, script: "cut" })).type, "refused");
  });
});

describe("fault scripts", () => {
  /** How the scripts of a session went. */
  function told(session: string): (number | string)[] {
    return page.messages.flatMap((message): (number | string)[] => {
      if (message.type !== "script" || !("session" in message.target)) return [];
      if (message.target.session !== session) return [];
      return "line" in message ? [message.line] : [message.ended];
    });
  }

  it("run step by step", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const script = "# at first nothing\nwait 1\nhold to-server\n\nwait 1\ncut";
    const answer = await page.ask({ type: "fault-script", target: { session }, script });
    assert.equal(answer.type, "done");
    await page.until(() => told(session).includes("finished"), "the script's end");
    assert.deepEqual(told(session), [2, 3, 5, 6, "finished"]);
    await page.reported(session, "close");
    await page.forget(session);
  });

  it("are stopped by hand, by another one, and with their session", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const target = { session };
    await page.ask({ type: "fault-script", target, script: "wait 3600000" });
    await page.ask({ type: "stop-script", target });
    await page.until(() => told(session).length === 2, "its end");
    await page.ask({ type: "fault-script", target, script: "wait 3600000" });
    await page.ask({ type: "fault-script", target, script: "wait 3600000\ncut" });
    await page.until(() => told(session).length === 5, "the end of the first");
    await page.forget(session);
    await page.until(() => told(session).length === 6, "the end of the second");
    assert.deepEqual(told(session).filter((word) => word === "stopped").length, 3);
  });

  it("are refused as a whole where a line is wrong", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    const script = "cut\njump\nwait";
    const answer = await page.ask({ type: "fault-script", target: { session }, script });
    assert.ok(answer.type === "refused");
    assert.match(answer.message, /^line 2: no command "jump".*\nline 3: milliseconds missing/);
    const ping = await page.ask({ type: "ping", session });
    assert.equal(ping.type, "done");
    await page.forget(session);
  });

  it("tell it where a step fails", async () => {
    const session = newSession();
    await page.dial(session, page.place("echo"));
    await page.ask({ type: "fault-script", target: { session }, script: "cut\nanswer 503\nheal" });
    await page.until(() => told(session).includes("finished"), "the script's end");
    await page.forget(session);
  });
});
