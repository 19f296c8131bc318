import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import type { Role } from "./case.js";
import { within } from "./guard.js";
import { openLine } from "./line.js";
import { ByteChannel } from "./peer/byte-channel.js";
import { acceptFor, field, readHead } from "./peer/http-head.js";
import {
  type DeflateParameters,
  formatDeflate,
  parseDeflate,
  peerCompression,
} from "./peer/peer-compression.js";
import { RawPeer } from "./peer/raw-peer.js";
import { type CloseRecord, Recorder } from "./recorder.js";
import type { Subject, SubjectOptions, SubjectSocket } from "./subject/subject.js";

/** A connection past its opening handshake: the raw peer at one end, the object under test at the other. */
export interface Connection {
  readonly peer: RawPeer;
  readonly object: SubjectSocket;
  readonly recorder: Recorder;
  /** Takes everything down that the case left standing. @returns how the line has seen it end, if there is one. */
  dispose(): Promise<CloseRecord | undefined>;
}

/** Connects the subject in `role`; with `deflate`, permessage-deflate is agreed on with these parameters. */
export function connect(
  subject: Subject,
  role: Role,
  options: SubjectOptions,
  deflate: DeflateParameters | undefined,
): Promise<Connection> {
  return role === "client"
    ? connectClient(subject, options, deflate)
    : connectServer(subject, options, deflate);
}

async function connectClient(
  subject: Subject,
  options: SubjectOptions,
  deflate: DeflateParameters | undefined,
): Promise<Connection> {
  const tcp = await acceptOne();
  const perMessageDeflate = deflate === undefined ? false : { threshold: 0, ...deflate };
  const line = await openLine(tcp.port);
  const object = subject.connect(`ws://127.0.0.1:${line.port}/`, [], { perMessageDeflate, ...options });
  const recorder = new Recorder(object, true);
  const channel = new ByteChannel(await within(tcp.socket, "the client to connect"));
  const dispose = async () => {
    channel.destroy();
    await recorder.close();
    return line.close();
  };
  return disposedOnError(dispose, async () => {
    const request = await readHead(channel);
    const key = field(request, "sec-websocket-key") ?? "";
    const extensions = deflate === undefined ? "" : `Sec-WebSocket-Extensions: ${formatDeflate(deflate)}\r\n`;
    await channel.write(Buffer.from(switching(key, extensions)));
    await within(recorder.opened, "the open event");
    const peer = new RawPeer(channel, false, deflate && peerCompression(deflate, false));
    return { peer, object, recorder, dispose };
  });
}

async function connectServer(
  subject: Subject,
  options: SubjectOptions,
  deflate: DeflateParameters | undefined,
): Promise<Connection> {
  const perMessageDeflate = deflate === undefined ? false : { threshold: 0 };
  let connected: (object: SubjectSocket) => void = () => {};
  const connection = new Promise<SubjectSocket>((resolve) => (connected = resolve));
  let recorder: Recorder | undefined;
  const server = await subject.listen({ perMessageDeflate, ...options }, (object) => {
    recorder = new Recorder(object, true);
    connected(object);
  });
  const line = await openLine(server.port);
  const socket = connectTcp(line.port, "127.0.0.1");
  await once(socket, "connect");
  const channel = new ByteChannel(socket);
  const dispose = async () => {
    channel.destroy();
    await within(server.close(), "the server to close");
    return line.close();
  };
  return disposedOnError(dispose, async () => {
    const key = randomBytes(16).toString("base64");
    const offer = deflate === undefined ? "" : `Sec-WebSocket-Extensions: ${formatDeflate(deflate)}\r\n`;
    await channel.write(Buffer.from(upgradeRequest(server.port, key, offer)));

    const answer = await readHead(channel);
    assert.match(answer.startLine, /^HTTP\/1\.1 101 /);
    assert.equal(field(answer, "sec-websocket-accept"), acceptFor(key));
    const agreed = field(answer, "sec-websocket-extensions");
    const object = await within(connection, "the server's connection event");
    assert.ok(recorder);
    if (deflate === undefined) assert.equal(agreed, undefined);
    else checkAnswer(deflate, parseDeflate(agreed ?? ""));
    const compression = agreed === undefined ? undefined : peerCompression(parseDeflate(agreed), true);
    return { peer: new RawPeer(channel, true, compression), object, recorder, dispose };
  });
}

/** A handshake that fails must not leave a socket behind that keeps the test process alive. */
async function disposedOnError<T>(dispose: () => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** [7692] 7.1: what the client asked for stands in the answer too. */
function checkAnswer(offer: DeflateParameters, answer: DeflateParameters): void {
  if (offer.serverNoContextTakeover === true) assert.equal(answer.serverNoContextTakeover, true);
  if (offer.serverMaxWindowBits !== undefined) {
    assert.ok((answer.serverMaxWindowBits ?? 16) <= offer.serverMaxWindowBits, "server_max_window_bits kept");
  }
  if (offer.clientMaxWindowBits === undefined) assert.equal(answer.clientMaxWindowBits, undefined);
  assert.ok(!Number.isNaN(answer.clientMaxWindowBits), "client_max_window_bits has a value");
}

export function switching(key: string, fields: string): string {
  return (
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
    `Sec-WebSocket-Accept: ${acceptFor(key)}\r\n${fields}\r\n`
  );
}

export function upgradeRequest(port: number, key: string, fields: string): string {
  return (
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
    `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n${fields}\r\n`
  );
}

/** A TCP server for one connection. */
export async function acceptOne(): Promise<{ port: number; socket: Promise<Socket>; close(): void }> {
  const server = createServer();
  const socket = new Promise<Socket>((resolve) => {
    server.once("connection", (connection) => {
      server.close();
      resolve(connection);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { port: address.port, socket, close: () => server.close() };
}
