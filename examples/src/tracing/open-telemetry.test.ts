import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type TestContext, test } from "node:test";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { closed, messages, opened, WebSocket } from "openline";
import { WebSocketServer } from "openline/server";
import { traceConnections } from "./open-telemetry.js";

function exporting(t: TestContext): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  t.after(traceConnections(provider.getTracer("openline")));
  return exporter;
}

test("a span for each end of a connection", async (t) => {
  const exporter = exporting(t);
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  t.after(() => server.close());
  await once(server, "listening");
  server.on("connection", (socket) => socket.send("hello"));
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://user:secret@127.0.0.1:${port}/`, ["chat"]);
  await messages(socket).next();
  const ended = closed(socket);
  socket.close(3000);
  await ended;
  await server.close();

  const spans = exporter.getFinishedSpans();
  assert.deepEqual(spans.map(({ kind }) => kind).sort(), [SpanKind.SERVER, SpanKind.CLIENT].sort());
  const client = spans.find(({ kind }) => kind === SpanKind.CLIENT);
  assert.deepEqual(client?.attributes, {
    "url.full": `ws://127.0.0.1:${port}/`,
    "http.request.method": "GET",
    "server.address": "127.0.0.1",
    "server.port": port,
    "http.response.status_code": 101,
    "websocket.protocol": "chat",
    "network.peer.address": "127.0.0.1",
    "websocket.close.code": 3000,
    "websocket.close.clean": true,
  });
  assert.deepEqual(
    client.events.map(({ name, attributes }) => [name, attributes?.["opcode"]]),
    [
      ["open", undefined],
      ["frame received", 1],
      ["frame sent", 8],
      ["frame received", 8],
    ],
  );
  assert.equal(client.status.code, SpanStatusCode.UNSET);
});

test("a refused attempt is a span with an error", async (t) => {
  const exporter = exporting(t);
  const server = createServer((_request, response) => response.writeHead(403).end()).listen(0, "127.0.0.1");
  t.after(() => server.close());
  server.on("upgrade", (_request, socket) => {
    socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  });
  await once(server, "listening");
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const ended = closed(socket);
  await assert.rejects(opened(socket));
  await ended;
  const [span] = exporter.getFinishedSpans();
  assert.equal(span?.status.code, SpanStatusCode.ERROR);
  assert.equal(span.attributes["http.response.status_code"], 403);
  assert.deepEqual(
    span.events.map(({ name }) => name),
    ["exception"],
  );
});
