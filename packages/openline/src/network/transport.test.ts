import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { Duplex, duplexPair } from "node:stream";
import { after, describe, it } from "node:test";
import { setImmediate as nextTask } from "node:timers/promises";
import type { Bytes } from "../protocol/buffer.js";
import { OutgoingBuffer } from "../protocol/outgoing-buffer.js";
import { Transport, type TransportHandler } from "./transport.js";

interface LineEvents {
  received: [];
  drained: [];
  peerEnded: [];
  closed: [Error | undefined];
}

/** A transport with its output, and what it tells. */
class Line extends EventEmitter<LineEvents> implements TransportHandler {
  readonly output: OutgoingBuffer;
  readonly transport: Transport;
  readonly told: string[] = [];
  #chunks: Buffer[] = [];
  #length = 0;

  constructor(socket: Duplex) {
    super();
    this.output = new OutgoingBuffer({ flush: () => this.transport.flush() });
    this.transport = new Transport(socket, this.output, this);
  }

  write(bytes: Uint8Array | string): void {
    const source = Buffer.from(bytes);
    for (let i = 0; i < source.length; i += OutgoingBuffer.maxReservation) {
      const part = source.subarray(i, i + OutgoingBuffer.maxReservation);
      const position = this.output.reserve(part.length);
      part.copy(this.output.bytes, position);
    }
  }

  /** As a connection does it: writes, counts, and has it flushed at the end of the task. */
  send(bytes: Uint8Array | string): void {
    this.write(bytes);
    this.transport.countBytes(bytes.length);
    this.transport.flushSoon();
  }

  received(bytes: Bytes): void {
    this.#chunks.push(Buffer.from(bytes));
    this.#length += bytes.length;
    bytes.fill(0); // as unmasking in place would
    this.emit("received");
  }

  /** The next `length` bytes that have come. */
  async take(length: number): Promise<Buffer> {
    while (this.#length < length) await once(this, "received");
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all.subarray(length)];
    this.#length -= length;
    return all.subarray(0, length);
  }

  drained(): void {
    assert.equal(this.transport.socket.writableLength, 0);
    this.told.push("drained");
    this.emit("drained");
  }

  peerEnded(): void {
    this.told.push("peerEnded");
    this.emit("peerEnded");
  }

  closed(error: Error | undefined): void {
    this.told.push(error === undefined ? "closed" : `closed: ${error.message}`);
    this.emit("closed", error);
  }
}

const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
after(() => server.close());

async function sockets(): Promise<[Socket, Socket]> {
  if (!server.listening) await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const accepted = once(server, "connection");
  const client = connect({ port: address.port, host: "127.0.0.1", allowHalfOpen: true });
  const [[peer]] = await Promise.all([accepted, once(client, "connect")]);
  return [client, peer];
}

const ways: [name: string, pair: () => Promise<[Duplex, Duplex]>][] = [
  ["sockets", sockets],
  ["other streams", async () => duplexPair()],
];

/** Bytes without a pattern of a length that a mistake could share. */
function noise(length: number, seed: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (Math.sin(i + seed) * 1e6) & 0xff));
}

