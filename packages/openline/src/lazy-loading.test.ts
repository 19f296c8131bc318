import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const dist = new URL(".", import.meta.url);

/** What a program of its own prints that runs `source` as a module. */
function run(source: string): string[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "--eval", source], {
    encoding: "utf8",
    cwd: fileURLToPath(dist),
  });
  assert.equal(status, 0, stderr);
  return stdout.split("\n").filter((line) => line !== "");
}

const listHttp2 = `for (const name of process.moduleLoadList) if (/http2/.test(name)) console.log(name);`;

/** From Node 22 on, the platform's own event classes come from undici, which brings http2 with it. */
const platform = run(`globalThis.CloseEvent; globalThis.MessageEvent; ${listHttp2}`);

/** Prints every module that is asked for, files and Node's own, in either way. */
const listModules = `
  import { register } from "node:module";
  import { writeSync } from "node:fs";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function resolve(specifier, context, next) {
      const resolved = await next(specifier, context);
      writeSync(1, resolved.url + "\\\\n");
      return resolved;
    }
  \`));
  const { getBuiltinModule } = process;
  process.getBuiltinModule = (name) => { writeSync(1, name + "\\n"); return getBuiltinModule(name); };
`;

describe("importing openline alone", () => {
  for (const entry of ["index.js", "server/index.js"]) {
    test(`${entry} does not load http2, where the platform itself does not`, () => {
      assert.deepEqual(run(`import ${JSON.stringify(new URL(entry, dist))}; ${listHttp2}`), platform);
    });

    test(`${entry} does not ask for http2`, () => {
      const modules = run(`${listModules} await import(${JSON.stringify(new URL(entry, dist))});`);
      assert.ok(modules.includes("node:net"));
      assert.ok(modules.some((module) => module.endsWith("/websocket/websocket.js")));
      assert.deepEqual(
        modules.filter((module) => module.includes("http2") && module.startsWith("node:")),
        [],
      );
    });
  }

  test("http2 is asked for by the option http2", () => {
    const modules = run(`${listModules}
      const { WebSocket } = await import(${JSON.stringify(new URL("index.js", dist))});
      const { createServer } = await import("node:net");
      const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1", () => {
        const socket = new WebSocket("ws://127.0.0.1:" + server.address().port, { http2: true });
        socket.onclose = () => server.close();
      });
    `);
    assert.ok(modules.includes("node:http2"));
  });

  test("loads nothing of the server", () => {
    const modules = run(`${listModules} await import(${JSON.stringify(new URL("index.js", dist))});`);
    assert.ok(modules.some((module) => module.endsWith("/websocket/websocket.js")));
    assert.deepEqual(
      modules.filter((module) => module.startsWith("file:") && module.includes("/server/")),
      [],
    );
  });
});
