import assert from "node:assert/strict";
import { File } from "node:buffer";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { WebSocket } from "../index.js";
import { close, closeCode } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { call, closed, domException, openLine } from "../testing-support/sockets.test.support.js";

const uncompressed = { perMessageDeflate: false };

describe("send", () => {
  test("while CONNECTING is an InvalidStateError and sends nothing", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    for (const data of ["text", new Uint8Array(1), new ArrayBuffer(1), new Blob(["b"])]) {
      assert.throws(() => socket.send(data), domException("InvalidStateError"));
    }
    assert.equal(socket.bufferedAmount, 0);
    const peer = await server.accept();
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    socket.send("first");
    assert.equal((await peer.nextFrame()).payload.toString(), "first");
  });

  test("converts its argument before it looks at the state", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    assert.throws(() => call(socket, "send"), TypeError);
    assert.throws(() => call(socket, "send", Symbol("x")), TypeError);
    socket.close();
    await closed(socket);
    assert.throws(() => call(socket, "send"), TypeError);
    assert.throws(() => call(socket, "send", Symbol("x")), TypeError);
  });

  test("gives back undefined", async (t) => {
    const { socket } = await openLine(t);
    for (const data of ["", new ArrayBuffer(0), new Blob([])])
      assert.equal(call(socket, "send", data), undefined);
  });

  const texts: [string, unknown, string][] = [
    ["an empty string", "", ""],
    ["ASCII", "hello", "hello"],
    ["Latin-1", "größe ÿ", "größe ÿ"],
    ["three-byte characters", "日本語€", "日本語€"],
    ["a surrogate pair", "😀", "😀"],
    ["a lone high surrogate", "a\ud800b", "a\ufffdb"],
    ["a lone low surrogate at the end", "a\udc00", "a\ufffd"],
    ["surrogates in the wrong order", "\udc00\ud800", "\ufffd\ufffd"],
    ["a leading BOM", "\ufeffx", "\ufeffx"],
    ["NUL", "a\u0000b", "a\u0000b"],
    ["null", null, "null"],
    ["undefined", undefined, "undefined"],
    ["a number", 5.5, "5.5"],
    ["a bigint", 12n, "12"],
    ["a boolean", true, "true"],
    ["a plain object", {}, "[object Object]"],
    ["an object with toString", { toString: () => "own" }, "own"],
    ["an array", [1, [2]], "1,2"],
    ["a String object", new String("boxed"), "boxed"],
    ["a long string with characters of every width", "aé€😀".repeat(20_000), "aé€😀".repeat(20_000)],
  ];
  for (const [what, data, expected] of texts) {
    test(`${what} goes out as text`, async (t) => {
      const { socket, peer } = await openLine(t, uncompressed);
      call(socket, "send", data);
      const frame = await peer.nextFrame();
      assert.equal(frame.opcode, 0x1);
      assert.equal(frame.fin, true);
      assert.equal(frame.rsv, 0);
      assert.ok(
        frame.payload.equals(Buffer.from(expected)),
        JSON.stringify(frame.payload.toString().slice(0, 99)),
      );
    });
  }

  const bytes = Uint8Array.from({ length: 32 }, (_value, index) => index);
  const binaries: [string, unknown, Uint8Array][] = [
    ["an empty ArrayBuffer", new ArrayBuffer(0), new Uint8Array(0)],
    ["an ArrayBuffer", bytes.buffer, bytes],
    [
      "an ArrayBuffer of another realm",
      runInNewContext("Uint8Array.of(1, 2, 3).buffer"),
      Uint8Array.of(1, 2, 3),
    ],
    ["a view of another realm", runInNewContext("Uint8Array.of(1, 2, 3)"), Uint8Array.of(1, 2, 3)],
    ["a Uint8Array", bytes, bytes],
    ["part of a buffer", bytes.subarray(3, 7), bytes.slice(3, 7)],
    ["a Uint8ClampedArray", new Uint8ClampedArray(bytes.buffer, 1, 2), bytes.slice(1, 3)],
    ["an Int16Array", new Int16Array(bytes.buffer, 2, 3), bytes.slice(2, 8)],
    ["a Float64Array", new Float64Array(bytes.buffer, 8, 2), bytes.slice(8, 24)],
    ["a BigInt64Array", new BigInt64Array(bytes.buffer, 16, 1), bytes.slice(16, 24)],
    ["a DataView", new DataView(bytes.buffer, 5, 6), bytes.slice(5, 11)],
    ["a Buffer", Buffer.from("pooled"), Buffer.from("pooled")],
    ["an empty Blob", new Blob([]), new Uint8Array(0)],
    [
      "a Blob",
      new Blob(["ab", bytes, "c"], { type: "text/plain" }),
      Buffer.from([0x61, 0x62, ...bytes, 0x63]),
    ],
    ["a slice of a Blob", new Blob(["0123456789"]).slice(2, 5), Buffer.from("234")],
    ["a File", new File(["file"], "name"), Buffer.from("file")],
  ];
  for (const [what, data, expected] of binaries) {
    test(`${what} goes out as binary`, async (t) => {
      const { socket, peer } = await openLine(t, uncompressed);
      call(socket, "send", data);
      const frame = await peer.nextFrame();
      assert.equal(frame.opcode, 0x2);
      assert.equal(frame.fin, true);
      assert.deepEqual([...frame.payload], [...expected]);
    });
  }

  test("a detached buffer goes out empty", async (t) => {
    const { socket, peer } = await openLine(t);
    const buffer = new ArrayBuffer(8);
    structuredClone(buffer, { transfer: [buffer] });
    socket.send(buffer);
    const frame = await peer.nextFrame();
    assert.deepEqual([frame.opcode, frame.payload.length], [0x2, 0]);
  });

  // [IDL] BufferSource without [AllowShared] and without [AllowResizable].
  test("a view of shared or resizable memory is a TypeError", async (t) => {
    const { socket } = await openLine(t);
    assert.throws(() => call(socket, "send", new Uint8Array(new SharedArrayBuffer(4))), TypeError);
    const resizable: unknown = Reflect.construct(ArrayBuffer, [4, { maxByteLength: 8 }]);
    assert.ok(resizable instanceof ArrayBuffer);
    assert.throws(() => call(socket, "send", resizable), TypeError);
    assert.throws(() => call(socket, "send", new Uint8Array(resizable)), TypeError);
    assert.equal(socket.bufferedAmount, 0);
  });

  for (const [length, bits] of [
    [0, 7],
    [125, 7],
    [126, 16],
    [65_535, 16],
    [65_536, 64],
    [1_048_577, 64],
  ] as const) {
    test(`${length} bytes take the shortest length, masked`, async (t) => {
      const { socket, peer } = await openLine(t, uncompressed);
      const data = new Uint8Array(length).map((_value, index) => index * 7);
      socket.send(data);
      const frame = await peer.nextFrame();
      assert.equal(frame.lengthBits, bits);
      assert.ok(frame.maskKey !== undefined);
      assert.ok(frame.payload.equals(data));
    });
  }

  test("each frame has a mask key of its own", async (t) => {
    const { socket, peer } = await openLine(t);
    const count = 200;
    for (let index = 0; index < count; index += 1) socket.send("same");
    const keys = new Set<string | undefined>();
    for (let index = 0; index < count; index += 1)
      keys.add((await peer.nextFrame()).maskKey?.toString("hex"));
    // Two of 200 random 32-bit keys are the same once in 200,000 runs; three pairs never.
    assert.ok(keys.size > count - 3, `${keys.size} keys`);
  });

  test("takes the data at the call", async (t) => {
    const { socket, peer } = await openLine(t, uncompressed);
    const small = Uint8Array.of(1, 2, 3);
    const large = new Uint8Array(1 << 20).fill(4);
    const behindBlob = new Uint16Array([5, 5]);
    socket.send(small);
    socket.send(large);
    socket.send(new Blob(["blob"]));
    socket.send(behindBlob);
    socket.send(behindBlob.buffer);
    small.fill(9);
    large.fill(9);
    behindBlob.fill(9);
    structuredClone(large.buffer, { transfer: [large.buffer] });
    assert.deepEqual([...(await peer.nextFrame()).payload], [1, 2, 3]);
    assert.ok((await peer.nextFrame()).payload.equals(new Uint8Array(1 << 20).fill(4)));
    assert.equal((await peer.nextFrame()).payload.toString(), "blob");
    assert.deepEqual([...(await peer.nextFrame()).payload], [5, 0, 5, 0]);
    assert.deepEqual([...(await peer.nextFrame()).payload], [5, 0, 5, 0]);
  });

  test("keeps the order, with Blobs between other messages, and the close frame last", async (t) => {
    const { socket, peer } = await openLine(t, uncompressed);
    const expected: string[] = [];
    for (let index = 0; index < 30; index += 1) {
      const data = `message ${index}`;
      expected.push(data);
      if (index % 3 === 0) socket.send(data);
      else if (index % 3 === 1) socket.send(new Blob([data]));
      else socket.send(Buffer.from(data));
    }
    socket.send(new Blob(["x".repeat(1 << 20)]));
    socket.close(3000, "end");
    const done = closed(socket);
    for (const data of expected) assert.equal((await peer.nextFrame()).payload.toString(), data);
    assert.equal((await peer.nextFrame()).payload.length, 1 << 20);
    const last = await peer.nextFrame();
    assert.deepEqual([last.opcode, closeCode(last)], [0x8, 3000]);
    peer.send(close(3000));
    peer.socket.end();
    assert.equal((await done).wasClean, true);
  });

  test("after close() sends nothing and does not throw", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.close();
    const done = closed(socket);
    for (const data of ["late", new Uint8Array(1), new Blob(["late"])])
      assert.equal(call(socket, "send", data), undefined);
    const frame = await peer.nextFrame();
    assert.equal(frame.opcode, 0x8);
    peer.send(close());
    peer.socket.end();
    await done;
    socket.send("later");
    assert.deepEqual(await peer.framesToEnd(), []);
  });
});
