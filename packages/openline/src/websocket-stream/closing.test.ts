import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { close } from "../testing-support/frames.test.support.js";
import { turns, within } from "../testing-support/guard.test.support.js";
import { domException } from "../testing-support/sockets.test.support.js";
import { openStreamLine, rejection, streamError } from "../testing-support/streams.test.support.js";

describe("WebSocketStream: close()", () => {
  test("sends the code and the reason, and closed gives the answer's", async (t) => {
    const infos: readonly (readonly [info: object | undefined, code: number | undefined, reason: string])[] =
      [
        [undefined, undefined, ""],
        [{}, undefined, ""],
        [{ reason: "" }, undefined, ""],
        [{ closeCode: 1000 }, 1000, ""],
        [{ closeCode: 4999, reason: "last" }, 4999, "last"],
        [{ reason: "alone" }, 1000, "alone"],
      ];
    for (const [info, code, reason] of infos) {
      const { stream, peer, reader, writer } = await openStreamLine(t);
      assert.equal(stream.close(info), undefined);
      stream.close({ closeCode: 4000, reason: "too late" });
      const { payload } = await peer.nextFrame();
      assert.deepEqual(
        payload.length === 0 ? [undefined, ""] : [payload.readUInt16BE(), payload.toString("utf8", 2)],
        [code, reason],
      );
      peer.send(close(3001, "answer"));
      peer.socket.end();
      assert.deepEqual(await within(stream.closed, "closed"), { closeCode: 3001, reason: "answer" });
      assert.deepEqual(await reader.read(), { value: undefined, done: true });
      domException("InvalidStateError")(await rejection(writer.closed));
      stream.close();
    }
  });

  test("refuses what it can't send, open or closed, and stays open", async (t) => {
    const { stream, peer } = await openStreamLine(t);
    for (const closeCode of [0, 999, 1001, 2999, 5000, Number.NaN]) {
      assert.throws(() => stream.close({ closeCode }), domException("InvalidAccessError"));
    }
    assert.throws(() => stream.close({ reason: "x".repeat(124) }), domException("SyntaxError"));
    for (const info of [1, "why", true])
      assert.throws(() => Reflect.apply(stream.close, stream, [info]), TypeError);
    stream.close({ closeCode: 3000 });
    assert.equal(await peer.nextCloseCode(), 3000);
    peer.send(close(3000));
    peer.socket.end();
    await within(stream.closed, "closed");
    assert.throws(() => stream.close({ closeCode: 1 }), domException("InvalidAccessError"));
  });

  test("a peer that never answers: closed rejects when the time is over", async (t) => {
    const { stream, reader, writer } = await openStreamLine(t, { closeTimeout: 50 });
    stream.close({ closeCode: 3000 });
    const error = await streamError(stream.closed);
    assert.equal(error.closeCode, 1006);
    assert.equal(await rejection(reader.closed), error);
    assert.equal(await rejection(writer.closed), error);
  });
});

describe("WebSocketStream: the server closes", () => {
  test("with each kind of code: closed gives it", async (t) => {
    const codes: readonly (readonly [code: number | undefined, reason: string])[] = [
      [undefined, ""],
      [1000, "bye"],
      [1001, ""],
      [1011, "oops"],
      [3000, ""],
      [4999, "x"],
    ];
    for (const [code, reason] of codes) {
      const { stream, reader, peer } = await openStreamLine(t);
      const read = reader.read();
      peer.send(close(code, reason));
      assert.equal(await peer.nextCloseCode(), code);
      peer.socket.end();
      const info = await within(stream.closed, "closed");
      assert.deepEqual(info, { closeCode: code ?? 1005, reason });
      assert.deepEqual(Object.keys(info), ["closeCode", "reason"]);
      assert.deepEqual(await read, { value: undefined, done: true });
    }
  });

  test("the streams end with the close frame, closed with the connection", async (t) => {
    const { stream, reader, writer, peer } = await openStreamLine(t);
    let over = false;
    const closed = stream.closed.then(() => {
      over = true;
    });
    peer.send(close(3000));
    await within(reader.closed, "reader.closed");
    domException("InvalidStateError")(await rejection(writer.closed));
    await turns(10);
    assert.equal(over, false);
    peer.socket.end();
    await within(closed, "closed");
  });

  test("a writer's close() and the server's close frame may cross", async (t) => {
    const { stream, writer, peer } = await openStreamLine(t);
    const closed = writer.close();
    peer.send(close(3000, "mine"));
    await within(peer.nextCloseCode(), "the close frame");
    peer.socket.end();
    await within(closed, "close()");
    assert.deepEqual(await stream.closed, { closeCode: 3000, reason: "mine" });
  });
});
