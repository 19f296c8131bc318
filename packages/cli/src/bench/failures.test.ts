import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { terminate } from "openline";
import { runCommand } from "../testing-support/command.test.support.js";
import {
  echoServer,
  handshakingServer,
  httpServer,
  refusingUrl,
  type Scope,
  tcpServer,
} from "../testing-support/peers.test.support.js";
import { measure, type Report } from "./measure.test.support.js";

describe("openline bench, where something is wrong", () => {
  it("says how many connections could not be opened, and why", async () => {
    const url = await refusingUrl();
    const { code, stdout, stderr } = await runCommand(["bench", url, "-c", "3"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 3 of 3 connections could not be opened: .*ECONNREFUSED.*\n$/);
    assert.match(stdout, /│ failed +│ +3 │ 3 × .*ECONNREFUSED/);
  });

  for (const [what, start, said] of [
    ["refuses", (t: Scope) => httpServer(t, (_request, response) => response.writeHead(403).end()), /403/],
    ["speaks nonsense", (t: Scope) => tcpServer(t, (socket) => socket.end("nonsense\r\n\r\n")), /HTTP/],
    ["cuts", (t: Scope) => tcpServer(t, (socket) => socket.destroy()), /connect/],
  ] as const) {
    it(`a server that ${what}`, async (t) => {
      const { code, stderr, report } = await measure(await start(t), "-c", "2");
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.equal(report.connections.failed, 2);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    });
  }

  it("a server that dies ends the run early", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = ({ data }) => {
        count += 1;
        if (count === 20) terminate(socket);
        else socket.send(data as string);
      };
    });
    // Far longer than the guard of the test: it doesn't wait for its end.
    const { code, stdout, stderr } = await runCommand([
      "bench",
      server.url,
      "--json",
      "-c",
      "2",
      "-d",
      "3600",
    ]);
    assert.equal(code, 1);
    assert.equal(stderr, "openline: 2 of 2 connections ended early: the connection was cut\n");
    const { connections, messages } = JSON.parse(stdout) as Report;
    assert.deepEqual(connections.endings, [{ reason: "the connection was cut", count: 2 }]);
    assert.deepEqual({ sent: messages.sent, replies: messages.replies }, { sent: 40, replies: 38 });
    assert.equal(messages.unanswered, 2);
  });

  it("a server that breaks the protocol", async (t) => {
    const url = await handshakingServer(t, (socket) => socket.write(Uint8Array.of(0x83, 0x00)));
    const { code, stderr } = await runCommand(["bench", url, "-c", "1", "-d", "3600"]);
    assert.equal(code, 1);
    assert.match(stderr, /^openline: 1 of 1 connections ended early: .*\(ERR_WS_UNKNOWN_OPCODE\)\n$/);
  });

  it("a server that closes, with control characters in its reason", async (t) => {
    const server = await echoServer(t, (socket) => socket.close(4001, "\x1b[2Jfull"));
    const { code, stdout, stderr } = await runCommand(["bench", server.url, "-c", "1", "-d", "3600"]);
    assert.equal(code, 1);
    assert.equal(stderr.includes("\x1b") || stdout.includes("\x1b"), false);
    assert.match(stderr, /ended early: the server closed with 4001 \\x1b\[2Jfull\n$/);
  });

  it("a server that doesn't answer", async (t) => {
    const server = await echoServer(t, () => {});
    const { code, stderr, report } = await measure(server.url, "-c", "2", "-f", "3");
    assert.equal(code, 1);
    assert.equal(stderr, "openline: no message was answered: bench needs a server that echoes\n");
    assert.deepEqual([report.messages.sent, report.messages.unanswered], [6, 6]);
  });

  it("a server that answers something else, unless --any-reply takes it", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = () => {
        count += 1;
        socket.send(`answer ${count}`);
      };
    });
    const refused = await measure(server.url, "-c", "1");
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^openline: no message came back as it was sent, but 1 others? came; --any-reply takes any message for the reply\n$/,
    );
    const { code, report } = await measure(server.url, "-c", "1", "--any-reply");
    assert.equal(code, 0);
    assert.ok(report.messages.replies > 1);
  });

  it("a server that greets: the greeting is no reply", async (t) => {
    const server = await echoServer(t, (socket) => {
      socket.send("welcome");
      socket.onmessage = ({ data }) => socket.send(data as string);
    });
    const { code, report } = await measure(server.url, "-c", "3");
    assert.equal(code, 0);
    assert.equal(report.messages.others, 3);
    assert.equal(report.messages.replies, report.messages.sent);
  });

  it("some messages unanswered", async (t) => {
    const server = await echoServer(t, (socket) => {
      let count = 0;
      socket.onmessage = ({ data }) => {
        count += 1;
        if (count <= 5) socket.send(data as string);
      };
    });
    const { code, stderr } = await measure(server.url, "-c", "1", "-f", "2");
    assert.equal(code, 1);
    assert.equal(stderr, "openline: 2 of 7 messages were not answered\n");
  });
});
