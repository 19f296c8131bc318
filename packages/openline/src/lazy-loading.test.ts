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

/** Hooks that print every file that is imported. */
const listFiles = `
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) {
      if (url.startsWith("file:")) writeSync(1, url + "\\\\n");
      return next(url, context);
    }
  \`));
`;

describe("importing openline alone", () => {
  test("does not load http2", () => {
    assert.deepEqual(run(`import ${JSON.stringify(new URL("index.js", dist))}; ${listHttp2}`), []);
  });

  test("does not load http2 with the server either", () => {
    assert.deepEqual(run(`import ${JSON.stringify(new URL("server/index.js", dist))}; ${listHttp2}`), []);
  });

  test("loads http2 once it is asked for", () => {
    const loaded = run(`
      import { WebSocket } from ${JSON.stringify(new URL("index.js", dist))};
      const { createServer } = await import("node:net");
      const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1", () => {
        const socket = new WebSocket("ws://127.0.0.1:" + server.address().port, { http2: true });
        socket.onclose = () => { server.close(); ${listHttp2} };
      });
    `);
    assert.ok(loaded.length > 0);
  });

  test("loads nothing of the server", () => {
    const files = run(`${listFiles} await import(${JSON.stringify(new URL("index.js", dist))});`);
    assert.ok(files.some((file) => file.endsWith("/websocket/websocket.js")));
    assert.deepEqual(
      files.filter((file) => file.includes("/server/")),
      [],
    );
  });
});