for (const [name, pair] of ways) {
  describe(`Transport over ${name}`, () => {
    it("carries bytes both ways, of several connections at once, in their order", async () => {
      const lines: [Line, Line][] = [];
      for (let i = 0; i < 3; i++) {
        const [a, b] = await pair();
        lines.push([new Line(a), new Line(b)]);
      }
      const sent = lines.flat().map((_, i) => noise(400_000, i * 1000));
      let position = 0;
      for (let step = 1; position < 400_000; step = (step * 7) % 20_011) {
        for (const [i, line] of lines.flat().entries())
          line.send(sent[i]?.subarray(position, position + step) ?? "");
        position += step;
        if (step % 5 === 0) await nextTask();
      }
      const received = await Promise.all(lines.flatMap(([a, b]) => [b.take(400_000), a.take(400_000)]));
      for (const [i, bytes] of received.entries()) assert.ok(sent[i] && bytes.equals(sent[i]), `line ${i}`);
      for (const { transport } of lines.flat()) {
        while (transport.bufferedBytes > 0) await nextTask();
        assert.equal(transport.bufferedBytes, 0);
        transport.destroy();
      }
    });

    it("writes all that one task sends at once, at its end", async () => {
      const [socket, peer] = await pair();
      const line = new Line(socket);
      const other = new Line(peer);
      const writes: number[] = [];
      const write = socket.write.bind(socket);
      socket.write = (chunk: Buffer, ...rest: never[]) => {
        writes.push(chunk.length);
        return write(chunk, ...rest);
      };
      for (let i = 0; i < 100; i++) line.send("0123456789");
      await undefined;
      line.send("from a microtask");
      assert.deepEqual(writes, []);
      await other.take(1016);
      assert.deepEqual(writes, [1016]);
      line.transport.destroy();
      peer.destroy();
    });

    it("counts bytes until a later task than the one they were taken in", async () => {
      const [socket, peer] = await pair();
      const line = new Line(socket);
      const other = new Line(peer);
      assert.equal(line.transport.bufferedBytes, 0);
      line.send("12345");
      line.transport.flush();
      line.send("678");
      assert.equal(line.transport.bufferedBytes, 8);
      await undefined;
      assert.equal(line.transport.bufferedBytes, 8);
      await other.take(8);
      while (line.transport.bufferedBytes > 0) await nextTask();
      assert.equal(line.transport.bufferedBytes, 0);
      line.transport.destroy();
      peer.destroy();
    });

    it("goes on counting what a peer that doesn't read leaves, and says when all is taken", async () => {
      const [socket, peer] = await pair();
      const line = new Line(socket);
      const other = new Line(peer);
      other.transport.pause();
      const size = 16 * 1024 * 1024;
      const data = Buffer.alloc(size, 7);
      line.send(data);
      for (let i = 0; i < 20; i++) await nextTask();
      assert.ok(line.transport.bufferedBytes > 0);
      line.told.splice(0);
      line.send("more");
      for (let i = 0; i < 20; i++) await nextTask();
      assert.deepEqual(line.told, []);
      const drained = once(line, "drained");
      other.transport.resume();
      const received = await other.take(size + 4);
      assert.ok(received.subarray(0, size).equals(data) && received.subarray(size).toString() === "more");
      await drained;
      while (line.transport.bufferedBytes > 0) await nextTask();
      line.transport.destroy();
      peer.destroy();
    });

    it("tells of the peer's end, and can still send", async () => {
      const [socket, peer] = await pair();
      const line = new Line(socket);
      const other = new Line(peer);
      other.send("bye");
      const ended = once(line, "peerEnded");
      other.transport.end();
      await ended;
      assert.equal((await line.take(3)).toString(), "bye");
      line.send("good night");
      const closed = Promise.all([once(line, "closed"), once(other, "closed")]);
      line.transport.end();
      assert.equal((await other.take(10)).toString(), "good night");
      await closed;
      assert.equal(line.told.filter((told) => told !== "drained").join(), "peerEnded,closed");
    });

    it("tells of an error with the end of the socket, and takes what is sent afterwards for lost", async () => {
      const [socket, peer] = await pair();
      const line = new Line(socket);
      const closed = once(line, "closed");
      const error = new Error("cut");
      socket.destroy(error);
      assert.deepEqual(await closed, [error]);
      line.send("into the void");
      await nextTask();
      await nextTask();
      assert.ok(line.output.isEmpty);
      assert.equal(
        line.transport.bufferedBytes,
        13,
        "bufferedAmount only grows once the connection is closed",
      );
      peer.destroy();
    });
  });
}

describe("Transport", () => {
  it("leaves the memory of another stream's chunks alone", async () => {
    const [socket, peer] = duplexPair();
    const line = new Line(socket);
    const mine = Buffer.from("mine");
    peer.write(mine);
    assert.equal((await line.take(4)).toString(), "mine");
    assert.equal(mine.toString(), "mine");
  });

  it("gives another stream memory that it may keep", async () => {
    const kept: Buffer[] = [];
    const stream = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        kept.push(chunk);
        done();
      },
    });
    const line = new Line(stream);
    for (const text of ["one", "two", "three"]) {
      line.send(text);
      await nextTask();
    }
    assert.deepEqual(kept.map(String), ["one", "two", "three"]);
  });

  it("gives a shared slab back once the socket has taken its bytes", async () => {
    const [socket, peer] = await sockets();
    const line = new Line(socket);
    const other = new Line(peer);
    const places = new Set<number>();
    for (let i = 0; i < 100; i++) {
      places.add(line.output.reserve(10_000));
      line.transport.flush();
      await other.take(10_000);
    }
    assert.ok(places.size < 50, `${places.size} places`);
    line.transport.destroy();
    peer.destroy();
  });

  it("reads no further while it is paused", async () => {
    const [socket, peer] = duplexPair();
    const line = new Line(socket);
    line.transport.pause();
    peer.write("waiting");
    for (let i = 0; i < 10; i++) await nextTask();
    const taken = line.take(7);
    const first = await Promise.race([taken, nextTask("nothing")]);
    assert.equal(first, "nothing");
    line.transport.resume();
    assert.equal((await taken).toString(), "waiting");
  });
});
