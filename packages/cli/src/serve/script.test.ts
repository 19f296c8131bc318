import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, it } from "node:test";
import { runCommand } from "../testing-support/command.test.support.js";
import { moduleFile, openClient, startServe } from "./serve.test.support.js";

describe("openline serve --script", () => {
  it("answers with what message gives back", async (t) => {
    const path = moduleFile(`
      export async function message(data, socket, request) {
        if (typeof data !== "string") return Uint8Array.from(new Uint8Array(data), (byte) => byte + 1);
        if (data === "nothing") return undefined;
        if (data === "url") return request.url;
        if (data === "list") return [1, 2];
        if (data === "object") return { number: 1 };
        if (data === "several") return (async function* () { yield "first"; yield { second: 2 }; yield new Blob(["third"]); })();
        if (data === "own") socket.send("sent by itself");
      }`);
    const { url } = await startServe(t, "--script", path);
    const client = await openClient(t, `${url}path?query`);
    const ask = async (data: string | Uint8Array<ArrayBuffer>, answers = 1): Promise<unknown[]> => {
      client.socket.send(data);
      const all = [];
      while (all.length < answers) all.push(await client.next());
      return all;
    };
    assert.deepEqual(await ask(Uint8Array.of(1, 2)), [Uint8Array.of(2, 3).buffer]);
    client.socket.send("nothing");
    assert.deepEqual(await ask("url"), ["/path?query"]);
    assert.deepEqual(await ask("list"), ["[1,2]"]);
    assert.deepEqual(await ask("object"), ['{"number":1}']);
    const [first, second, third] = await ask("several", 3);
    assert.deepEqual([first, second], ["first", '{"second":2}']);
    assert.equal(Buffer.from(third as ArrayBuffer).toString(), "third");
    assert.deepEqual(await ask("own"), ["sent by itself"]);
  });

  it("gives the socket and the request to the default export", async (t) => {
    const path = moduleFile(`
      export default (socket, request) => {
        socket.send("welcome to " + request.url);
        socket.onmessage = ({ data }) => socket.close(4001, data);
      };`);
    const { url, command } = await startServe(t, "--script", path);
    const client = await openClient(t, `${url}room`);
    assert.equal(await client.next(), "welcome to /room");
    client.socket.send("leave");
    assert.deepEqual(await client.end(), { code: 4001, reason: "leave", wasClean: true });
    await command.waitFor("→ text 16 B welcome to /room");
  });

  it("is what the documentation shows", async (t) => {
    const page = readFileSync(new URL("../../../../docs/command-line.md", import.meta.url), "utf8");
    const [, source = ""] = /^```js\n(\/\/ answers\.mjs\n[\s\S]*?)^```$/m.exec(page) ?? [];
    const { url } = await startServe(t, "--script", moduleFile(source));
    const client = await openClient(t, `${url}room`);
    assert.equal(await client.next(), "welcome to /room");
    client.socket.send("loud");
    assert.equal(await client.next(), "LOUD");
    client.socket.send("time");
    assert.match(String(await client.next()), /^\{"now":\d+\}$/);
    client.socket.send("count");
    assert.deepEqual([await client.next(), await client.next(), await client.next()], ["1", "2", "3"]);
  });

  it("takes a CommonJS module as well", async (t) => {
    const path = moduleFile("exports.message = (data) => data.toUpperCase();", "answers.cjs");
    const { url } = await startServe(t, "--script", path);
    const client = await openClient(t, url);
    client.socket.send("loud");
    assert.equal(await client.next(), "LOUD");
  });

  it("an error closes the connection that it happened on, and no other", async (t) => {
    const path = moduleFile(`
      export default (socket, request) => {
        if (request.url === "/default") throw new Error("in default");
        socket.addEventListener("message", ({ data }) => {
          if (data === "listener") throw new Error("in a listener");
          if (data === "promise") Promise.reject(new Error("in a promise"));
          if (data === "timer") setTimeout(() => { throw new Error("in a timer"); });
        });
      };
      export function message(data) {
        if (data === "message") throw new TypeError("line one\\n\\x1b[31mline two");
        if (data === "async") return Promise.reject("no error");
        if (data === "unsendable") return () => {};
        if (data === "generator") return (function* () { yield "one"; throw new Error("in a generator"); })();
        return "fine";
      }`);
    const { url, command } = await startServe(t, "--script", path);
    const witness = await openClient(t, url);
    const name = basename(path);
    const cases = {
      message: `TypeError: line one\\n\\x1b[31mline two (${name}:11:`,
      async: "threw no error",
      unsendable: "TypeError: the answer is a function, which can't be sent",
      generator: `Error: in a generator (${name}:14:`,
      listener: `Error: in a listener (${name}:5:`,
      promise: `Error: in a promise (${name}:6:`,
      timer: `Error: in a timer (${name}:7:`,
    };
    let number = 1;
    for (const [data, said] of Object.entries(cases)) {
      number += 1;
      const client = await openClient(t, url);
      client.socket.send(data);
      assert.deepEqual(await client.end(), {
        code: 4500,
        reason: "The server's script failed",
        wasClean: true,
      });
      const line = await command.waitForLine("stderr");
      const start = `openline: script ${path}, connection #${number}: ${said}`;
      assert.equal(line.slice(0, start.length), start);
    }
    const client = await openClient(t, `${url}default`);
    assert.equal((await client.end()).code, 4500);
    witness.socket.send("and you?");
    assert.equal(await witness.next(), "fine");
    // Nothing of the script keeps it alive.
    assert.equal((await command.kill("SIGINT")).code, 0);
  });

  it("leaves an endless generator when its client goes", async (t) => {
    const path = moduleFile(`
      export async function* message() {
        try {
          for (let i = 0; ; i += 1) { yield String(i); await new Promise(setImmediate); }
        } finally {
          console.error("generator left");
        }
      }`);
    const { url, command } = await startServe(t, "--quiet", "--script", path);
    const client = await openClient(t, url);
    client.socket.send("begin");
    assert.deepEqual([await client.next(), await client.next()], ["0", "1"]);
    client.socket.close();
    await command.waitFor("generator left", "stderr");
  });

  for (const [what, source, said] of [
    [
      "nothing",
      "",
      "expected a function as its default export or as its export message, but it exports nothing",
    ],
    ["another name", "export const onMessage = () => {};", "but it exports onMessage"],
    ["no function", "export default 1; export const message = 'hello';", "but it exports default, message"],
    ["broken", "export default (\n\n;", "SyntaxError: Unexpected token ';' (answers.mjs:3)"],
    ["throwing", "\nthrow new RangeError('too much');", "RangeError: too much (answers.mjs:2:7)"],
    ["lacking", "import 'no-such-package-at-all';", "Cannot find package 'no-such-package-at-all'"],
  ] as const) {
    it(`refuses a module that is ${what}`, async () => {
      const path = moduleFile(source);
      const { code, stdout, stderr } = await runCommand(["serve", "--port", "0", "--script", path]);
      assert.equal(stderr.startsWith(`openline: --script "${path}": `), true, stderr);
      assert.equal(stderr.includes(said), true, stderr);
      assert.deepEqual({ code, stdout, lines: stderr.split("\n").length }, { code: 2, stdout: "", lines: 2 });
    });
  }
});
