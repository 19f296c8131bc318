import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { closed, messages, opened, WebSocket } from "openline";
import { within } from "../testing-support/guard.test.support.js";
import type { Place } from "./control-protocol.js";
import { PlayServer } from "./play-server.js";

const origins = ["http://127.0.0.1:8090", "http://localhost:8090"];

/** Until so many changes were told, with what they were. */
class Changes {
  readonly states: boolean[] = [];
  readonly #target = new EventTarget();

  readonly take = (isUp: boolean): void => {
    this.states.push(isUp);
    this.#target.dispatchEvent(new Event("change"));
  };

  async until(count: number): Promise<readonly boolean[]> {
    while (this.states.length < count) {
      await within(once(this.#target, "change"), () => `${count} changes, not ${this.states}`);
    }
    return this.states;
  }
}

describe("the embedded server", () => {
  let server: PlayServer;
  const changes = new Changes();

  before(async () => {
    server = await PlayServer.start(origins, changes.take);
  });
  after(() => server.close());

  function urlOf(name: Place["name"]): string {
    return server.places.find((place) => place.name === name)?.url ?? "";
  }

  async function connected(name: Place["name"]): Promise<WebSocket> {
    const socket = new WebSocket(urlOf(name));
    socket.binaryType = "arraybuffer";
    await opened(socket);
    return socket;
  }

  /** The first messages of a place. */
  async function first(socket: WebSocket, count: number): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const data of messages(socket)) {
      found.push(data);
      if (found.length === count) break;
    }
    return found;
  }

  it("is on 127.0.0.1, at a path that nobody guesses", () => {
    for (const { url } of server.places) assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\?[a-z]+$/);
  });

  for (const { name, change, headers } of [
    { name: "another path", change: (url: URL) => (url.pathname = "/"), headers: {} },
    { name: "a path below", change: (url: URL) => (url.pathname += "/x"), headers: {} },
    { name: "another site", change: () => {}, headers: { origin: "https://foreign.example" } },
    {
      name: "another server of this machine",
      change: () => {},
      headers: { origin: "http://127.0.0.1:3000" },
    },
    { name: "a file", change: () => {}, headers: { origin: "null" } },
  ]) {
    it(`lets nobody in from ${name}`, async () => {
      const url = new URL(urlOf("echo"));
      change(url);
      const socket = new WebSocket(url, headers);
      await assert.rejects(opened(socket), { code: "ERR_WS_HANDSHAKE_STATUS" });
    });
  }

  it("lets the page in, by either of its names", async () => {
    for (const origin of origins) {
      const socket = new WebSocket(urlOf("echo"), { origin });
      await opened(socket);
      socket.close();
    }
  });

  it("echoes text and bytes", async () => {
    const socket = await connected("echo");
    const answers = first(socket, 2);
    socket.send("hi");
    socket.send(Uint8Array.of(1, 2, 3));
    const [text, bytes] = await within(answers, () => "two answers");
    assert.equal(text, "hi");
    assert.deepEqual(new Uint8Array(bytes as ArrayBuffer), Uint8Array.of(1, 2, 3));
    socket.close();
  });

  it("echoes at the pace at which its client reads", async () => {
    const socket = await connected("echo");
    const text = "x".repeat(2 ** 20);
    const count = 40;
    const answers = within(first(socket, count), () => "all answers");
    for (let index = 0; index < count; index++) socket.send(text);
    assert.equal(
      (await answers).every((answer) => answer === text),
      true,
    );
    socket.close();
  });

  it("echoes for a place that it doesn't know", async () => {
    const socket = new WebSocket(`${urlOf("echo").split("?")[0]}?constructor`);
    await opened(socket);
    const answers = first(socket, 1);
    socket.send("hi");
    assert.deepEqual(await within(answers, () => "an answer"), ["hi"]);
    socket.close();
  });

  it("has prices as JSON", async () => {
    const socket = await connected("ticker");
    const [price] = await within(first(socket, 1), () => "a price");
    const { symbol, price: value, change, at } = JSON.parse(String(price)) as Record<string, unknown>;
    assert.deepEqual([typeof symbol, typeof value, typeof change], ["string", "number", "number"]);
    assert.ok(!Number.isNaN(Date.parse(String(at))));
    socket.close();
  });

