import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { after, describe, it } from "node:test";
import { SharedReads, sharedReadsOf } from "./shared-read-buffer.js";

describe("SharedReads", () => {
  const server = createServer().listen(0, "127.0.0.1");
  after(() => server.close());

  async function pair(): Promise<{ socket: Socket; peer: Socket }> {
    if (!server.listening) await once(server, "listening");
    const accepted = once(server, "connection");
    const { port } = server.address() as AddressInfo;
    const reads = new SharedReads();
    const socket = reads.attach(connect({ port, host: "127.0.0.1", onread: reads.onread }));
    const [peer] = (await accepted) as [Socket];
    after(() => {
      socket.destroy();
      peer.destroy();
    });
    return { socket, peer };
  }

  it("gives whoever reads the socket as a stream memory to keep", async () => {
    const { socket, peer } = await pair();
    const chunks: Buffer[] = [];
    socket.on("data", (chunk) => chunks.push(chunk));
    for (const text of ["one", "two"]) {
      peer.write(text);
      await once(socket, "data");
    }
    assert.deepEqual(chunks.map(String), ["one", "two"]);
  });

  it("lends a receiver one and the same memory, whichever socket is read", async () => {
    const seen: { text: string; memory: ArrayBufferLike }[] = [];
    const both = [await pair(), await pair()];
    for (const { socket, peer } of both) {
      const received = new Promise<void>((resolve) => {
        sharedReadsOf(socket)?.lendTo({
          receivedLent(bytes) {
            seen.push({ text: bytes.toString(), memory: bytes.buffer });
            resolve();
          },
        });
      });
      peer.write("hello");
      await received;
    }
    assert.deepEqual(
      seen.map(({ text }) => text),
      ["hello", "hello"],
    );
    assert.equal(seen[0]?.memory, seen[1]?.memory);
  });

  it("reads no further while the socket is paused, and tells of its end", async () => {
    const { socket, peer } = await pair();
    let text = "";
    let wake = (): void => {};
    sharedReadsOf(socket)?.lendTo({
      receivedLent(bytes) {
        text += bytes;
        wake();
      },
    });
    socket.pause();
    peer.end("late");
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(text, "");
    const ended = once(socket, "end");
    const received = new Promise<void>((resolve) => {
      wake = resolve;
    });
    socket.resume();
    await received;
    assert.equal(text, "late");
    await ended;
  });

  it("is not there for other sockets", () => {
    assert.equal(sharedReadsOf({}), undefined);
  });
});
