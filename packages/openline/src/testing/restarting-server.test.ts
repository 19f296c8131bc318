import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { WebSocket } from "../websocket/websocket.js";
import { RestartingServer } from "./restarting-server.js";

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  return socket;
}

describe("RestartingServer", { timeout: 20_000 }, () => {
  it("comes back on the same port, after a stop and after a crash", async () => {
    const server = await RestartingServer.start({
      onConnection: (socket) => {
        socket.onmessage = ({ data }) => socket.send(data as string);
      },
    });
    const { port, url } = server;
    const first = await open(url);
    assert.equal(server.clients.size, 1);
    const stopped = once(first, "close");
    await server.stop();
    const [{ code }] = await stopped;
    assert.equal(code, 1001);

    await server.start();
    assert.equal(server.port, port);
    const second = await open(url);
    const echoed = once(second, "message");
    second.send("again");
    assert.equal((await echoed)[0].data, "again");
    const crashed = once(second, "close");
    await server.crash();
    const [{ code: abnormal, wasClean }] = await crashed;
    assert.equal(abnormal, 1006);
    assert.equal(wasClean, false);
    await assert.rejects(server.stop(), /not running/);

    await server.start();
    await assert.rejects(server.start(), /is running/);
    (await open(url)).close();
    await server.stop();
  });
});
