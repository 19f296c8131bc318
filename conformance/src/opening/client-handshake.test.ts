import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptOne } from "../connect.js";
import { within } from "../guard.js";
import { openLine } from "../line.js";
import { ByteChannel } from "../peer/byte-channel.js";
import { acceptFor, field, type HttpHead, readHead } from "../peer/http-head.js";
import { Recorder } from "../recorder.js";
import { subject } from "../subject/index.js";
import type { SubjectOptions, SubjectSocket } from "../subject/subject.js";
import { type ClientHandshakeCase, REQUIRED } from "./client-handshake-case.js";
import { serverChoices } from "./server-choices.js";
import { serverResponses } from "./server-responses.js";

async function runHandshake(handshake: ClientHandshakeCase): Promise<void> {
  const tcp = await acceptOne();
  const line = await openLine(tcp.port);
  const object = subject.connect(
    `ws://127.0.0.1:${line.port}/`,
    handshake.protocols ?? [],
    handshake.options ?? {},
  );
  const recorder = new Recorder(object, false);
  try {
    await runAnswer(handshake, tcp, object, recorder);
  } finally {
    const seen = await line.close();
    if (seen !== undefined) assert.deepEqual(seen, await recorder.close());
  }
}

async function runAnswer(
  handshake: ClientHandshakeCase,
  tcp: Awaited<ReturnType<typeof acceptOne>>,
  object: SubjectSocket,
  recorder: Recorder,
): Promise<void> {
  const channel = new ByteChannel(await within(tcp.socket, "the client to connect"));
  const request = await readHead(channel);
  const head = responseHead(handshake, field(request, "sec-websocket-key") ?? "");
  await channel.write(Buffer.concat([head, handshake.behind ?? Buffer.alloc(0)]), handshake.cut);
  if (handshake.thenEnds) channel.end();

  const { outcome } = handshake;
  if ("errors" in outcome) {
    assert.deepEqual(await recorder.close(), { code: 1006, reason: "", wasClean: false });
    assert.deepEqual(recorder.order, ["error", "close"]);
    const { code, message } = recorder.error ?? {};
    assert.ok(String(message).length > 0, "the error says what was wrong");
    if (subject.ownErrorCodes)
      assert.ok(outcome.errors.includes(String(code)), `${String(code)}: ${String(message)}`);
    channel.destroy();
    return;
  }
  await within(recorder.opened, "the open event");
  assert.equal(object.protocol, outcome.protocol);
  // Browsers show the header as it came, ws the name only: what counts here is which extension.
  assert.equal(object.extensions.split(";")[0]?.trim(), outcome.extensions);
  channel.end();
  await recorder.close();
  assert.deepEqual(recorder.messages, outcome.messages ?? []);
  assert.deepEqual(recorder.order.slice(0, 1 + recorder.messages.length), [
    "open",
    ...recorder.messages.map(() => "message"),
  ]);
}

function responseHead(handshake: ClientHandshakeCase, key: string): Buffer {
  const { statusLine = "HTTP/1.1 101 Switching Protocols", fields = REQUIRED, more = [] } = handshake;
  const accept = acceptFor(key);
  const otherCase = accept.replace(/[a-zA-Z]/g, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
  const lines = [statusLine, ...fields, ...more].map((line) =>
    line.replace("{accept}", accept).replace("{accept-in-other-case}", otherCase),
  );
  if (handshake.thenEnds) return Buffer.from(lines.join("\r\n"));
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}

for (const handshake of [...serverResponses, ...serverChoices]) {
  const { id, shows, section } = handshake;
  test(`client opening/${id}: ${shows} (${section})`, () => runHandshake(handshake));
}

/** The head that the client sends. */
async function requestOf(
  path: string,
  protocols: readonly string[],
  options: SubjectOptions,
): Promise<HttpHead> {
  const tcp = await acceptOne();
  const object = subject.connect(`ws://127.0.0.1:${tcp.port}${path}`, protocols, options);
  const recorder = new Recorder(object, false);
  const channel = new ByteChannel(await within(tcp.socket, "the client to connect"));
  const head = await readHead(channel);
  assert.equal(field(head, "host"), `127.0.0.1:${tcp.port}`);
  channel.destroy();
  await recorder.close();
  return head;
}

test("client opening/request: the request has what it must have, each once ([6455] 4.1)", async () => {
  const head = await requestOf("/chat?a=b%20c", [], { perMessageDeflate: false });
  assert.equal(head.startLine, "GET /chat?a=b%20c HTTP/1.1");
  assert.equal(field(head, "upgrade")?.toLowerCase(), "websocket");
  assert.equal(field(head, "connection")?.toLowerCase(), "upgrade");
  assert.equal(field(head, "sec-websocket-version"), "13");
  const key = field(head, "sec-websocket-key") ?? "";
  assert.equal(Buffer.from(key, "base64").length, 16);
  assert.equal(Buffer.from(key, "base64").toString("base64"), key);
  assert.equal(field(head, "sec-websocket-protocol"), undefined);
  assert.equal(field(head, "sec-websocket-extensions"), undefined);
});

test("client opening/request/fresh-key: each handshake has a key of its own ([6455] 4.1)", async () => {
  const keys = new Set<string | undefined>();
  for (let i = 0; i < 5; i++) keys.add(field(await requestOf("/", [], {}), "sec-websocket-key"));
  assert.equal(keys.size, 5);
});

test("client opening/request/protocols: subprotocols stand in one list, in order ([6455] 4.1)", async () => {
  const head = await requestOf("/", ["b", "a", "c"], {});
  assert.deepEqual(field(head, "sec-websocket-protocol")?.split(/, */), ["b", "a", "c"]);
});

test("client opening/request/offer: permessage-deflate is offered by default, as browsers do ([7692] 7.1)", async () => {
  const head = await requestOf("/", [], {});
  assert.equal(field(head, "sec-websocket-extensions"), "permessage-deflate; client_max_window_bits");
});

test("client opening/request/offer-with-parameters: the offer carries the options ([7692] 7.1)", async () => {
  const perMessageDeflate = {
    serverNoContextTakeover: true,
    clientNoContextTakeover: true,
    serverMaxWindowBits: 10,
    clientMaxWindowBits: 11,
  };
  const head = await requestOf("/", [], { perMessageDeflate });
  const [name, ...parameters] = (field(head, "sec-websocket-extensions") ?? "")
    .split(";")
    .map((part) => part.trim());
  assert.equal(name, "permessage-deflate");
  assert.deepEqual(parameters.sort(), [
    "client_max_window_bits=11",
    "client_no_context_takeover",
    "server_max_window_bits=10",
    "server_no_context_takeover",
  ]);
});
