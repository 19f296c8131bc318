import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { seededRandom } from "openline/testing";
import { startCommand } from "../testing-support/command.test.support.js";
import type { Fault, FaultDirection } from "./control-protocol.js";
import { TestPage } from "./page.test.support.js";

const requests = 600;

/** Draws what pages ask, wisely or not. */
class Asker {
  readonly #random: () => number;
  readonly #urls: readonly string[];

  constructor(seed: number, urls: readonly string[]) {
    this.#random = seededRandom(seed);
    this.#urls = urls;
  }

  pick<T>(...values: readonly T[]): T {
    return values[Math.floor(this.#random() * values.length)] as T;
  }

  question(): Parameters<TestPage["ask"]>[0] {
    const session = this.pick("a", "b", "__proto__");
    const target = this.pick({ all: true } as const, { session });
    return this.pick(
      () => this.#dial(session),
      () => this.#dial(session),
      () => ({
        type: "send" as const,
        session,
        data: this.pick({ text: "" }, { text: "4001 bye" }, { text: "100" }, { base64: "AAAA" }),
        count: this.pick(1, 10, 3000),
      }),
      () => ({ type: this.pick("ping", "reconnect", "forget"), session }),
      () => ({ type: "forget" as const, session }),
      () => ({ type: "close" as const, session, code: this.pick(1000, 4000, 1.5, -1) }),
      () => ({ type: "binary-type" as const, session, binaryType: "arraybuffer" as const }),
      () => ({ type: "fault" as const, target, fault: this.#fault() }),
      () => ({ type: "fault" as const, target, fault: { kind: "heal" as const } }),
      () => ({
        type: "fault-script" as const,
        target,
        script: this.pick("wait 3\ncut", "hold\nwait 9\nheal", "?"),
      }),
      () => ({ type: "stop-script" as const, target }),
      () => ({ type: "clear" as const }),
    )();
  }

  #dial(session: string): Parameters<TestPage["ask"]>[0] {
    return {
      type: "dial",
      session,
      through: this.pick("node", "node", "browser"),
      url: this.pick(...this.#urls),
      protocols: this.pick([], ["a"], ["a", "a"]),
      headers: this.pick<[string, string][]>(
        [],
        [["Host", "x"]],
        [["Connection", "close"]],
        [["Content-Length", "9"]],
      ),
      reconnecting: this.pick(true, false),
      reconnectingOptions: {
        minDelay: 1,
        maxDelay: this.pick(0.5, 5),
        idle: 20,
        timeout: 20,
        connectTimeout: 50,
        maxAttempts: this.pick(1, 100),
      },
    };
  }

  #fault(): Fault {
    const direction = this.pick<FaultDirection>("both", "to-server", "to-client");
    return this.pick<Fault>(
      { kind: "delay", milliseconds: 5, direction },
      { kind: "throttle", bytesPerSecond: 1000, direction },
      { kind: "hold", direction },
      { kind: "release", direction },
      { kind: "cut" },
      { kind: "reset" },
      { kind: "cut-inside-frame" },
      { kind: "drop-handshakes" },
      { kind: "answer", status: 503 },
      { kind: "restart-server", crash: this.pick(true, false), downFor: 2 },
    );
  }
}

describe("the workbench, whatever pages ask", () => {
  for (const seed of [1, 2, 3]) {
    it(`stays, lets go of everything, and works for the next page: seed ${seed}`, async () => {
      const command = startCommand(["workbench"]);
      const url = await command.waitForLine();
      const [first, second] = [new TestPage(url), new TestPage(url)];
      for (const page of [first, second]) await page.until(() => page.messages.length > 1, "hello");
      const before = openFiles(command.child.pid);
      const asker = new Asker(seed, [
        ...first.hello.places.map((place) => place.url),
        "ws://127.0.0.1:9/",
        "x",
      ]);
      const pages = [first, second];
      const answers = [];
      for (let number = 0; number < requests; number++) {
        const page = asker.pick(...pages);
        page.keepsUp = asker.pick(true, true, true, false);
        answers.push(page.ask(asker.question()));
        // Some come at once, some after what the last one has begun.
        if (number % 5 === 0) await page.ask({ type: "clear" });
      }
      // A burst on a held line has its answer with the end of its session.
      for (const page of pages) {
        for (const session of ["a", "b", "__proto__"]) await page.ask({ type: "forget", session });
      }
      const types = new Set((await Promise.all(answers)).map(({ type }) => type));
      assert.deepEqual([...types].sort(), ["done", "line", "refused"]);
      for (const { socket } of pages) socket.close();

      const next = new TestPage(url);
      await next.until(
        () => next.messages.some((message) => message.type === "server" && message.isUp),
        "a server",
      );
      await next.dial("a", next.place("echo"));
      await next.ask({ type: "send", session: "a", data: { text: "hi" }, count: 1 });
      assert.equal((await next.reported("a", "message")).fields["data"], "hi");
      await next.forget("a");
      if (before !== undefined) {
        // The last lines take a moment to go.
        let now = openFiles(command.child.pid) ?? 0;
        for (let look = 0; now > before && look < 500; look++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          now = openFiles(command.child.pid) ?? 0;
        }
        assert.ok(now <= before, `${now} open files, ${before} at first`);
      }
      next.socket.close();
      const { code, stderr } = await command.kill("SIGINT");
      assert.deepEqual([code, stderr], [0, ""]);
    });
  }
});

/** How many files and sockets a process has open, where that can be seen. */
function openFiles(pid: number | undefined): number | undefined {
  return process.platform === "linux" ? readdirSync(`/proc/${pid}/fd`).length : undefined;
}
