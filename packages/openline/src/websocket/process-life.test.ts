import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { endCleanly, runAgainst, runProgram } from "../testing-support/child.test.support.js";
import { encodeFrame, text } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";

describe("no listener at all", () => {
  test("for a connection that opens, gets messages and closes", async (t) => {
    const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
      peer.send(text("1"));
      endCleanly(peer);
    });
    assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
  });

  test("for a connection that breaks", async (t) => {
    for (const end of ["resetAndDestroy", "destroy", "end"] as const) {
      const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
        peer.socket[end]();
      });
      assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
    }
    const result = await runAgainst(t, "new WebSocket(url);", (peer) => {
      peer.send(encodeFrame(0x3));
      peer.socket.end();
    });
    assert.deepEqual(result, { code: 0, stdout: "", stderr: "" });
  });

  test("for a connection that never opens", async (t) => {
    const server = await rawServer(t);
    server.close();
    assert.deepEqual(await runProgram("new WebSocket(url);", server.url), {
      code: 0,
      stdout: "",
      stderr: "",
    });
    const blocked = await runProgram("new WebSocket('ws://127.0.0.1:1/');");
    assert.deepEqual(blocked, { code: 0, stdout: "", stderr: "" });
  });
});

describe("the process", () => {
  test("lives as long as a connection is open, without any listener or timer", async (t) => {
    const source = `
      const socket = new WebSocket(url);
      process.on("exit", () => console.log("exit", socket.readyState));
    `;
    const { code, stdout } = await runAgainst(t, source, async (peer) => {
      // Time for a process that is not held to end; one that is held does not depend on it.
      await new Promise((resolve) => setTimeout(resolve, 300));
      endCleanly(peer);
    });
    assert.equal(code, 0);
    assert.equal(stdout, "exit 3\n");
  });

  test("ends once its connection is closed, by either side", async (t) => {
    const byServer = `
      const socket = new WebSocket(url);
      socket.onclose = () => { const at = performance.now(); process.on("exit", () => console.log(performance.now() - at < 2000)) };
    `;
    assert.deepEqual(await runAgainst(t, byServer, endCleanly), { code: 0, stdout: "true\n", stderr: "" });
    const byProgram = `${byServer} socket.onopen = () => socket.close(1000);`;
    const result = await runAgainst(t, byProgram, async (peer) => {
      await peer.nextFrame();
      endCleanly(peer);
    });
    assert.deepEqual(result, { code: 0, stdout: "true\n", stderr: "" });
  });

  test("ends after close() while connecting, and after a failure that the server does not end", async (t) => {
    const server = await rawServer(t);
    const aborted = runProgram("new WebSocket(url).close();", server.url);
    assert.equal((await aborted).code, 0);
    const source = `
      const socket = new WebSocket(url);
      socket.onclose = () => { const at = performance.now(); process.on("exit", () => console.log(performance.now() - at < 2000)) };
    `;
    const result = await runAgainst(t, source, (peer) => peer.send(encodeFrame(0x3)));
    assert.deepEqual(result, { code: 0, stdout: "true\n", stderr: "" });
  });

  test("with a server of its own ends after the server's close()", async () => {
    const source = `
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      server.on("listening", () => {
        const socket = new WebSocket("ws://127.0.0.1:" + server.address().port);
        socket.onopen = () => server.close().then(() => console.log("closed"));
        socket.onclose = ({ code }) => console.log(code);
      });
    `;
    const { code, stdout, stderr } = await runProgram(source);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.deepEqual(stdout.trim().split("\n").sort(), ["1001", "closed"]);
  });
});

describe("close() of a server", () => {
  test("settles before the process ends, also after a connection that has failed", async () => {
    const source = `
      import { connect } from "node:net";
      const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
      await new Promise((resolve) => server.on("listening", resolve));
      server.on("connection", (socket) => {
        socket.onclose = async ({ code }) => {
          console.log(code);
          await server.close();
          console.log("closed");
        };
      });
      const client = connect(server.address().port, "127.0.0.1", () => client.write([
        "GET / HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA==", "Sec-WebSocket-Version: 13", "", "",
      ].join("\\r\\n") + "an unmasked frame"));
      client.on("data", () => {});
      client.unref();
    `;
    const { code, stdout, stderr } = await runProgram(source);
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "1006\nclosed\n", stderr: "" });
  });
});
