import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { WebSocket } from "../index.js";
import { binary, continuation, text } from "../testing-support/frames.test.support.js";
import { type RawServer, rawServer } from "../testing-support/raw-server.test.support.js";
import {
  assertAbnormal,
  closed,
  construct,
  domException,
  failure,
  nextData,
  opened,
  openLine,
} from "../testing-support/sockets.test.support.js";

/** The request that an object with `options` sends; the attempt ends there. */
async function requestOf(server: RawServer, options: unknown) {
  const socket = construct(server.url, options);
  const { request, peer } = await server.nextRequest();
  const done = closed(socket);
  peer.socket.destroy();
  await done;
  return request;
}

describe("options instead of protocols", () => {
  test("protocols: a string, a list, any iterable", async (t) => {
    const server = await rawServer(t);
    for (const [protocols, expected] of [
      ["chat", "chat"],
      [["a", "b"], "a, b"],
      [new Set(["x"]), "x"],
      [[], undefined],
      [undefined, undefined],
    ] as const) {
      const request = await requestOf(server, { protocols });
      assert.equal(request.get("Sec-WebSocket-Protocol"), expected);
    }
    assert.throws(
      () => new WebSocket(server.url, { protocols: ["a", "A"] }),
      domException("SyntaxError", "A"),
    );
    assert.throws(() => new WebSocket(server.url, { protocols: "a b" }), domException("SyntaxError", "a b"));
  });

  test("headers go out with the handshake", async (t) => {
    const server = await rawServer(t);
    const socket = new WebSocket(server.url, {
      protocols: ["chat"],
      headers: { "X-Token": "abc", Cookie: "a=1", Origin: "https://example.com" },
    });
    const { request, peer } = await server.nextRequest();
    assert.equal(request.get("X-Token"), "abc");
    assert.equal(request.get("Cookie"), "a=1");
    assert.equal(request.get("Origin"), "https://example.com");
    assert.equal(request.get("Sec-WebSocket-Protocol"), "chat");
    assert.equal(request.get("Upgrade"), "websocket");
    const done = closed(socket);
    peer.socket.destroy();
    await done;
  });

  test("an empty dictionary is as none", async (t) => {
    const { socket, peer } = await openLine(t, {});
    assert.equal((await peer.head).get("Sec-WebSocket-Protocol"), undefined);
    assert.equal(socket.protocol, "");
  });

  const wrong: [string, unknown][] = [
    ["perMessageDeflate", 5],
    ["perMessageDeflate", "yes"],
    ["perMessageDeflate.serverMaxWindowBits", 7],
    ["perMessageDeflate.serverMaxWindowBits", 16],
    ["perMessageDeflate.serverMaxWindowBits", "9"],
    ["perMessageDeflate.clientMaxWindowBits", 7],
    ["perMessageDeflate.clientMaxWindowBits", 8.5],
    ["perMessageDeflate.threshold", -1],
    ["perMessageDeflate.level", 10],
    ["maxPayload", -1],
    ["maxPayload", "big"],
    ["maxPayload", Number.NaN],
    ["maxFragments", 0.5],
    ["handshakeTimeout", -1],
    ["handshakeTimeout", "soon"],
    ["closeTimeout", Number.NaN],
    ["headers", 5],
    ["headers", { "a b": "x" }],
    ["headers", { "X-A": "x\r\nX-Injected: y" }],
  ];
  for (const [path, value] of wrong) {
    const [outer = "", inner] = path.split(".");
    test(`${path}: ${JSON.stringify(value) ?? String(value)} is refused by name`, async (t) => {
      const server = await rawServer(t);
      const options = { [outer]: inner === undefined ? value : { [inner]: value } };
      assert.throws(
        () => construct(server.url, options),
        (error) => {
          assert.ok(error instanceof Error);
          assert.ok(error.message.includes(inner ?? outer), `${error.message} names ${path}`);
          const shown = typeof value === "object" && value !== null ? Object.keys(value)[0] : String(value);
          assert.ok(error.message.includes(shown ?? ""), `${error.message} shows ${shown}`);
          return true;
        },
      );
    });
  }
});

