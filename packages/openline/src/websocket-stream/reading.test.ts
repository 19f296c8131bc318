import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  binary,
  close,
  continuation,
  encodeFrame,
  ping,
  text,
} from "../testing-support/frames.test.support.js";
import { turns, until, within } from "../testing-support/guard.test.support.js";
import {
  causeCode,
  openStreamLine,
  rejection,
  streamError,
} from "../testing-support/streams.test.support.js";

describe("readable", () => {
  test("gives texts as strings and binary messages as Uint8Array, in their order", async (t) => {
    const { reader } = await openStreamLine(t, {}, [
      text("one"),
      binary(Uint8Array.of(1, 2)),
      text("t", { fin: false }),
      ping("p"),
      continuation("wo"),
      binary(new Uint8Array(0)),
      text(""),
    ]);
    const expected = ["one", Uint8Array.of(1, 2), "two", new Uint8Array(0), ""];
    for (const value of expected) assert.deepEqual(await reader.read(), { value, done: false });
  });

  test("a Uint8Array has memory of its own", async (t) => {
    const { reader } = await openStreamLine(t, {}, [binary(Uint8Array.of(1, 2)), binary(Uint8Array.of(3))]);
    const { value } = await reader.read();
    assert.ok(value instanceof Uint8Array);
    assert.deepEqual([value.byteOffset, value.buffer.byteLength], [0, 2]);
    assert.equal(value.constructor, Uint8Array);
  });

  test("several reads may wait at once", async (t) => {
    const { reader, peer } = await openStreamLine(t);
    const reads = [reader.read(), reader.read(), reader.read()];
    peer.send(text("1"));
    assert.equal((await reads[0])?.value, "1");
    peer.send(text("2"), text("3"));
    assert.deepEqual(
      (await Promise.all(reads)).map(({ value }) => value),
      ["1", "2", "3"],
    );
  });

  test("is an async iterable that loses nothing, however long each turn takes", async (t) => {
    const count = 1000;
    const frames = Array.from({ length: count }, (_, index) => text(String(index)));
    const { info, reader, peer } = await openStreamLine(t, {}, frames.slice(0, count / 2));
    reader.releaseLock();
    peer.send(...frames.slice(count / 2), close(1000));
    const got: unknown[] = [];
    for await (const message of info.readable) {
      got.push(message);
      if (got.length % 100 === 0) await turns(3);
    }
    assert.deepEqual(
      got,
      Array.from({ length: count }, (_, index) => String(index)),
    );
  });

  test("leaving the loop closes the connection without a code", async (t) => {
    const { info, reader, peer } = await openStreamLine(t, {}, [text("1"), text("2")]);
    reader.releaseLock();
    for await (const message of info.readable) {
      assert.equal(message, "1");
      break;
    }
    assert.equal(await peer.nextCloseCode(), undefined);
  });

  test("what came before the close frame is read although the connection is closed", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t, {}, [
      text("1"),
      text("2"),
      text("3"),
      close(3000, "x"),
    ]);
    assert.equal(await peer.nextCloseCode(), 3000);
    peer.socket.end();
    assert.deepEqual(await within(stream.closed, "closed"), { closeCode: 3000, reason: "x" });
    for (const value of ["1", "2", "3"]) assert.deepEqual(await reader.read(), { value, done: false });
    assert.deepEqual(await reader.read(), { value: undefined, done: true });
  });

  test("a reader that answers each message at once has answered before the close frame goes out", async (t) => {
    const { reader, writer, peer } = await openStreamLine(t);
    const answering = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read())
        await writer.write(`re ${next.value}`);
    })();
    peer.send(text("1"), text("2"), close(1000));
    const frames = [await peer.nextFrame(), await peer.nextFrame(), await peer.nextFrame()];
    assert.deepEqual(
      frames.map(({ opcode }) => opcode),
      [0x1, 0x1, 0x8],
    );
    peer.socket.end();
    await within(answering, "the end of the messages");
  });

  test("messages that come after close() are dropped", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t);
    stream.close({ closeCode: 3000 });
    assert.equal(await peer.nextCloseCode(), 3000);
    peer.send(text("late"), close(3000));
    peer.socket.end();
    assert.deepEqual(await reader.read(), { value: undefined, done: true });
    assert.deepEqual(await stream.closed, { closeCode: 3000, reason: "" });
  });

  test("after a broken connection: every read rejects with the error of closed", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t);
    const read = reader.read();
    peer.socket.destroy();
    const error = await streamError(stream.closed);
    assert.deepEqual([error.closeCode, error.reason], [1006, ""]);
    for (const promise of [read, reader.read(), reader.closed]) assert.equal(await rejection(promise), error);
  });

  test("after a broken frame: the error's cause says what was wrong", async (t) => {
    const { stream, reader, peer } = await openStreamLine(t);
    peer.send(encodeFrame(0x3));
    const error = await streamError(reader.read());
    assert.equal(causeCode(error), "ERR_WS_UNKNOWN_OPCODE");
    assert.equal(await rejection(stream.closed), error);
    assert.equal(await peer.nextCloseCode(), 1002);
  });

  test("messages in front of a broken frame are read by a reader that waits for them", async (t) => {
    const { reader, peer } = await openStreamLine(t);
    const reads = [reader.read(), reader.read(), reader.read()];
    peer.send(text("1"), text("2"), encodeFrame(0x3));
    assert.equal((await reads[0])?.value, "1");
    assert.equal((await reads[1])?.value, "2");
    await streamError(reads[2] as Promise<unknown>);
  });

  test("cancel() lets all that comes go by, and the closing handshake ends", async (t) => {
    const frames = Array.from({ length: 2000 }, () => text("x".repeat(1000)));
    const { stream, reader, peer } = await openStreamLine(t);
    peer.send(...frames);
    await reader.read();
    const cancelled = reader.cancel("enough");
    await within(cancelled, "cancel()");
    assert.equal(await peer.nextCloseCode(), undefined);
    peer.send(text("late"), close());
    peer.socket.end();
    assert.deepEqual(await within(stream.closed, "closed"), { closeCode: 1005, reason: "" });
  });

  test("close() ends although much is unread", async (t) => {
    const { stream, peer } = await openStreamLine(t);
    for (let sent = 0; sent < 8 * 1024 * 1024; sent += 65_536) peer.send(binary(Buffer.alloc(65_536)));
    await until(() => peer.socket.writableLength > 0, "the peer has to wait");
    stream.close({ closeCode: 3000 });
    assert.equal(await peer.nextCloseCode(), 3000);
    peer.send(close(3000));
    peer.socket.end();
    assert.deepEqual(await within(stream.closed, "closed"), { closeCode: 3000, reason: "" });
  });

  test("tee() and pipeTo() work on it", async (t) => {
    const { info, reader, peer } = await openStreamLine(t, {}, [text("1"), text("2"), close(1000)]);
    reader.releaseLock();
    const [left, right] = info.readable.tee();
    const gathered: unknown[] = [];
    const piped = left.pipeTo(new WritableStream({ write: (message) => void gathered.push(message) }));
    const rightReader = right.getReader();
    assert.equal((await rightReader.read()).value, "1");
    assert.equal((await rightReader.read()).value, "2");
    assert.equal((await rightReader.read()).done, true);
    await within(piped, "the pipe");
    assert.deepEqual(gathered, ["1", "2"]);
    assert.equal(await peer.nextCloseCode(), 1000);
  });
});
