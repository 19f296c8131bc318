import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { HandshakeHeaders } from "./opening-handshake.js";
import { buildRequestHeaders, checkResponse } from "./opening-handshake-client.js";
import {
  type AcceptableRequest,
  buildResponse,
  checkRequest,
  type HandshakeRequest,
  type Refusal,
} from "./opening-handshake-server.js";

const key = "dGhlIHNhbXBsZSBub25jZQ==";

function check(headers: HandshakeHeaders, more: Partial<HandshakeRequest> = {}): AcceptableRequest | Refusal {
  return checkRequest({
    method: "GET",
    httpVersion: "1.1",
    headers: {
      host: "localhost",
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": key,
      "sec-websocket-version": "13",
      ...headers,
    },
    ...more,
  });
}

function accepted(headers: HandshakeHeaders): AcceptableRequest {
  const request = check(headers);
  assert.ok(!("status" in request), JSON.stringify(request));
  return request;
}

/** Headers as Node's HTTP parser would give them. */
function received(headers: [string, string][]): HandshakeHeaders {
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
}

describe("checkRequest", () => {
  it("takes a plain request", () => {
    assert.deepEqual(accepted({}), { key, subprotocols: new Set(), extensions: undefined });
  });

  it("reads Upgrade and Connection as lists, without regard to case", () => {
    accepted({ upgrade: "h2c, WebSocket", connection: "Keep-Alive, UPGRADE" });
    accepted({ connection: ["close", "upgrade"] });
  });

  it("reads the subprotocols in their order, and hands the extensions on", () => {
    const request = accepted({
      "sec-websocket-protocol": ["chat", "v2.chat"],
      "sec-websocket-extensions": "foo; bar",
    });
    assert.deepEqual([...request.subprotocols], ["chat", "v2.chat"]);
    assert.equal(request.extensions, "foo; bar");
  });

  type Bad = [
    name: string,
    headers: HandshakeHeaders,
    status: number,
    said: RegExp,
    answer?: Record<string, string>,
    more?: Partial<HandshakeRequest>,
  ];
  const version = { "Sec-WebSocket-Version": "13" };
  const bad: Bad[] = [
    ["POST", {}, 405, /POST/, { Allow: "GET" }, { method: "POST" }],
    ["no method", {}, 405, /missing/, { Allow: "GET" }, { method: undefined }],
    ["HTTP/1.0", {}, 400, /1\.0/, {}, { httpVersion: "1.0" }],
    ["no Host", { host: undefined }, 400, /Host header is missing/],
    [
      "no Upgrade",
      { upgrade: undefined },
      426,
      /Upgrade header is missing/,
      { Upgrade: "websocket", ...version },
    ],
    ["another Upgrade", { upgrade: "h2c" }, 426, /"h2c"/, { Upgrade: "websocket", ...version }],
    ["no Connection", { connection: undefined }, 400, /Connection header is missing/],
    ["another Connection", { connection: "keep-alive" }, 400, /"keep-alive"/],
    ["no key", { "sec-websocket-key": undefined }, 400, /Sec-WebSocket-Key header is missing/],
    ["an empty key", { "sec-websocket-key": "" }, 400, /Key/],
    ["a key of 15 bytes", { "sec-websocket-key": Buffer.alloc(15).toString("base64") }, 400, /Key/],
    ["a key of 17 bytes", { "sec-websocket-key": Buffer.alloc(17).toString("base64") }, 400, /Key/],
    ["a key in Base64url", { "sec-websocket-key": "-_hlIHNhbXBsZSBub25jZQ==" }, 400, /Key/],
    ["two keys", { "sec-websocket-key": [key, key] }, 400, /Key/],
    ["no version", { "sec-websocket-version": undefined }, 426, /Version header is missing/, version],
    ["version 8", { "sec-websocket-version": "8" }, 426, /"8"/, version],
    ["version 013", { "sec-websocket-version": "013" }, 426, /"013"/, version],
    ["two versions", { "sec-websocket-version": ["13", "8"] }, 426, /"13, 8"/, version],
    ["a broken subprotocol", { "sec-websocket-protocol": "a b" }, 400, /"a b"/],
    ["a subprotocol twice", { "sec-websocket-protocol": "a, a" }, 400, /"a, a"/],
    ["broken extensions", { "sec-websocket-extensions": "foo;;" }, 400, /"foo;;"/],
  ];
  for (const [name, headers, status, said, answer = {}, more] of bad) {
    it(`refuses ${name} with ${status}`, () => {
      const refused = check(headers, more);
      assert.ok("status" in refused);
      assert.equal(refused.status, status);
      assert.match(refused.message, said);
      assert.deepEqual(refused.headers, answer);
    });
  }
});

describe("buildResponse", () => {
  it("answers the key, without subprotocol and extensions where there are none", () => {
    assert.deepEqual(buildResponse(accepted({}), "", {}), {
      headers: [
        ["Upgrade", "websocket"],
        ["Connection", "Upgrade"],
        ["Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="],
      ],
      handshake: { subprotocol: "", extensions: "", deflate: undefined },
    });
  });

  it("answers with the subprotocol and the first offer that will do", () => {
    const request = accepted({
      "sec-websocket-protocol": "chat",
      "sec-websocket-extensions":
        "foo, permessage-deflate; bad, permessage-deflate; client_max_window_bits=9",
    });
    const { headers, handshake } = buildResponse(request, "chat", {});
    assert.deepEqual(headers.slice(3), [
      ["Sec-WebSocket-Protocol", "chat"],
      ["Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits=9"],
    ]);
    assert.equal(handshake.subprotocol, "chat");
    assert.equal(handshake.extensions, "permessage-deflate; client_max_window_bits=9");
    assert.equal(handshake.deflate?.clientMaxWindowBits, 9);
  });

  it("declines compression where it is turned off, or where no offer will do", () => {
    const offers = { "sec-websocket-extensions": "permessage-deflate" };
    assert.equal(buildResponse(accepted(offers), "", false).handshake.deflate, undefined);
    const { headers, handshake } = buildResponse(accepted({ "sec-websocket-extensions": "foo" }), "", {});
    assert.equal(headers.length, 3);
    assert.equal(handshake.extensions, "");
  });

  it("is an answer that the client takes, and both know the same", () => {
    fc.assert(
      fc.property(
        fc.subarray(["chat", "v2.chat", "x!"]),
        fc.boolean(),
        fc.boolean(),
        (subprotocols, clientDeflates, serverDeflates) => {
          const offer = { subprotocols, perMessageDeflate: clientDeflates ? {} : (false as const) };
          const sent = buildRequestHeaders(offer);
          const request = accepted(received(sent.headers));
          assert.equal(request.key, sent.key);
          const { headers, handshake } = buildResponse(
            request,
            subprotocols.at(-1) ?? "",
            serverDeflates && { serverNoContextTakeover: true },
          );
          assert.deepEqual(checkResponse(101, received(headers), sent.key, offer), handshake);
          assert.equal(
            handshake.deflate?.serverNoContextTakeover,
            clientDeflates && serverDeflates ? true : undefined,
          );
        },
      ),
    );
  });
});
