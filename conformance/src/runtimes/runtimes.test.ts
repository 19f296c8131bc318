import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { WebSocket } from "openline";
import { FaultyProxy, RestartingServer } from "openline/testing";
import { fetchRuntimes, type Runtime, runtimes } from "./runtimes.js";

/** Our files that a runtime may load: what a page gets, and what Node.js gets. */
const modules = ["index.browser.js", "index.js"].map(
  (file) => new URL(file, import.meta.resolve("openline/reconnecting")),
);

/** The guest in its runtime, and what it has said. */
class Guest {
  readonly #child;
  readonly #lines: unknown[][] = [];
  #read = 0;
  #heard: () => void = () => {};
  #exitCode: number | null | undefined;
  readonly exit: Promise<number | null>;

  constructor({ file, args }: Runtime, module: URL, url: string) {
    const script = fileURLToPath(new URL("./guest.js", import.meta.url));
    this.#child = spawn(file, [...args, script, module.href, url], {
      stdio: ["ignore", "pipe", "inherit"],
      env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" },
    });
    this.exit = once(this.#child, "exit").then(([code]) => {
      this.#exitCode = code as number | null;
      this.#heard();
      return code as number | null;
    });
    createInterface(this.#child.stdout).on("line", (line) => {
      this.#lines.push(JSON.parse(line) as unknown[]);
      this.#heard();
    });
  }

  /** The next event of the type; those before it are past. */
  async next(type: string): Promise<unknown[]> {
    for (;;) {
      while (this.#read < this.#lines.length) {
        const line = this.#lines[this.#read++];
        if (line?.[0] === type) return line;
      }
      if (this.#exitCode !== undefined) throw new Error(`It ended with ${this.#exitCode}, without ${type}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  all(type: string): unknown[][] {
    return this.#lines.filter((line) => line[0] === type);
  }

  kill(): void {
    this.#child.kill();
  }
}

for (const runtime of runtimes) {
  const { name, cannotRun } = runtime;
  const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;
  describe(`ReconnectingWebSocket over the object of ${name}${skipped}`, {
    skip: cannotRun ?? false,
    timeout: 300_000,
  }, () => {
    /** What the server got, on each connection. */
    const received: unknown[][] = [];
    let latest: WebSocket;
    let server: RestartingServer;
    let proxy: FaultyProxy;

    before(async () => {
      await fetchRuntimes();
      server = await RestartingServer.start({
        handleProtocols: () => "numbers",
        onConnection: (socket) => {
          const list: unknown[] = [];
          received.push(list);
          latest = socket;
          socket.binaryType = "arraybuffer";
          socket.onmessage = ({ data }) => {
            const text = typeof data === "string" ? data : new TextDecoder().decode(data as ArrayBuffer);
            if (text === "ping?") socket.send("pong!");
            else list.push(text === "hello" ? text : Number(text));
            if (text !== "hello") return;
            socket.send("text");
            socket.send(new Uint8Array([1, 2, 3]));
          };
        },
      });
      proxy = await FaultyProxy.start({ port: server.port });
    });

    after(async () => {
      await proxy.close();
      await server.crash();
    });

    for (const module of modules) {
      it(`survives all faults with ${module.pathname.split("/").at(-1)}, and lets the process end`, async (context) => {
        received.length = 0;
        const guest = new Guest(runtime, module, proxy.url);
        context.after(() => guest.kill());
        await guest.next("up");
        assert.deepEqual(await guest.next("message"), ["message", "text", "numbers"]);
        assert.deepEqual(await guest.next("message"), ["message", [1, 2, 3], "numbers"]);

        const faults: [what: string, fault: () => unknown][] = [
          ["the server crashes", () => server.crash()],
          ["half-open", () => proxy.hold()],
          [
            "refused with 503",
            () => {
              proxy.answer(503);
              proxy.cut();
            },
          ],
          [
            "never answered",
            () => {
              proxy.dropHandshakes();
              proxy.reset();
            },
          ],
          ["the server says goodbye", () => server.stop()],
        ];
        for (const [what, fault] of faults) {
          await fault();
          assert.deepEqual(await guest.next("down"), ["down", 0], what);
          await guest.next("reconnecting");
          proxy.heal();
          if (what.startsWith("the server")) await server.start();
          assert.deepEqual(await guest.next("up"), ["up", 1], what);
        }
        latest.send("end");
        const [, code, wasClean, readyState, sent] = await guest.next("close");
        assert.deepEqual([code, wasClean, readyState], [3001, true, 3]);
        assert.equal(await guest.exit, 0);

        assert.equal(guest.all("close").length, 1);
        assert.equal(guest.all("error").length, 0);
        const lost = new Set(guest.all("lost").flatMap(([, , messages]) => messages as number[]));
        const arrived = new Set<unknown>();
        let last = -1;
        for (const [first, ...numbers] of received.filter((list) => list.length > 0)) {
          assert.equal(first, "hello", "what onOpen sends comes first");
          for (const [at, number] of (numbers as number[]).entries()) {
            assert.ok(
              at === 0 || number === (numbers[at - 1] as number) + 1,
              "in order, none missing between",
            );
            arrived.add(number);
            if (lost.has(number)) continue;
            assert.ok(number > last, `${number} after ${last}`);
            last = number;
          }
        }
        for (let number = 0; number < (sent as number); number++) {
          assert.ok(arrived.has(number) || lost.has(number), `${number} vanished without a word`);
        }
        context.diagnostic(`${sent} sent, ${arrived.size} arrived, ${lost.size} told as lost`);
      });
    }
  });
}