  it("has bytes, and turns those round that it gets", async () => {
    const socket = await connected("binary");
    const sizes: number[] = [];
    socket.addEventListener("message", ({ data }) => {
      sizes.push((data as ArrayBuffer).byteLength);
      // By itself it never sends three bytes.
      if (sizes.includes(3) && sizes.length > 1) socket.close();
      if (sizes.at(-1) === 3) assert.deepEqual(new Uint8Array(data as ArrayBuffer), Uint8Array.of(3, 2, 1));
    });
    socket.send(Uint8Array.of(1, 2, 3));
    await within(closed(socket), () => "both");
    assert.ok(sizes.includes(1), `${sizes}`);
  });

  it("has big messages", async () => {
    const socket = await connected("big");
    const [text, bytes] = await within(first(socket, 2), () => "two messages");
    assert.ok((JSON.parse(String(text)) as unknown[]).length > 10_000);
    assert.ok(bytes instanceof ArrayBuffer && bytes.byteLength === 65_536);
    socket.close();
  });

  it("has bursts of as many messages as it is told", async () => {
    const socket = await connected("burst");
    const answers = first(socket, 5003);
    for (const data of ["many", "0", "5000"]) socket.send(data);
    const received = await within(answers, () => "all messages");
    assert.deepEqual(
      received.slice(3).map(String),
      Array.from({ length: 5000 }, (_, i) => `${i + 1} of 5000`),
    );
    assert.deepEqual(
      new Set(received.slice(0, 3)),
      new Set(["Send a number from 1 to 100000, and as many messages come"]),
    );
    socket.close();
  });

  it("closes with the code and the reason that it is told", async () => {
    const socket = await connected("closing");
    const answers = first(socket, 4);
    for (const data of ["please", "1001 not for programs", `4000 ${"x".repeat(200)}`]) socket.send(data);
    const [hint, again, code, reason] = await within(answers, () => "four answers");
    assert.deepEqual([hint, again], Array(2).fill("Send a code and a reason, such as: 4001 Goodbye"));
    assert.match(String(code), /1001/);
    assert.match(String(reason), /200 bytes, but at most 123/);
    const end = closed(socket);
    socket.send("4001 Goodbye, then");
    const { code: ended, reason: why, wasClean } = await within(end, () => "the end");
    assert.deepEqual([ended, why, wasClean], [4001, "Goodbye, then", true]);
  });

  it("goes away and comes back at the same address", async () => {
    const socket = await connected("echo");
    const before = urlOf("echo");
    const seen = changes.states.length;
    const end = closed(socket);
    await server.restart(false, 0);
    assert.equal((await within(end, () => "the end")).code, 1001);
    await changes.until(seen + 2);
    assert.equal(urlOf("echo"), before);
    (await connected("echo")).close();
  });

  it("resets its clients in a crash", async () => {
    const socket = await connected("echo");
    const seen = changes.states.length;
    const end = closed(socket);
    await server.restart(true, 0);
    assert.equal((await within(end, () => "the end")).code, 1006);
    await changes.until(seen + 2);
  });

  it("stays away for as long as the last one wants who sent it away", async () => {
    const seen = changes.states.length;
    await Promise.all([
      server.restart(true, 3_600_000),
      server.restart(false, 3_600_000),
      server.restart(true, 0),
    ]);
    await changes.until(seen + 2);
    assert.deepEqual(changes.states.slice(seen), [false, true]);
    assert.equal(server.isUp, true);
  });
});

describe("an embedded server that is closed", () => {
  it("doesn't come back, and ends its connections", async () => {
    const server = await PlayServer.start(origins);
    const socket = new WebSocket(server.places[0]?.url ?? "");
    await opened(socket);
    const end = closed(socket);
    await server.close();
    assert.equal((await within(end, () => "the end")).code, 1006);
    const other = await PlayServer.start(origins);
    await other.restart(true, 0);
    await other.close();
    assert.equal(other.isUp, false);
  });
});
