import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";

describe("docs/reconnecting.md", { timeout: 120_000 }, () => {
  it("says what the scenes say, and shows the states as they are drawn", async () => {
    // A process of its own: a library leaves a rejection unhandled, which belongs into the table.
    const start = fileURLToPath(new URL("./start.js", import.meta.url));
    const child = spawn(process.execPath, [start, "--check"], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (text) => {
      printed += text;
    });
    const [status] = await once(child, "exit");
    assert.equal(status, 0, `make it anew with node conformance/dist/reconnecting/start.js\n${printed}`);
  });
});
