import assert from "node:assert/strict";
import { test } from "node:test";
import { runProgram } from "../testing-support/child.test.support.js";
import { http2EchoServer } from "../testing-support/http2.test.support.js";

test("an idle shared session keeps no process alive", async (t) => {
  const { url } = await http2EchoServer(t, { plain: true });
  const { code, stdout, stderr } = await runProgram(
    `
      const { setTimeout } = globalThis;
      // The time that an idle session is kept for, and nothing else here is as short: it never ends.
      globalThis.setTimeout = (callback, delay) => setTimeout(callback, delay <= 1000 ? 2 ** 30 : delay);
      const socket = new WebSocket(url, { http2: true });
      socket.onopen = () => socket.close();
      socket.onclose = ({ wasClean }) => console.log(wasClean);
    `,
    url,
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "true\n");
});

test("an open object keeps the process alive, a closed one beside it or not", async (t) => {
  const { url } = await http2EchoServer(t, { plain: true });
  const { code, stdout, stderr } = await runProgram(
    `
      const stays = new WebSocket(url, { http2: true });
      const goes = new WebSocket(url, { http2: true });
      goes.onopen = () => goes.close();
      goes.onclose = () => setTimeout(() => stays.send("still here"), 700).unref();
      stays.onmessage = ({ data }) => { console.log(data); stays.close(); };
    `,
    url,
  );
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "still here\n");
});
