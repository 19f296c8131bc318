import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runProgram } from "../testing-support/child.test.support.js";

const module = JSON.stringify(new URL("./index.js", import.meta.url).href);

/** Runs `source` in a process of its own: globals can't be taken back. `ours` are the library's objects. */
async function run(source: string): Promise<unknown> {
  const program = `
    import * as ours from ${JSON.stringify(new URL("../index.js", import.meta.url).href)};
    const own = (name) => Object.getOwnPropertyDescriptor(globalThis, name);
    const results = {};
    ${source}
    process.stdout.write(JSON.stringify(results));
  `;
  const { code, stdout, stderr } = await runProgram(program);
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

const names = ["WebSocket", "WebSocketStream", "WebSocketError", "CloseEvent"];

describe("openline/global", () => {
  test("installs what the platform lacks, as an interface object's property", async () => {
    const results = await run(`
      for (const name of ${JSON.stringify(names)}) Reflect.deleteProperty(globalThis, name);
      await import(${module});
      for (const name of ${JSON.stringify(names)}) {
        const { value, ...rest } = own(name);
        results[name] = { isOurs: value === ours[name], ...rest };
      }
    `);
    const expected = { isOurs: true, writable: true, enumerable: false, configurable: true };
    assert.deepEqual(results, Object.fromEntries(names.map((name) => [name, expected])));
  });

  test("leaves what the platform has", async () => {
    const results = await run(`
      globalThis.WebSocket = "the platform's";
      await import(${module});
      results.WebSocket = globalThis.WebSocket;
    `);
    assert.deepEqual(results, { WebSocket: "the platform's" });
  });

  test("install({ force: true }) replaces it, install() and force: false don't", async () => {
    const results = await run(`
      globalThis.WebSocket = "the platform's";
      const { install } = await import(${module});
      install();
      install({});
      install({ force: false });
      results.before = globalThis.WebSocket;
      install({ force: true });
      results.isOurs = globalThis.WebSocket === ours.WebSocket;
    `);
    assert.deepEqual(results, { before: "the platform's", isOurs: true });
  });

  test("force: refuses what is neither true nor false", async () => {
    const results = await run(`
      const { install } = await import(${module});
      results.errors = [1, "yes", null].map((force) => {
        try { install({ force }); } catch (error) { return [error.name, error.message.includes("force")]; }
      });
    `);
    assert.deepEqual(results, { errors: Array(3).fill(["TypeError", true]) });
  });
});
