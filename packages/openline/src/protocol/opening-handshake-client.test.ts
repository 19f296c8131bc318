import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HandshakeHeaders } from "./opening-handshake.js";
import { buildRequestHeaders, checkResponse, type HandshakeOffer } from "./opening-handshake-client.js";

const key = "dGhlIHNhbXBsZSBub25jZQ==";
const plainOffer: HandshakeOffer = { subprotocols: [], perMessageDeflate: false };
const deflateOffer: HandshakeOffer = { subprotocols: [], perMessageDeflate: {} };
const protocolOffer: HandshakeOffer = { subprotocols: ["chat", "v2.chat"], perMessageDeflate: false };

const good: HandshakeHeaders = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
};

function check(headers: HandshakeHeaders, offer = plainOffer, status = 101) {
  return checkResponse(status, { ...good, ...headers }, key, offer);
}

describe("buildRequestHeaders", () => {
  it("asks for nothing more than a WebSocket where nothing is offered", () => {
    const { headers, key: sent } = buildRequestHeaders(plainOffer);
    assert.deepEqual(headers, [
      ["Upgrade", "websocket"],
      ["Connection", "Upgrade"],
      ["Sec-WebSocket-Key", sent],
      ["Sec-WebSocket-Version", "13"],
    ]);
    assert.equal(Buffer.from(sent, "base64").length, 16);
    assert.notEqual(buildRequestHeaders(plainOffer).key, sent);
  });

  it("offers subprotocols in their order and permessage-deflate", () => {
    const { headers } = buildRequestHeaders({
      ...protocolOffer,
      perMessageDeflate: { serverMaxWindowBits: 9 },
    });
    assert.deepEqual(headers.slice(4), [
      ["Sec-WebSocket-Protocol", "chat, v2.chat"],
      ["Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=9; client_max_window_bits"],
    ]);
  });
});

describe("checkResponse", () => {
  it("takes a plain answer", () => {
    assert.deepEqual(check({}), { subprotocol: "", extensions: "", deflate: undefined });
    assert.deepEqual(check({}, deflateOffer), { subprotocol: "", extensions: "", deflate: undefined });
  });

  it("reads Upgrade and Connection without regard to case, and Connection as a list", () => {
    check({ upgrade: "WebSocket", connection: "UPGRADE" });
    check({ connection: "keep-alive , uPgrade" });
    check({ connection: ["keep-alive", "Upgrade"] });
  });

  it("gives the subprotocol that the server chose", () => {
    assert.equal(check({ "sec-websocket-protocol": "v2.chat" }, protocolOffer).subprotocol, "v2.chat");
  });

  it("gives the extensions as they stand, and what they mean", () => {
    const header = 'permessage-deflate;server_max_window_bits="10"';
    assert.deepEqual(check({ "sec-websocket-extensions": header }, deflateOffer), {
      subprotocol: "",
      extensions: header,
      deflate: {
        serverNoContextTakeover: false,
        clientNoContextTakeover: false,
        serverMaxWindowBits: 10,
        clientMaxWindowBits: 15,
      },
    });
  });

  for (const status of [100, 102, 200, 204, 301, 302, 307, 400, 401, 404, 426, 500, 0]) {
    it(`refuses status ${status}`, () => {
      assert.throws(() => check({}, plainOffer, status), {
        name: "ConnectionError",
        code: "ERR_WS_HANDSHAKE_STATUS",
        message: new RegExp(`status ${status}\\b`),
      });
    });
  }

  type Bad = [name: string, headers: HandshakeHeaders, code: string, said: RegExp, offer?: HandshakeOffer];
  const bad: Bad[] = [
    ["no Upgrade", { upgrade: undefined }, "UPGRADE", /missing/],
    ["another Upgrade", { upgrade: "h2c" }, "UPGRADE", /"h2c"/],
    ["two Upgrades", { upgrade: "websocket, h2c" }, "UPGRADE", /h2c/],
    ["no Connection", { connection: undefined }, "CONNECTION", /missing/],
    ["a Connection without Upgrade", { connection: "close" }, "CONNECTION", /"close"/],
    ["a Connection that only looks like it", { connection: "upgraded" }, "CONNECTION", /"upgraded"/],
    ["no Accept", { "sec-websocket-accept": undefined }, "ACCEPT", /missing/],
    ["an empty Accept", { "sec-websocket-accept": "" }, "ACCEPT", /""/],
    ["an Accept to another key", { "sec-websocket-accept": "x".repeat(27) }, "ACCEPT", /xxx/],
    ["the key itself as Accept", { "sec-websocket-accept": key }, "ACCEPT", /dGhl/],
    [
      "an Accept in another case",
      { "sec-websocket-accept": "S3PPLMBITXAQ9KYGZZHZRBK+XOO=" },
      "ACCEPT",
      /S3PP/,
    ],
    [
      "two Accepts",
      { "sec-websocket-accept": Array(2).fill("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") },
      "ACCEPT",
      /, s3pP/,
    ],
    ["a subprotocol nobody asked for", { "sec-websocket-protocol": "chat" }, "PROTOCOL", /"chat"/],
    ["an empty subprotocol", { "sec-websocket-protocol": "" }, "PROTOCOL", /""/],
    [
      "another subprotocol",
      { "sec-websocket-protocol": "superchat" },
      "PROTOCOL",
      /"superchat"/,
      protocolOffer,
    ],
    [
      "a subprotocol in another case",
      { "sec-websocket-protocol": "Chat" },
      "PROTOCOL",
      /"Chat"/,
      protocolOffer,
    ],
    [
      "two subprotocols",
      { "sec-websocket-protocol": "chat, v2.chat" },
      "PROTOCOL",
      /v2\.chat/,
      protocolOffer,
    ],
    ["no subprotocol where some were asked for", {}, "PROTOCOL", /chat, v2\.chat/, protocolOffer],
    [
      "an extension nobody offered",
      { "sec-websocket-extensions": "permessage-deflate" },
      "EXTENSIONS",
      /permessage-deflate was not offered/,
    ],
    [
      "another extension",
      { "sec-websocket-extensions": "permessage-deflate, foo" },
      "EXTENSIONS",
      /foo was not offered/,
      deflateOffer,
    ],
    [
      "a repeated extension",
      { "sec-websocket-extensions": ["permessage-deflate", "permessage-deflate"] },
      "EXTENSIONS",
      /repeated/,
      deflateOffer,
    ],
    [
      "a repeated parameter",
      {
        "sec-websocket-extensions":
          "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
      },
      "EXTENSIONS",
      /server_no_context_takeover is repeated/,
      deflateOffer,
    ],
    [
      "an unknown parameter",
      { "sec-websocket-extensions": "permessage-deflate; foo=1" },
      "EXTENSIONS",
      /foo/,
      deflateOffer,
    ],
    [
      "extensions of broken grammar",
      { "sec-websocket-extensions": "permessage-deflate; =" },
      "EXTENSIONS",
      /grammar/,
      deflateOffer,
    ],
  ];
  for (const [name, headers, code, said, offer] of bad) {
    it(`refuses ${name}`, () => {
      assert.throws(() => check(headers, offer), {
        name: "ConnectionError",
        code: `ERR_WS_HANDSHAKE_${code}`,
        message: said,
      });
    });
  }

  it("doesn't repeat all of an endless header in its message", () => {
    assert.throws(
      () => check({ upgrade: "x".repeat(10_000) }),
      ({ message }: Error) => message.length < 300,
    );
  });
});
