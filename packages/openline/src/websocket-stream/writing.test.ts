import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { WebSocketError } from "../index.js";
import { close, text } from "../testing-support/frames.test.support.js";
import { turns, within } from "../testing-support/guard.test.support.js";
import { domException } from "../testing-support/sockets.test.support.js";
import { openStreamLine, rejection, streamError } from "../testing-support/streams.test.support.js";

/** Far more than the kernel takes of a connection whose other end doesn't read. */
const tooMuch = new Uint8Array(64 * 1024 * 1024);

describe("writable", () => {
  test("sends an ArrayBuffer and any view as binary, all else as text", async (t) => {
    const { writer, peer } = await openStreamLine(t);
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const chunks: readonly (readonly [chunk: unknown, opcode: number, payload: string])[] = [
      ["text", 0x1, "text"],
      ["\ud800", 0x1, "\ufffd"],
      [1, 0x1, "1"],
      [null, 0x1, "null"],
      [undefined, 0x1, "undefined"],
      [{}, 0x1, "[object Object]"],
      [new Blob(["b"]), 0x1, "[object Blob]"],
      [bytes.buffer, 0x2, "\u0001\u0002\u0003\u0004"],
      [bytes.subarray(1, 2), 0x2, "\u0002"],
      [new DataView(bytes.buffer, 3), 0x2, "\u0004"],
      [new ArrayBuffer(0), 0x2, ""],
    ];
    for (const [chunk, opcode, payload] of chunks) {
      assert.equal(await writer.write(chunk), undefined);
      const frame = await peer.nextFrame();
      assert.deepEqual([frame.opcode, frame.payload.toString()], [opcode, payload]);
    }
  });

  test("a chunk that can't be sent errors the stream and leaves the connection", async (t) => {
    const shared = new SharedArrayBuffer(4);
    const resizable = Reflect.construct(ArrayBuffer, [4, { maxByteLength: 8 }]) as ArrayBuffer;
    const range = {
      toString: () => {
        throw new RangeError("not today");
      },
    };
    const chunks: readonly (readonly [unknown, typeof TypeError | typeof RangeError])[] = [
      [Symbol("chunk"), TypeError],
      [new Uint8Array(shared), TypeError],
      [resizable, TypeError],
      [new Uint8Array(resizable), TypeError],
      [range, RangeError],
    ];
    for (const [chunk, type] of chunks) {
      const { stream, writer, reader, peer } = await openStreamLine(t);
      const error = await rejection(writer.write(chunk));
      assert.ok(error instanceof type);
      assert.equal(await rejection(writer.write("next")), error);
      assert.equal(await rejection(writer.closed), error);
      peer.send(text("still here"));
      assert.equal((await reader.read()).value, "still here");
      stream.close();
      assert.equal(await peer.nextCloseCode(), undefined);
    }
  });

  test("desires one message, and none while one is under way", async (t) => {
    const { writer } = await openStreamLine(t);
    assert.equal(writer.desiredSize, 1);
    const written = writer.write("a");
    assert.equal(writer.desiredSize, 0);
    await written;
    assert.equal(writer.desiredSize, 1);
  });

  test("a program that only writes leaves turns to the others", async (t) => {
    const { writer } = await openStreamLine(t);
    let writing = true;
    const written = (async () => {
      let count = 0;
      for (; writing; count++) await writer.write("x");
      return count;
    })();
    await nextTurn();
    await turns(3);
    writing = false;
    assert.ok((await within(written, "the writes")) > 0);
  });

  test("a write waits until the network has taken the message", async (t) => {
    const { writer, peer } = await openStreamLine(t);
    peer.socket.pause();
    let taken = false;
    const written = writer.write(tooMuch).then(() => {
      taken = true;
    });
    await turns(200);
    assert.equal(taken, false);
    peer.socket.resume();
    await within(written, "the write");
    assert.equal((await peer.nextFrame()).payload.length, tooMuch.length);
  });

  test("close() sends what was written before, and waits for the closing handshake", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t);
    const writes = ["a", "b", "c"].map((word) => writer.write(word));
    let through = false;
    const closed = writer.close().then(() => {
      through = true;
    });
    await Promise.all(writes);
    const frames = [
      await peer.nextFrame(),
      await peer.nextFrame(),
      await peer.nextFrame(),
      await peer.nextFrame(),
    ];
    assert.deepEqual(
      frames.map(({ payload }) => payload.toString()),
      ["a", "b", "c", ""],
    );
    await turns(20);
    assert.equal(through, false);
    peer.send(close());
    peer.socket.end();
    await within(closed, "close()");
    assert.deepEqual(await stream.closed, { closeCode: 1005, reason: "" });
    await within(writer.closed, "writer.closed");
  });

  test("close() without an answer: a WebSocketError without a code", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t);
    const closed = writer.close();
    assert.equal(await peer.nextCloseCode(), undefined);
    peer.socket.end();
    const error = await streamError(closed);
    assert.deepEqual([error.closeCode, error.reason], [null, ""]);
    assert.equal((await streamError(stream.closed)).closeCode, 1006);
  });

  test("abort() closes with the code and the reason of a WebSocketError, else without", async (t) => {
    const reasons: readonly (readonly [reason: unknown, code: number | undefined, text: string])[] = [
      [new WebSocketError("m", { closeCode: 3456, reason: "why" }), 3456, "why"],
      [new WebSocketError("m", { reason: "alone" }), 1000, "alone"],
      [new WebSocketError("m"), undefined, ""],
      [{ closeCode: 3456, reason: "why" }, undefined, ""],
      ["because", undefined, ""],
    ];
    for (const [reason, code, words] of reasons) {
      const { writer, peer } = await openStreamLine(t);
      await within(writer.abort(reason), "abort()");
      const { payload } = await peer.nextFrame();
      const sent =
        payload.length === 0 ? [undefined, ""] : [payload.readUInt16BE(), payload.toString("utf8", 2)];
      assert.deepEqual(sent, [code, words]);
      assert.equal(await rejection(writer.closed), reason);
    }
  });

  test("abort() while a peer reads nothing rejects the write and closes", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t, { closeTimeout: 100 });
    peer.socket.pause();
    const [first, second] = [writer.write(tooMuch), writer.write("next")];
    await turns(10);
    const reason = new WebSocketError("m", { closeCode: 3001 });
    const aborted = writer.abort(reason);
    assert.equal(await rejection(first), reason);
    assert.equal(await rejection(second), reason);
    await within(aborted, "abort()");
    // The close frame stands behind the message that nobody reads: the closing handshake runs out of time.
    assert.equal((await streamError(stream.closed)).closeCode, 1006);
  });

  test("a code that a program may not send: abort() and cancel() reject, the connection stays", async (t) => {
    const broken = await openStreamLine(t);
    broken.peer.socket.destroy();
    const error = await streamError(broken.stream.closed);
    assert.equal(error.closeCode, 1006);
    const { stream, reader, writer, peer } = await openStreamLine(t);
    domException("InvalidAccessError", "1006")(await rejection(reader.cancel(error)));
    domException("InvalidAccessError", "1006")(await rejection(writer.abort(error)));
    assert.throws(() => stream.close(error as { closeCode: number }), domException("InvalidAccessError"));
    stream.close({ closeCode: 3000 });
    assert.equal(await peer.nextCloseCode(), 3000);
  });

  test("a message that was not taken when the connection broke: the write rejects", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t);
    peer.socket.pause();
    const written = writer.write(tooMuch);
    await turns(10);
    peer.socket.resetAndDestroy();
    const error = await streamError(written);
    assert.equal(await rejection(stream.closed), error);
    assert.equal(await rejection(writer.closed), error);
    assert.equal(await rejection(writer.write("late")), error);
  });

  test("after the server's close frame: InvalidStateError", async (t) => {
    const { writer, peer } = await openStreamLine(t);
    peer.send(close(3000));
    const error = await rejection(writer.closed);
    domException("InvalidStateError")(error);
    assert.equal(await rejection(writer.write("late")), error);
  });

  test("after close() writes are dropped without an error", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t);
    const first = writer.write("sent");
    stream.close();
    const second = writer.write("dropped");
    await within(Promise.all([first, second]), "both writes");
    assert.equal((await peer.nextFrame()).payload.toString(), "sent");
    assert.equal((await peer.nextFrame()).opcode, 0x8);
  });
});
