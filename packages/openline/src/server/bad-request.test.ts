import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { rawClient, sampleKey, type UpgradeRequest } from "../testing-support/raw-client.test.support.js";
import { acceptValue } from "../testing-support/raw-server.test.support.js";
import { listening, nextClient } from "../testing-support/servers.test.support.js";
import { opened } from "../testing-support/sockets.test.support.js";

/** A wrong request, its status, what its body names, and headers of the answer. */
const wrong: [string, UpgradeRequest, number, RegExp, Record<string, string>?][] = [
  ["another method", { method: "POST", headers: { "Content-Length": "0" } }, 405, /POST/, { Allow: "GET" }],
  ["HTTP/1.0", { version: "HTTP/1.0" }, 400, /1\.0/],
  ["a key that is missing", { headers: { "Sec-WebSocket-Key": undefined } }, 400, /Sec-WebSocket-Key/],
  ["a key that is empty", { headers: { "Sec-WebSocket-Key": "" } }, 400, /Sec-WebSocket-Key/],
  [
    "a key of 15 bytes",
    { headers: { "Sec-WebSocket-Key": "AQIDBAUGBwgJCgsMDQ4P" } },
    400,
    /AQIDBAUGBwgJCgsMDQ4P/,
  ],
  ["a key that is no Base64", { headers: { "Sec-WebSocket-Key": "!".repeat(24) } }, 400, /Sec-WebSocket-Key/],
  [
    "a version that is missing",
    { headers: { "Sec-WebSocket-Version": undefined } },
    426,
    /Sec-WebSocket-Version/,
    { "Sec-WebSocket-Version": "13" },
  ],
  ["version 8", { headers: { "Sec-WebSocket-Version": "8" } }, 426, /8/, { "Sec-WebSocket-Version": "13" }],
  [
    "version 013",
    { headers: { "Sec-WebSocket-Version": "013" } },
    426,
    /013/,
    { "Sec-WebSocket-Version": "13" },
  ],
  ["another protocol to upgrade to", { headers: { Upgrade: "h2c" } }, 426, /h2c/, { Upgrade: "websocket" }],
  [
    "subprotocols that are no tokens",
    { headers: { "Sec-WebSocket-Protocol": "chat, a b" } },
    400,
    /Sec-WebSocket-Protocol/,
  ],
  ["repeated subprotocols", { headers: { "Sec-WebSocket-Protocol": "chat, chat" } }, 400, /chat/],
  [
    "extensions that break the grammar",
    { headers: { "Sec-WebSocket-Extensions": "permessage-deflate; =" } },
    400,
    /Sec-WebSocket-Extensions/,
  ],
];

describe("a bad upgrade request", () => {
  for (const [what, request, status, body, headers = {}] of wrong) {
    test(`with ${what} gets ${status}, says why, and ends`, async (t) => {
      const { server, port } = await listening(t);
      const { answer, peer } = await rawClient(t, port, request);
      assert.match(answer.startLine, new RegExp(`^HTTP/1\\.1 ${status} `));
      for (const [name, value] of Object.entries(headers)) assert.equal(answer.get(name), value, name);
      assert.equal(answer.get("Sec-WebSocket-Accept"), undefined);
      await peer.ended;
      assert.match(peer.body, body);
      assert.equal(Number(answer.get("Content-Length")), Buffer.byteLength(peer.body));
      assert.equal(server.clients.size, 0);
      const connecting = nextClient(server);
      await opened(new WebSocket(`ws://127.0.0.1:${port}/`));
      await connecting;
    });
  }

  test("that is reset before its answer harms nobody", async (t) => {
    const { server, port } = await listening(t);
    for (let round = 0; round < 5; round += 1) {
      const { peer } = await rawClient(t, port, { headers: { "Sec-WebSocket-Version": "7" } });
      peer.socket.resetAndDestroy();
    }
    const connecting = nextClient(server);
    await opened(new WebSocket(`ws://127.0.0.1:${port}/`));
    await connecting;
  });
});

describe("a good upgrade request", () => {
  const right: [string, UpgradeRequest][] = [
    ["as in the RFC", {}],
    ["in other cases", { headers: { Upgrade: "WebSocket", Connection: "keep-alive, UPGRADE" } }],
    ["with a list of protocols to upgrade to", { headers: { Upgrade: "h2c, websocket" } }],
    ["with extensions that nobody knows", { headers: { "Sec-WebSocket-Extensions": 'x-y; z="1", foo' } }],
    ["with an offer that can't be met", { headers: { "Sec-WebSocket-Extensions": "permessage-deflate; x" } }],
  ];
  for (const [what, request] of right) {
    test(`${what} is answered with 101 and the accept value`, async (t) => {
      const { port } = await listening(t);
      const { answer } = await rawClient(t, port, request);
      assert.equal(answer.startLine, "HTTP/1.1 101 Switching Protocols");
      assert.equal(answer.get("Upgrade"), "websocket");
      assert.equal(answer.get("Connection"), "Upgrade");
      assert.equal(answer.get("Sec-WebSocket-Accept"), acceptValue(sampleKey));
      assert.equal(answer.get("Sec-WebSocket-Protocol"), undefined);
      assert.equal(answer.get("Sec-WebSocket-Extensions"), undefined);
    });
  }
});
