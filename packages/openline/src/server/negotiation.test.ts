import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { describe, test } from "node:test";
import { WebSocket } from "../index.js";
import { rawClient } from "../testing-support/raw-client.test.support.js";
import { listening, nextClient } from "../testing-support/servers.test.support.js";
import {
  assertHandshakeFails,
  construct,
  nextData,
  opened,
} from "../testing-support/sockets.test.support.js";

describe("handleProtocols", () => {
  test("chooses among what the client asks for; both ends see it", async (t) => {
    const asked: unknown[] = [];
    const handleProtocols = (protocols: ReadonlySet<string>, request: IncomingMessage) => {
      asked.push([...protocols], request.url);
      return "b";
    };
    const { server, url } = await listening(t, { handleProtocols });
    const connecting = nextClient(server);
    const client = new WebSocket(`${url}/x`, ["a", "b", "c"]);
    const { socket } = await connecting;
    await opened(client);
    assert.deepEqual(asked, [["a", "b", "c"], "/x"]);
    assert.deepEqual([client.protocol, socket.protocol], ["b", "b"]);
  });

  test("false chooses none, which the standard's client does not take", async (t) => {
    const { url, port } = await listening(t, { handleProtocols: () => false });
    await assertHandshakeFails(new WebSocket(url, ["a"]), "ERR_WS_HANDSHAKE_PROTOCOL");
    const { answer } = await rawClient(t, port, { headers: { "Sec-WebSocket-Protocol": "a" } });
    assert.match(answer.startLine, /^HTTP\/1\.1 101 /);
    assert.equal(answer.get("Sec-WebSocket-Protocol"), undefined);
  });

  test("is not asked where the client asks for none", async (t) => {
    let calls = 0;
    const handleProtocols = () => {
      calls += 1;
      return false as const;
    };
    const { url } = await listening(t, { handleProtocols });
    const client = new WebSocket(url);
    await opened(client);
    assert.equal(calls, 0);
    assert.equal(client.protocol, "");
  });

  test("left out, the client's first is taken", async (t) => {
    const { url } = await listening(t);
    const client = new WebSocket(url, ["x", "y"]);
    await opened(client);
    assert.equal(client.protocol, "x");
  });
});

describe("perMessageDeflate", () => {
  const sentence = "a sentence that is worth compressing. ".repeat(50);
  const cases: [unknown, unknown, RegExp][] = [
    [undefined, undefined, /^permessage-deflate/],
    [false, undefined, /^$/],
    [undefined, false, /^$/],
    [{ serverNoContextTakeover: true }, undefined, /server_no_context_takeover/],
    [{ clientNoContextTakeover: true }, undefined, /client_no_context_takeover/],
    [{ serverMaxWindowBits: 10 }, undefined, /server_max_window_bits=10/],
    [{ clientMaxWindowBits: 9 }, undefined, /client_max_window_bits=9/],
    [undefined, { serverMaxWindowBits: 11, serverNoContextTakeover: true }, /server_max_window_bits=11/],
    [undefined, { clientMaxWindowBits: 8 }, /^permessage-deflate/],
  ];
  for (const [ours, theirs, expected] of cases) {
    test(`server ${JSON.stringify(ours)}, client ${JSON.stringify(theirs)}: ${expected}`, async (t) => {
      const settings = ours === undefined ? {} : { perMessageDeflate: ours };
      const { server, url } = await listening(t, settings as object);
      const connecting = nextClient(server);
      const client = construct(url, theirs === undefined ? {} : { perMessageDeflate: theirs });
      const { socket } = await connecting;
      await opened(client);
      assert.match(client.extensions, expected);
      assert.equal(socket.extensions, client.extensions);
      for (let round = 0; round < 3; round += 1) {
        client.send(sentence + round);
        assert.equal(await nextData(socket), sentence + round);
        socket.send(sentence + round);
        assert.equal(await nextData(client), sentence + round);
      }
    });
  }
});
