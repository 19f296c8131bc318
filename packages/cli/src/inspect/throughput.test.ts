import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { drained, WebSocket } from "openline";
import { readHar } from "../recording/har-reader.js";
import { startCommand } from "../testing-support/command.test.support.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { echoServer, suiteScope } from "../testing-support/peers.test.support.js";
import { TestPage } from "../workbench/page.test.support.js";

/** Messages each way. */
const count = 100_000;

/** As fast as the other end takes them. */
async function pour(socket: WebSocket, name: string): Promise<void> {
  for (let number = 0; number < count; number++) {
    socket.send(`${name} ${number}`);
    if (number % 1000 === 0) await drained(socket, 2 ** 16);
  }
}

describe("openline inspect under load", { timeout: 120_000 }, () => {
  const scope = suiteScope();

  it(`loses none of ${2 * count} messages that pass as fast as they can, with the page open`, async () => {
    const { url } = await echoServer(scope, (socket) => {
      // The answer to the first message says that the client listens.
      socket.addEventListener("message", () => void pour(socket, "from server"), { once: true });
      let received = 0;
      socket.addEventListener("message", () => {
        if (++received === count) socket.send("all received");
      });
    });
    const file = join(temporaryFolder(), "load.har");
    const command = startCommand(["inspect", url, "--record", file]);
    const proxyUrl = await command.waitForLine();
    const page = new TestPage(await command.waitForLine());
    await page.until(() => page.messages.length > 0, "hello");

    const socket = new WebSocket(proxyUrl, { perMessageDeflate: false });
    await once(socket, "open");
    let received = 0;
    const all = new Promise<void>((resolve) => {
      socket.onmessage = () => {
        if (++received === count + 1) resolve();
      };
    });
    await Promise.all([pour(socket, "from client"), all]);
    socket.close(1000);
    await once(socket, "close");
    // Frames of messages, "all received", and two close frames: each was told to the page, or at least counted.
    const frames = 2 * count + 3;
    await page.until(
      () => page.wire.filter(({ kind }) => kind === "frame").length + page.missed >= frames,
      "all frames",
    );
    const { code, stderr } = await command.kill("SIGINT");
    assert.deepEqual([code, stderr], [0, ""]);

    const [connection, ...others] = readHar(readFileSync(file, "utf8")).connections;
    assert.ok(connection);
    assert.deepEqual(others, []);
    assert.equal(connection.frames.length, frames);
    const next = { sent: 0, received: 0 };
    for (const { direction, opcode, payload } of connection.frames) {
      if (opcode === 8 || payload === "all received") continue;
      const expected = `from ${direction === "sent" ? "client" : "server"} ${next[direction]++}`;
      // Not assert: two hundred thousand of them take their time.
      if (payload !== expected) assert.equal(payload, expected);
    }
    assert.deepEqual(next, { sent: count, received: count });
    const times = connection.frames.map(({ time }) => time);
    assert.ok(times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0)));
    assert.equal(connection.end?.wasClean, true);
  });
});
