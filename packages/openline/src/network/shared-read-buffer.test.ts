import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, Socket } from "node:net";
import { after, describe, it } from "node:test";
import { type LentPacketReceiver, receiverOf, sharedReads, shareReads } from "./shared-read-buffer.js";

/** Has `receiver` read the socket. */
function lendTo(socket: Socket, receiver: LentPacketReceiver): void {
  Object.assign(socket, { [receiverOf]: receiver });
}

describe("shared reads", () => {
  const server = createServer().listen(0, "127.0.0.1");
  after(() => server.close());

  async function pair(): Promise<{ socket: Socket; peer: Socket }> {
    if (!server.listening) await once(server, "listening");
    const accepted = once(server, "connection");
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: "127.0.0.1", onread: sharedReads() });
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
        lendTo(socket, {
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
    lendTo(socket, {
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

  it("are lent to the receiver of a socket that was accepted, too", async () => {
    const { socket, peer } = await pair();
    const seen: { text: string; memory: ArrayBufferLike }[] = [];
    let wake = (): void => {};
    for (const end of [socket, peer]) {
      lendTo(end, {
        receivedLent(bytes) {
          seen.push({ text: bytes.toString(), memory: bytes.buffer });
          wake();
        },
      });
    }
    shareReads(peer);
    peer.resume();
    for (const [from, text] of [
      [socket, "to the server"],
      [peer, "to the client"],
    ] as const) {
      const received = new Promise<void>((resolve) => {
        wake = resolve;
      });
      from.write(text);
      await received;
    }
    assert.deepEqual(
      seen.map(({ text }) => text),
      ["to the server", "to the client"],
    );
    assert.equal(seen[0]?.memory, seen[1]?.memory);
    const ended = once(peer, "end");
    socket.end();
    await ended;
  });

  it("leave alone what a program has chosen itself, and what is no connection", async () => {
    const { port } = server.address() as AddressInfo;
    const buffer = Buffer.alloc(10);
    const read = new Promise<string>((resolve) => {
      const callback = (length: number): boolean => {
        resolve(buffer.toString("latin1", 0, length));
        return true;
      };
      const socket = connect({ port, host: "127.0.0.1", onread: { buffer, callback } });
      after(() => socket.destroy());
      shareReads(socket);
    });
    const [peer] = (await once(server, "connection")) as [Socket];
    after(() => peer.destroy());
    peer.write("own");
    assert.equal(await read, "own");
    shareReads(new Socket());
  });
});
