import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "./environment.js";
import { type Fixture, type FixtureOptions, fixture } from "./fixture.test.support.js";

/** A window as far as it matters here. */
class FakePage extends EventTarget {
  readonly document = { visibilityState: "visible" };
  listeners = 0;

  override addEventListener(
    type: string,
    listener: (event: Event) => void,
    options: { signal: AbortSignal },
  ): void {
    this.listeners++;
    options.signal.addEventListener("abort", () => this.listeners--);
    super.addEventListener(type, listener, options);
  }

  tell(type: string, properties: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), properties));
  }
}

function onPage(options: FixtureOptions = {}): Fixture & { page: FakePage } {
  const page = new FakePage();
  return { ...fixture({ ...options, page: page as Page }), page };
}

const heartbeat = { message: "ping?" };

describe("in a page", () => {
  it("is down at once when the page goes offline, and up again if the connection has survived", () => {
    const { socket, network, page, log } = onPage({ heartbeat });
    network.last.accept();
    page.tell("offline");
    assert.deepEqual(log, ["open", "up", "down"]);
    socket.send("waits");
    assert.deepEqual(network.last.sent, []);
    page.tell("online");
    assert.deepEqual(network.last.sent, ["ping?"]);
    network.last.receive("yes");
    assert.deepEqual(network.last.sent, ["ping?", "waits"]);
    assert.deepEqual(log, ["open", "up", "down", "up", "message yes"]);
  });

  it("gives the connection up if it has not survived", async () => {
    const { network, page, clock, log } = onPage({ heartbeat, timeout: 1000 });
    network.last.accept();
    page.tell("offline");
    page.tell("online");
    await clock.advance(1000);
    assert.ok(network.connections[0]?.isTerminated);
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 2 in 8500"]);
  });

  it("takes a new connection at once where it can't ask", async () => {
    const { network, page, clock, log } = onPage();
    const first = network.last;
    first.accept();
    page.tell("offline");
    page.tell("online");
    await clock.advance(0);
    assert.ok(first.isTerminated);
    network.last.accept();
    assert.notEqual(network.last, first);
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 1 in 0", "open", "up"]);
  });

  it("keeps no connection when it may go to the back-forward cache, and opens the next once it is back", async () => {
    const { socket, network, page, clock, log } = onPage();
    const first = network.last;
    first.accept();
    socket.send("before");
    page.tell("pagehide", { persisted: false });
    assert.equal(first.closeCalls.length, 0, "a page that is gone for good needs no care");
    page.tell("pagehide", { persisted: true });
    assert.equal(first.closeCalls.length, 1);
    socket.send("between");
    // The page is frozen, and thawed: what has happened meanwhile is told now.
    page.tell("pageshow", { persisted: true });
    first.finish();
    await clock.advance(0);
    network.last.accept();
    assert.deepEqual(network.last.sent, ["between"]);
    assert.deepEqual(log, ["open", "up", "down", "reconnecting 1 in 0", "open", "up"]);
  });

  it("has no attempt under way in the back-forward cache, and makes the next at once when it is back", async () => {
    const { network, page, clock, log } = onPage({ maxAttempts: 1 });
    const first = network.last;
    page.tell("pagehide", { persisted: true });
    assert.ok(first.isTerminated);
    assert.equal(network.connections.length, 1);
    clock.sleep(600_000);
    page.tell("pageshow", { persisted: true });
    await clock.advance(0);
    assert.equal(network.connections.length, 2);
    network.last.accept();
    assert.deepEqual(log, ["reconnecting 2 in 0", "open", "up"]);
  });

  it("sends what waits when it is closed while offline", () => {
    const { socket, network, page } = onPage();
    network.last.accept();
    page.tell("offline");
    socket.send("before close");
    socket.close();
    assert.deepEqual(network.last.sent, ["before close"]);
    assert.equal(network.last.closeCalls.length, 1);
  });

  it("asks at once when it is seen again, or comes back from the back-forward cache", () => {
    const { network, page } = onPage({ heartbeat });
    const { last } = network;
    last.accept();
    page.document.visibilityState = "hidden";
    page.tell("visibilitychange");
    assert.deepEqual(last.sent, []);
    page.document.visibilityState = "visible";
    page.tell("pageshow", { persisted: false });
    assert.deepEqual(last.sent, [], "the page was just loaded");
    page.tell("visibilitychange");
    assert.deepEqual(last.sent, ["ping?"]);
    page.tell("pageshow", { persisted: true });
    assert.deepEqual(last.sent, ["ping?"], "one question at a time");
    last.receive("yes");
    page.tell("pageshow", { persisted: true });
    assert.deepEqual(last.sent, ["ping?", "ping?"]);
  });

  it("does not wait for a delay to end once the page is online or seen", async () => {
    for (const type of ["online", "visibilitychange"]) {
      const { network, page, clock } = onPage();
      network.last.fail();
      page.tell(type);
      await clock.advance(0);
      assert.equal(network.connections.length, 2);
      page.tell(type);
      await clock.advance(0);
      assert.equal(network.connections.length, 2, "an attempt is under way");
    }
  });

  it("leaves no listener on the page or the signal, however it ends", async () => {
    for (const end of ["close", "give up"]) {
      const { signal } = new AbortController();
      const { socket, network, page, clock } = onPage({ maxAttempts: 1, signal });
      assert.equal(page.listeners, 5);
      if (end === "close") socket.close();
      else network.last.fail();
      await clock.advance(0);
      assert.equal(socket.readyState, 3);
      assert.equal(page.listeners, 0);
      assert.equal(clock.running, 0);
    }
  });
});
