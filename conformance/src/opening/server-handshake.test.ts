import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { upgradeRequest } from "../connect.js";
import { within } from "../guard.js";
import { ByteChannel } from "../peer/byte-channel.js";
import { encodeFrame, Opcode } from "../peer/frame-codec.js";
import { acceptFor, field, readHead } from "../peer/http-head.js";
import { RawPeer } from "../peer/raw-peer.js";
import { Recorder } from "../recorder.js";
import { subject } from "../subject/index.js";
import type { SubjectServer, SubjectServerOptions } from "../subject/subject.js";
import { clientOffers } from "./client-offers.js";
import { clientRequests } from "./client-requests.js";
import { REQUIRED, type ServerHandshakeCase } from "./server-handshake-case.js";
import { serverPolicies } from "./server-policies.js";

interface Attempt {
  readonly server: SubjectServer;
  readonly channel: ByteChannel;
  readonly recorders: readonly Recorder[];
}

async function withServer(
  options: SubjectServerOptions,
  run: (attempt: Attempt) => Promise<void>,
): Promise<void> {
  const recorders: Recorder[] = [];
  const server = await subject.listen(options, (object) => recorders.push(new Recorder(object, true)));
  const socket = connect(server.port, "127.0.0.1");
  await once(socket, "connect");
  const channel = new ByteChannel(socket);
  try {
    await run({ server, channel, recorders });
  } finally {
    channel.destroy();
    await within(server.close(), "the server to close");
  }
}

async function runHandshake(handshake: ServerHandshakeCase): Promise<void> {
  const { requestLine = "GET / HTTP/1.1", fields = REQUIRED, more = [], answer, cut } = handshake;
  await withServer(handshake.options ?? {}, async ({ channel, recorders }) => {
    const key = randomBytes(16).toString("base64");
    const lines = [requestLine, ...fields, ...more].map((line) => line.replace("{key}", key));
    await channel.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), cut);

    const head = await readHead(channel);
    const [version, status] = head.startLine.split(" ");
    assert.equal(version, "HTTP/1.1");
    assert.ok(
      answer.status.includes(Number(status)),
      `${head.startLine} instead of ${answer.status.join(" or ")}`,
    );
    for (const [name, value] of Object.entries(answer.fields ?? {})) {
      assert.equal(field(head, name), value ?? undefined, name);
    }
    if (status === "101") {
      assert.equal(field(head, "upgrade")?.toLowerCase(), "websocket");
      assert.equal(field(head, "connection")?.toLowerCase(), "upgrade");
      assert.equal(field(head, "sec-websocket-accept"), acceptFor(key));
    } else {
      assert.equal(recorders.length, 0, "no connection event");
    }
  });
}

for (const handshake of [...clientRequests, ...serverPolicies, ...clientOffers]) {
  const { id, shows, section } = handshake;
  test(`server opening/${id}: ${shows} (${section})`, () => runHandshake(handshake));
}

for (const cut of [undefined, 1]) {
  const how = cut === undefined ? "in one packet" : "byte by byte";
  test(`server opening/frames-behind: frames right behind the request are delivered, ${how} ([6455] 4.2.2)`, async () => {
    await withServer({ perMessageDeflate: false }, async ({ server, channel }) => {
      const request = Buffer.from(upgradeRequest(server.port, randomBytes(16).toString("base64"), ""));
      const frames = ["one", "two"].map((payload) => encodeFrame({ opcode: Opcode.Text, payload }, true));
      await channel.write(Buffer.concat([request, ...frames]), cut);
      assert.match((await readHead(channel)).startLine, / 101 /);
      const peer = new RawPeer(channel, true, undefined);
      assert.equal((await peer.readMessage("the first echo")).data, "one");
      assert.equal((await peer.readMessage("the second echo")).data, "two");
    });
  });
}

test("server opening/cut: a client that goes away within its request leaves nothing behind ([6455] 4.2.1)", async () => {
  await withServer({}, async ({ channel, recorders }) => {
    await channel.write(Buffer.from("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgr"));
    channel.destroy();
    assert.equal(recorders.length, 0);
  });
});
