import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { ping, WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import type { ConnectionEvent } from "./connection-event.js";
import { inTimeOrder } from "./recorded-connection.js";
import { Recording } from "./recording.js";
import { recordTraces } from "./traced-events.js";

/** What happens to the clients while `act` runs, with a server in the same process that echoes. */
async function traced(act: (port: number) => Promise<void>): Promise<ConnectionEvent[]> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", (socket) => {
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => socket.send(data as string | ArrayBuffer);
  });
  await once(server, "listening");
  const recording = new Recording();
  const stop = recordTraces(recording);
  try {
    await act((server.address() as AddressInfo).port);
  } finally {
    stop();
    await server.close();
  }
  return inTimeOrder(recording.connections);
}

describe("recordTraces", { timeout: 20_000 }, () => {
  it("records a client's connection from its request to its end, and no server's", async () => {
    const events = await traced(async (port) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/?token=secret`, {
        headers: { "X-Key": "secret" },
      });
      await once(socket, "open");
      socket.send("text");
      await once(socket, "message");
      socket.send(new Uint8Array([1, 2]));
      await once(socket, "message");
      await ping(socket);
      socket.close(1000, "bye");
      await once(socket, "close");
    });
    const shown = events.map((event) =>
      event.kind === "frame"
        ? [
            event.direction,
            event.opcode,
            event.opcode < 8 || event.opcode > 9 ? event.payload : "",
            event.fin,
          ]
        : event.kind,
    );
    assert.deepEqual(shown.slice(0, 2), ["request", "response"]);
    assert.deepEqual(shown.slice(2, 6), [
      ["sent", 1, "text", true],
      ["received", 1, "text", true],
      ["sent", 2, new Uint8Array([1, 2]), true],
      ["received", 2, new Uint8Array([1, 2]), true],
    ]);
    assert.deepEqual(
      shown.slice(6).map((each) => (typeof each === "string" ? each : each.slice(0, 2))),
      [["sent", 9], ["received", 10], ["sent", 8], ["received", 8], "end"],
    );
    const end = events.at(-1);
    assert.ok(end?.kind === "end");
    assert.deepEqual([end.code, end.reason, end.wasClean], [1000, "bye", true]);
    assert.doesNotMatch(JSON.stringify(events), /secret/);
    assert.equal(new Set(events.map(({ connection }) => connection)).size, 1);
  });

  it("records one that fails before its request by its end", async () => {
    const events = await traced(async () => {
      const socket = new WebSocket("ws://127.0.0.1:9/");
      await once(socket, "close");
    });
    const [end, ...others] = events;
    assert.ok(end?.kind === "end");
    assert.deepEqual(others, []);
    assert.equal(end.code, 1006);
    assert.ok((end.error ?? "").length > 0);
  });
});
