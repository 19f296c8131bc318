import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isBlockedPort } from "./blocked-ports.js";

/** Whether Node's own `fetch` refuses the port; nothing goes to the network. */
async function isBadPortForFetch(port: number): Promise<boolean> {
  const dispatcher = {
    dispatch() {
      throw new Error("would be sent");
    },
  };
  const init: object = { dispatcher };
  const error: unknown = await fetch(`http://127.0.0.1:${port}/`, init).catch((reason: unknown) => reason);
  assert.ok(error instanceof Error && error.cause instanceof Error);
  return error.cause.message === "bad port";
}

describe("isBlockedPort", () => {
  it("blocks the ports of other protocols, and those only", async () => {
    const blocked: number[] = [];
    const expected: number[] = [];
    for (let port = 1; port < 11_000; port++) {
      if (isBlockedPort(port)) blocked.push(port);
      if (await isBadPortForFetch(port)) expected.push(port);
    }
    assert.deepEqual(blocked, expected);
    assert.ok(expected.includes(22) && expected.includes(10080), "fetch could be asked");
  });

  it("blocks none above, and port 0", () => {
    for (let port = 11_000; port < 0x10000; port++) assert.ok(!isBlockedPort(port), String(port));
    assert.ok(isBlockedPort(0));
  });
});
