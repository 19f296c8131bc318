import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { binary, continuation, text } from "../testing-support/frames.test.support.js";
import { rawServer } from "../testing-support/raw-server.test.support.js";
import { closed, construct, nextData, openLine } from "../testing-support/sockets.test.support.js";

function asBuffer(data: unknown): ArrayBuffer {
  assert.ok(data instanceof ArrayBuffer, Object.prototype.toString.call(data));
  return data;
}

const bytes = (data: unknown): number[] => [...new Uint8Array(asBuffer(data))];

describe("binaryType", () => {
  test("is blob, can become arraybuffer and ignores all else", async (t) => {
    const { socket } = await openLine(t);
    assert.equal(socket.binaryType, "blob");
    socket.binaryType = "arraybuffer";
    assert.equal(socket.binaryType, "arraybuffer");
    for (const wrong of ["nodebuffer", "fragments", "BLOB", "Blob", "", " blob", null, undefined, 0, {}]) {
      Reflect.set(socket, "binaryType", wrong);
      assert.equal(socket.binaryType, "arraybuffer", String(wrong));
    }
    Reflect.set(socket, "binaryType", { toString: () => "blob" });
    assert.equal(socket.binaryType, "blob");
    assert.throws(() => Reflect.set(socket, "binaryType", Symbol("blob")), TypeError);
  });

  test("can be set in every state", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url);
    socket.binaryType = "arraybuffer";
    assert.equal(socket.binaryType, "arraybuffer");
    socket.close();
    socket.binaryType = "blob";
    assert.equal(socket.binaryType, "blob");
    await closed(socket);
    socket.binaryType = "arraybuffer";
    assert.equal(socket.binaryType, "arraybuffer");
  });

  test("does not touch text", async (t) => {
    const { socket, peer } = await openLine(t);
    for (const type of ["blob", "arraybuffer"] as const) {
      socket.binaryType = type;
      peer.send(text("text"));
      assert.equal(await nextData(socket), "text");
    }
  });
});

describe("a Blob", () => {
  test("has the message's bytes and no type", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.send(
      binary(Uint8Array.of(1, 2, 3)),
      binary(new Uint8Array(0)),
      binary(new Uint8Array(200_000).fill(7)),
    );
    for (const expected of [Uint8Array.of(1, 2, 3), new Uint8Array(0), new Uint8Array(200_000).fill(7)]) {
      const data = await nextData(socket);
      assert.ok(data instanceof Blob);
      assert.equal(data.type, "");
      assert.equal(data.size, expected.length);
      assert.ok(Buffer.from(await data.arrayBuffer()).equals(expected));
    }
  });

  test("keeps its bytes while later messages come in", async (t) => {
    const { socket, peer } = await openLine(t);
    peer.send(binary(Buffer.from("kept")));
    const kept = await nextData(socket);
    assert.ok(kept instanceof Blob);
    for (let round = 0; round < 20; round += 1) {
      peer.send(binary(new Uint8Array(65_536).fill(round)));
      await nextData(socket);
    }
    assert.equal(await kept.text(), "kept");
  });
});

describe("an ArrayBuffer", () => {
  const line = async (t: Parameters<typeof openLine>[0]) => {
    const opened = await openLine(t);
    opened.socket.binaryType = "arraybuffer";
    return opened;
  };

  for (const length of [0, 1, 125, 126, 4096, 65_535, 65_536, 1_000_000]) {
    test(`of ${length} bytes reaches exactly to the end of its message`, async (t) => {
      const { socket, peer } = await line(t);
      const message = Uint8Array.from({ length }, (_value, index) => index * 13);
      peer.send(text("before"), binary(message), text("after"));
      assert.equal(await nextData(socket), "before");
      const data = asBuffer(await nextData(socket));
      assert.equal(data.byteLength, length);
      assert.ok(Buffer.from(data).equals(message));
      assert.equal(Reflect.get(data, "resizable") ?? false, false);
      assert.equal(await nextData(socket), "after");
    });
  }

  test("is memory of its own: changing one changes no other", async (t) => {
    const { socket, peer } = await line(t);
    peer.send(...[1, 2, 3].map((value) => binary(new Uint8Array(8).fill(value))), text("text"));
    const first = asBuffer(await nextData(socket));
    new Uint8Array(first).fill(0xff);
    const second = asBuffer(await nextData(socket));
    assert.deepEqual(bytes(second), Array(8).fill(2));
    structuredClone(second, { transfer: [second] });
    const third = asBuffer(await nextData(socket));
    assert.notEqual(third, first);
    assert.deepEqual(bytes(third), Array(8).fill(3));
    assert.equal(await nextData(socket), "text");
    assert.deepEqual(bytes(first), Array(8).fill(0xff));
  });

  test("keeps its bytes while later messages come in", async (t) => {
    const { socket, peer } = await line(t);
    const kept: ArrayBuffer[] = [];
    for (let round = 0; round < 50; round += 1) {
      peer.send(binary(new Uint8Array(1000).fill(round)), binary(new Uint8Array(70_000).fill(round)));
      kept.push(asBuffer(await nextData(socket)), asBuffer(await nextData(socket)));
    }
    kept.forEach((data, index) => {
      assert.ok(
        new Uint8Array(data).every((byte) => byte === index >> 1),
        `message ${index}`,
      );
    });
  });

  test("of fragments is gathered into one", async (t) => {
    const { socket, peer } = await line(t);
    peer.send(
      binary(Uint8Array.of(1), { fin: false }),
      continuation(Uint8Array.of(), { fin: false }),
      continuation(Uint8Array.of(2, 3), { fin: false }),
      continuation(Uint8Array.of(4)),
    );
    const data = await nextData(socket);
    assert.equal(asBuffer(data).byteLength, 4);
    assert.deepEqual(bytes(data), [1, 2, 3, 4]);
  });

  test("that arrives byte by byte is gathered into one", async (t) => {
    const { socket, peer } = await line(t);
    peer.socket.setNoDelay(true);
    const message = nextData(socket);
    for (const byte of binary(Uint8Array.from({ length: 300 }, (_value, index) => index))) {
      peer.send(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const data = asBuffer(await message);
    assert.equal(data.byteLength, 300);
    assert.equal(new Uint8Array(data)[299], 299 & 0xff);
  });

  test("can be sent back and changed at once", async (t) => {
    const { socket, peer } = await line(t);
    socket.onmessage = ({ data }) => {
      const view = new Uint8Array(asBuffer(data));
      socket.send(view);
      view.fill(0);
    };
    peer.send(binary(Uint8Array.of(1, 2)), binary(Uint8Array.of(3, 4)));
    assert.deepEqual([...(await peer.nextFrame()).payload], [1, 2]);
    assert.deepEqual([...(await peer.nextFrame()).payload], [3, 4]);
  });

  test("of a compressed message reaches exactly to its end", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url);
    socket.binaryType = "arraybuffer";
    // The example of [7692] 7.2.3.3: "Hello" in a deflate block without compression.
    const stored = Buffer.from([0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00]);
    const peer = await server.accept({ "Sec-WebSocket-Extensions": "permessage-deflate" });
    peer.send(binary(stored, { rsv: 4 }), binary(stored, { rsv: 4 }));
    for (let round = 0; round < 2; round += 1) {
      const data = asBuffer(await nextData(socket));
      assert.equal(data.byteLength, 5);
      assert.equal(Buffer.from(data).toString(), "Hello");
      new Uint8Array(data).fill(0);
    }
  });
});
