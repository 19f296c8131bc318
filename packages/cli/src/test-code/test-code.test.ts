import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { FrameEvent } from "../recording/connection-event.js";
import type { RecordedConnection } from "../recording/recorded-connection.js";
import { messageTestCode, testCode } from "./test-code.js";

const time = Date.UTC(2026, 10, 23);

function frame(direction: "sent" | "received", payload: string | Uint8Array, opcode?: number): FrameEvent {
  return {
    kind: "frame",
    connection: 1,
    time,
    direction,
    opcode: opcode ?? (typeof payload === "string" ? 1 : 2),
    fin: true,
    compressed: false,
    length: payload.length,
    payload,
  };
}

function close(direction: "sent" | "received", code?: number, reason = ""): FrameEvent {
  const payload =
    code === undefined
      ? new Uint8Array()
      : Uint8Array.from([code >> 8, code & 255, ...new TextEncoder().encode(reason)]);
  return frame(direction, payload, 8);
}

function recorded(frames: readonly FrameEvent[], more: Partial<RecordedConnection> = {}): RecordedConnection {
  return {
    connection: 1,
    request: {
      kind: "request",
      connection: 1,
      time,
      url: "ws://feed.example/prices?from=1",
      method: "GET",
      headers: [["Sec-WebSocket-Protocol", "prices.v2, prices.v1"]],
    },
    response: {
      kind: "response",
      connection: 1,
      time,
      status: 101,
      statusText: "Switching Protocols",
      httpVersion: "1.1",
      headers: [["Sec-WebSocket-Protocol", "prices.v1"]],
    },
    frames,
    ...more,
  };
}

const end = (code: number, reason: string, wasClean: boolean) =>
  ({ kind: "end", connection: 1, time, code, reason, wasClean }) as const;

const talk = [
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what would be a placeholder in the wrong kind of literal
  frame("sent", 'subscribe "KRX"\n${1}`\u2028'),
  frame("received", '{"price":71200}'),
  frame("received", Uint8Array.from([0, 255, 1])),
  frame("received", "", 9),
  frame(
    "sent",
    Uint8Array.from({ length: 70_000 }, (_, index) => index & 255),
  ),
  frame("sent", ""),
];

describe("a recording as a test", () => {
  let folder = "";
  before(async () => {
    // Somewhere below node_modules/openline, as in the application that the test is for.
    folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), "generated-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs the code as a test file. @returns its exit code and what it has written */
  function run(code: string): Promise<{ readonly code: number; readonly output: string }> {
    const file = join(folder, "generated.test.mjs");
    // Not as a part of this run: its own runner tells.
    const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
    return writeFile(file, code).then(
      () =>
        new Promise((resolve) => {
          execFile(process.execPath, ["--test", file], { env }, (error, stdout, stderr) => {
            resolve({ code: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
          });
        }),
    );
  }

  async function assertPasses(code: string | undefined): Promise<void> {
    assert.ok(code !== undefined);
    const result = await run(code);
    assert.equal(result.code, 0, `${result.output}\n${code}`);
    assert.match(result.output, /pass [1-9]/);
  }

  const endings: readonly (readonly [what: string, connection: RecordedConnection])[] = [
    ["that is still open", recorded(talk)],
    [
      "that the client closed",
      recorded([...talk, close("sent", 1000, "enough"), close("received", 1000, "enough")]),
    ],
    ["that the client closed without a code", recorded([...talk, close("sent"), close("received")])],
    ["that a browser left", recorded([...talk, close("sent", 1001)])],
    [
      "that the server closed",
      recorded([...talk, close("received", 4000, "이만"), close("sent", 4000, "이만")]),
    ],
    ["whose server went away", recorded([...talk, close("received", 1001)])],
    ["whose server failed", recorded([...talk, close("received", 1011, "a bug")])],
    ["that broke", recorded(talk, { end: end(1006, "", false) })],
    [
      "that broke after the server's last word",
      recorded([...talk, frame("received", "x".repeat(300_000))], { end: end(1006, "", false) }),
    ],
  ];
  for (const [what, connection] of endings) {
    test(`runs and passes: a session ${what}`, () => assertPasses(testCode([connection])));
  }

  test("runs and passes: several connections, one test each", async () => {
    const code = testCode([recorded(talk), recorded([]), recorded([frame("received", "hello")])]);
    assert.ok(code !== undefined);
    const { code: exit, output } = await run(code);
    assert.equal(exit, 0, output);
    assert.match(output, /pass 2/);
  });

  test("runs and passes: one message alone, of either direction", async () => {
    for (const message of [talk[0], talk[2]]) {
      assert.ok(message !== undefined);
      await assertPasses(messageTestCode(recorded(talk), message));
    }
  });

  test("runs and passes: without a request, and with a subprotocol that the server took first", async () => {
    await assertPasses(testCode([{ connection: 1, frames: talk }]));
    const { request, response } = recorded([]);
    assert.ok(request && response);
    const first = { ...response, headers: [["sec-websocket-protocol", "prices.v2"]] } as const;
    await assertPasses(testCode([recorded(talk, { response: first })]));
  });

  test("fails when the server answers something else", async () => {
    const code = testCode([recorded(talk)]);
    assert.ok(code !== undefined);
    const { code: exit, output } = await run(code.replace("socket.send(data)", "socket.send(data + '!')"));
    assert.notEqual(exit, 0, output);
  });

  test("is cut at 1,000 messages, and says so", async () => {
    const many = Array.from({ length: 1001 }, (_, index) => frame("received", String(index)));
    const code = testCode([recorded(many)]);
    assert.match(code ?? "", /\/\/ The first 1000 messages of a longer session\./);
    assert.match(code ?? "", /"999"/);
    assert.doesNotMatch(code ?? "", /"1000"/);
    await assertPasses(code);
  });

  test("is none where there is no whole message", () => {
    assert.equal(testCode([recorded([])]), undefined);
    assert.equal(testCode([recorded([frame("received", "", 9), close("sent", 1000)])]), undefined);
    const { payload: _none, ...fragment } = frame("sent", "a");
    assert.equal(messageTestCode(recorded([]), { ...fragment, fin: false }), undefined);
  });
});