describe("maxPayload", () => {
  const limited = { maxPayload: 1000 };
  test("lets a message of just that size through", async (t) => {
    const { socket, peer } = await openLine(t, limited);
    peer.send(text("x".repeat(1000)), text("y".repeat(500), { fin: false }), continuation("z".repeat(500)));
    assert.equal(await nextData(socket), "x".repeat(1000));
    assert.equal(await nextData(socket), "y".repeat(500) + "z".repeat(500));
  });

  for (const [what, frames] of [
    ["one byte more", [text("x".repeat(1001))]],
    ["only the header of a longer frame", [Buffer.from([0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0])]],
    [
      "fragments that are too long together",
      [text("y".repeat(500), { fin: false }), continuation("z".repeat(501))],
    ],
  ] as const) {
    test(`fails with ERR_WS_MESSAGE_TOO_BIG and 1009: ${what}`, async (t) => {
      const { socket, peer } = await openLine(t, limited);
      const failing = failure(socket);
      peer.send(...frames);
      assert.equal(await peer.nextCloseCode(), 1009);
      peer.socket.end();
      const { error, close } = await failing;
      assert.equal(error.code, "ERR_WS_MESSAGE_TOO_BIG");
      assert.match(error.message, /1,?000/);
      assertAbnormal(close);
    });
  }

  test("counts after inflation", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url, { maxPayload: 100_000 });
    const failing = failure(socket);
    const peer = await server.accept({ "Sec-WebSocket-Extensions": "permessage-deflate" });
    const bomb = deflateRawSync(Buffer.alloc(10_000_000), { finishFlush: 2 }).subarray(0, -4);
    assert.ok(bomb.length < 100_000);
    peer.send(binary(bomb, { rsv: 4 }));
    assert.equal(await peer.nextCloseCode(), 1009);
    peer.socket.end();
    assert.equal((await failing).error.code, "ERR_WS_MESSAGE_TOO_BIG");
  });

  test("is 100 MiB unless said otherwise", async (t) => {
    const { socket, peer } = await openLine(t);
    const failing = failure(socket);
    const header = Buffer.from([0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0]);
    header.writeBigUInt64BE(100n * 1024n * 1024n + 1n, 2);
    peer.send(header);
    assert.equal(await peer.nextCloseCode(), 1009);
    peer.socket.end();
    assert.equal((await failing).error.code, "ERR_WS_MESSAGE_TOO_BIG");
  });
});

describe("maxFragments", () => {
  test("fails with ERR_WS_TOO_MANY_FRAGMENTS past its number", async (t) => {
    const { socket, peer } = await openLine(t, { maxFragments: 10 });
    const fragments = (count: number) => [
      text("a", { fin: false }),
      ...Array.from({ length: count - 2 }, () => continuation("b", { fin: false })),
      continuation("c"),
    ];
    peer.send(...fragments(10));
    assert.equal(await nextData(socket), `a${"b".repeat(8)}c`);
    const failing = failure(socket);
    peer.send(...fragments(11));
    await peer.nextCloseCode();
    peer.socket.end();
    assert.equal((await failing).error.code, "ERR_WS_TOO_MANY_FRAGMENTS");
  });

  test("lets 4 MiB in 64-byte fragments through unless said otherwise", async (t) => {
    const { socket, peer } = await openLine(t);
    socket.binaryType = "arraybuffer";
    const part = new Uint8Array(64).fill(0x2a);
    const middle = continuation(part, { fin: false });
    const count = 65_536;
    const message = nextData(socket);
    peer.send(binary(part, { fin: false }), ...Array<Buffer>(count - 2).fill(middle), continuation(part));
    const data = await message;
    assert.ok(data instanceof ArrayBuffer);
    assert.equal(data.byteLength, 4 << 20);
  });
});

describe("perMessageDeflate", () => {
  for (const [options, expected] of [
    [false, undefined],
    [true, "permessage-deflate; client_max_window_bits"],
    [{}, "permessage-deflate; client_max_window_bits"],
    [{ clientMaxWindowBits: 10 }, "permessage-deflate; client_max_window_bits=10"],
  ] as const) {
    test(`${JSON.stringify(options)} offers ${expected ?? "nothing"}`, async (t) => {
      const request = await requestOf(await rawServer(t), { perMessageDeflate: options });
      assert.equal(request.get("Sec-WebSocket-Extensions"), expected);
    });
  }

  test("offers every parameter that is asked for", async (t) => {
    const perMessageDeflate = {
      serverNoContextTakeover: true,
      clientNoContextTakeover: true,
      serverMaxWindowBits: 12,
      clientMaxWindowBits: 11,
    };
    const offer = (await requestOf(await rawServer(t), { perMessageDeflate })).get(
      "Sec-WebSocket-Extensions",
    );
    const [name, ...parameters] = (offer ?? "").split(/\s*;\s*/);
    assert.equal(name, "permessage-deflate");
    assert.deepEqual(parameters.sort(), [
      "client_max_window_bits=11",
      "client_no_context_takeover",
      "server_max_window_bits=12",
      "server_no_context_takeover",
    ]);
  });

  test("compresses from the threshold on, with context unless the server forbids it", async (t) => {
    const server = await rawServer(t);
    const socket = construct(server.url, { perMessageDeflate: { threshold: 50 } });
    const open = opened(socket);
    const peer = await server.accept({
      "Sec-WebSocket-Extensions": "permessage-deflate; client_no_context_takeover",
    });
    await open;
    const long = "a sentence to compress. ".repeat(20);
    socket.send("x".repeat(49));
    const short = await peer.nextFrame();
    assert.deepEqual([short.rsv, short.payload.toString()], [0, "x".repeat(49)]);
    for (let round = 0; round < 2; round += 1) {
      socket.send(long);
      const frame = await peer.nextFrame();
      assert.equal(frame.rsv, 4);
      assert.ok(frame.payload.length < long.length / 4);
      const bytes = Buffer.concat([frame.payload, Buffer.from([0, 0, 0xff, 0xff])]);
      assert.equal(inflateRawSync(bytes, { finishFlush: 2 }).toString(), long);
    }
  });
});
