import { toBase64 } from "../recording/base64.js";
import type { FrameEvent } from "../recording/connection-event.js";
import type { RecordedConnection } from "../recording/recorded-connection.js";
import { endingOf } from "./ending.js";

// Recordings as tests for node:test: our server plays the server's part, and openline the client's until somebody puts a
// client of his own in its place. No Node module here: the page imports it.
//
// Whatever a peer has sent gets into the code as a literal only.

/** More messages make a test that nobody reads. */
const mostMessages = 1000;

/** The code of a module with one test for each connection. @returns undefined where no connection has a message */
export function testCode(connections: Iterable<RecordedConnection>): string | undefined {
  const tests: string[] = [];
  for (const connection of connections) {
    const steps = firstOf(messagesOf(connection), mostMessages + 1);
    if (steps.length > 0) tests.push(testOf(connection, steps));
  }
  return tests.length === 0 ? undefined : [imports, ...tests, helpers].join("\n\n");
}

/** The same for one message alone. @returns undefined for a frame that is no whole message */
export function messageTestCode(connection: RecordedConnection, frame: FrameEvent): string | undefined {
  const { connection: number, request, response } = connection;
  return testCode([{ connection: number, request, response, frames: [frame] }]);
}

interface Message {
  readonly direction: FrameEvent["direction"];
  readonly payload: string | Uint8Array;
}

/** Whole messages up to the closing handshake: what comes later is dropped by either side. */
function* messagesOf({ frames }: RecordedConnection): Generator<Message> {
  for (const { direction, opcode, fin, payload } of frames) {
    if (opcode === 8) return;
    if (opcode < 3 && fin && payload !== undefined) yield { direction, payload };
  }
}

function firstOf<T>(values: Iterable<T>, count: number): T[] {
  const first: T[] = [];
  for (const value of values) {
    first.push(value);
    if (first.length === count) break;
  }
  return first;
}

const imports = `import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { closed, drained, messages, opened, terminate, WebSocket } from "openline";
import { WebSocketServer } from "openline/server";`;

function testOf(connection: RecordedConnection, found: readonly Message[]): string {
  const { request, response } = connection;
  const isCut = found.length > mostMessages;
  const steps = found.slice(0, mostMessages);
  const url = request?.url ?? "ws://unknown/";
  const ending = isCut ? endingOf({ ...connection, frames: [], end: undefined }) : endingOf(connection);
  const chosen = header(response?.headers, "sec-websocket-protocol");
  // A server that takes none of those asked for fails the connection, and a connection with messages didn't fail.
  const protocols =
    chosen === undefined ? [] : subprotocolsOf(header(request?.headers, "sec-websocket-protocol"));
  const recorded = request === undefined ? "" : `, ${new Date(request.time).toISOString()}`;
  const lines = [
    `// Recorded from ${literal(url)}${recorded}: what the client sent and received, in this order.`,
    ...(isCut ? [`// The first ${mostMessages} messages of a longer session.`] : []),
    `test(${literal(`${url}: ${steps.length} ${steps.length === 1 ? "message" : "messages"}`)}, { timeout: 30_000 }, async () => {`,
    "  const steps = [",
    ...steps.map(({ direction, payload }) => `    [${literal(direction)}, ${payloadLiteral(payload)}],`),
    "  ];",
    `  const server = new WebSocketServer({ host: "127.0.0.1", port: 0${choice(protocols, chosen)} });`,
    `  await once(server, "listening");`,
    `  const serverSide = once(server, "connection").then(async ([socket]) => {`,
    `    await play(socket, steps, "received");`,
    ...ending.server.map((line) => `    ${line}`),
    "  });",
    "",
    "  // Put your own client in place of this one to test it.",
    "  const clientSide = (async () => {",
    `    const url = new URL(${literal(pathOf(url))}, \`ws://127.0.0.1:\${server.address().port}\`);`,
    `    const ws = new WebSocket(url${protocols.length > 0 ? `, ${literal(protocols)}` : ""});`,
    "    const end = closed(ws);",
    `    await play(ws, steps, "sent");`,
    ...ending.client.map((line) => `    ${line}`),
    "    const { code, reason, wasClean } = await end;",
    `    assert.deepEqual({ code, reason, wasClean }, ${literal(ending.expected)});`,
    ...(chosen === undefined ? [] : [`    assert.equal(ws.protocol, ${literal(chosen)});`]),
    "  })();",
    "",
    "  try {",
    "    await Promise.all([serverSide, clientSide]);",
    "  } finally {",
    "    await server.close();",
    "  }",
    "});",
  ];
  return lines.join("\n");
}

const helpers = `/** Does one side's part: sends what was its own to send, and expects the rest to come. */
async function play(socket, steps, own) {
  socket.binaryType = "arraybuffer";
  const incoming = messages(socket);
  await opened(socket);
  for (const [direction, data] of steps) {
    if (direction === own) {
      socket.send(data);
      continue;
    }
    const { value } = await incoming.next();
    assert.deepEqual(value instanceof ArrayBuffer ? new Uint8Array(value) : value, data);
  }
}

function bytes(base64) {
  return new Uint8Array(Buffer.from(base64, "base64"));
}
`;

function literal(value: unknown): string {
  // Both end a line in older readers of JavaScript, and in no JSON.
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

function payloadLiteral(payload: string | Uint8Array): string {
  return typeof payload === "string" ? literal(payload) : `bytes(${literal(toBase64(payload))})`;
}

/** Path and query; what isn't a URL has none. */
function pathOf(url: string): string {
  if (!URL.canParse(url)) return "/";
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function header(
  headers: readonly (readonly [string, string])[] | undefined,
  name: string,
): string | undefined {
  return headers?.find(([given]) => given.toLowerCase() === name)?.[1];
}

function subprotocolsOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** Our server takes the client's first subprotocol: another choice has to be said. */
function choice(protocols: readonly string[], chosen: string | undefined): string {
  return protocols[0] === chosen ? "" : `, handleProtocols: () => ${literal(chosen)}`;
}
