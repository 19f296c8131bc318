import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { recordedEvents } from "./arbitraries.test.support.js";
import type { ConnectionEvent } from "./connection-event.js";
import { fromDateTime, toDateTime, toMilliseconds, toSeconds } from "./har.js";
import { readHar } from "./har-reader.js";
import { HarError } from "./har-value.js";
import { harText } from "./har-writer.js";
import { connectionsOf, inTimeOrder } from "./recorded-connection.js";

const creator = { name: "openline", version: "1.2.3" };

function har(events: readonly ConnectionEvent[]): string {
  const connections = connectionsOf(events).sort((a, b) => a.connection - b.connection);
  return [...harText(creator, connections)].join("");
}

/** Connections that nothing happened on have no number in an archive. */
function renumbered(events: readonly ConnectionEvent[]): ConnectionEvent[] {
  const numbers = [...new Set(events.map(({ connection }) => connection))].sort((a, b) => a - b);
  return events.map((event) => ({ ...event, connection: numbers.indexOf(event.connection) + 1 }));
}

const time = 1_700_000_000_123.456;
const session: readonly ConnectionEvent[] = [
  {
    kind: "request",
    connection: 1,
    time,
    url: "wss://example.com/chat?room=7",
    method: "GET",
    headers: [["Host", "example.com"]],
  },
  {
    kind: "response",
    connection: 1,
    time: time + 20,
    status: 101,
    statusText: "Switching Protocols",
    httpVersion: "1.1",
    headers: [["Upgrade", "websocket"]],
  },
  {
    kind: "frame",
    connection: 1,
    time: time + 21,
    direction: "sent",
    opcode: 1,
    fin: true,
    compressed: false,
    length: 5,
    payload: "hello",
  },
  {
    kind: "frame",
    connection: 1,
    time: time + 22,
    direction: "received",
    opcode: 2,
    fin: true,
    compressed: true,
    length: 9,
    payload: new Uint8Array([0, 1, 254, 255]),
  },
  { kind: "end", connection: 1, time: time + 100, code: 1000, reason: "bye", wasClean: true },
];

describe("HAR", () => {
  it("comes back as it was written", () => {
    fc.assert(
      fc.property(recordedEvents, (events) => {
        const { connections, creator: by, otherEntries } = readHar(har(events));
        assert.deepEqual(inTimeOrder(connections), renumbered(events));
        assert.equal(by, "openline");
        assert.equal(otherEntries, 0);
      }),
    );
  });

  it("keeps microseconds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (microseconds) => {
        const milliseconds = microseconds / 1000;
        assert.equal(fromDateTime(toDateTime(milliseconds)), milliseconds);
        assert.equal(toMilliseconds(toSeconds(milliseconds)), milliseconds);
      }),
    );
    assert.equal(toDateTime(time), "2023-11-14T22:13:20.123456Z");
    assert.equal(fromDateTime("2023-11-14T23:13:20.5+01:00"), 1_700_000_000_500);
    assert.equal(fromDateTime("2023-11-14T22:13:20Z"), 1_700_000_000_000);
    assert.ok(Number.isNaN(fromDateTime("yesterday")));
  });

  it("has the fields that HAR 1.2 and Chrome's import ask for, and no other without a _", () => {
    const { log } = JSON.parse(har(session));
    assert.deepEqual(Object.keys(log), ["version", "creator", "pages", "entries"]);
    assert.equal(log.version, "1.2");
    assert.deepEqual(log.creator, creator);
    const [entry] = log.entries;
    assert.deepEqual(Object.keys(entry).sort(), [
      "_end",
      "_resourceType",
      "_webSocketMessages",
      "cache",
      "request",
      "response",
      "startedDateTime",
      "time",
      "timings",
    ]);
    assert.equal(entry._resourceType, "websocket");
    assert.deepEqual(entry.timings, { send: 0, wait: 20, receive: 80 });
    assert.equal(entry.time, 100);
    assert.equal(entry.startedDateTime, "2023-11-14T22:13:20.123456Z");
    assert.deepEqual(entry.request, {
      method: "GET",
      url: "wss://example.com/chat?room=7",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Host", value: "example.com" }],
      queryString: [{ name: "room", value: "7" }],
      cookies: [],
      headersSize: -1,
      bodySize: 0,
    });
    assert.deepEqual(entry.response, {
      status: 101,
      statusText: "Switching Protocols",
      httpVersion: "HTTP/1.1",
      headers: [{ name: "Upgrade", value: "websocket" }],
      cookies: [],
      content: { size: 0, mimeType: "x-unknown" },
      redirectURL: "",
      headersSize: -1,
      bodySize: -1,
    });
    assert.deepEqual(entry._webSocketMessages, [
      { type: "send", time: 1_700_000_000.144456, opcode: 1, data: "hello" },
      {
        type: "receive",
        time: 1_700_000_000.145456,
        opcode: 2,
        data: "AAH+/w==",
        _length: 9,
        _compressed: true,
      },
    ]);
  });

  it("says why a connection failed as Chrome does", () => {
    const { log } = JSON.parse(
      har([{ kind: "end", connection: 1, time, code: 1006, reason: "", wasClean: false, error: "refused" }]),
    );
    assert.equal(log.entries[0].response._error, "refused");
    assert.equal(log.entries[0].response.status, 0);
  });

  it("reads what Chrome exports", () => {
    const { connections, otherEntries } = readHar(`\ufeff${JSON.stringify(chromeArchive())}`);
    assert.equal(otherEntries, 1);
    const [connection] = connections;
    assert.ok(connection);
    assert.equal(connection.request?.url, "wss://example.com/socket");
    assert.deepEqual(connection.request.headers, [
      ["Host", "example.com"],
      ["Cookie", "(hidden)"],
    ]);
    assert.equal(connection.response?.status, 101);
    assert.deepEqual(
      connection.frames.map(({ direction, opcode, payload, length }) => [direction, opcode, payload, length]),
      [
        ["sent", 1, "héllo", 6],
        ["received", 2, new Uint8Array([1, 2, 3]), 3],
      ],
    );
    assert.equal(connection.end?.error, "Connection reset");
    assert.equal(connection.end.code, 1006);
    const times = inTimeOrder(connections).map((event) => event.time);
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
  });

  it("says where a file is broken", () => {
    const broken: [change: (archive: ReturnType<typeof chromeArchive>) => unknown, said: RegExp][] = [
      [() => [], /^the file is a list, but must be an object$/],
      [() => ({}), /^log is missing, but must be an object$/],
      [({ log }) => ({ log: { ...log, entries: "none" } }), /^log\.entries is "none", but must be a list$/],
      [
        withMessage({ opcode: "1" }),
        /^log\.entries\[1\]\._webSocketMessages\[0\]\.opcode is "1", but must be a whole/,
      ],
      [
        withMessage({ opcode: 2 }),
        /\._webSocketMessages\[0\]\.data is "héllo", but must be Base64, since its opcode/,
      ],
      [withMessage({ type: "both" }), /\[0\]\.type is "both", but must be "send" or "receive"$/],
      [withMessage({ time: undefined }), /\[0\]\.time is missing, but must be a number$/],
      [withMessage({ data: null }), /\[0\]\.data is null, but must be a text$/],
      [
        withEntry({ startedDateTime: "noon" }),
        /\.startedDateTime is "noon", but must be a date and time of ISO 8601$/,
      ],
      [withEntry({ request: { method: "GET", url: "//user:pass@" } }), /\.request\.url must be a URL$/],
      [withEntry({ response: {} }), /\.response\.status is missing/],
      [
        withEntry({ _end: { time: 1, code: 1000, reason: "" } }),
        /\._end\.wasClean is missing, but must be true or false$/,
      ],
    ];
    for (const [change, said] of broken) {
      assert.throws(
        () => readHar(JSON.stringify(change(chromeArchive()))),
        (error) => error instanceof HarError && said.test(error.message),
        String(said),
      );
    }
  });

  it("says where a file is no JSON", () => {
    assert.throws(() => readHar(""), { name: "HarError", message: "the file is empty" });
    assert.throws(
      () => readHar(har(session).slice(0, -20)),
      /^HarError: the file is no JSON: it breaks off before its end$/,
    );
    assert.throws(() => readHar('{\n "log": }'), /^HarError: the file is no JSON: /);
  });

  it("masks what an archive has of credentials", () => {
    const archive = withEntry({
      request: { method: "GET", url: "https://me:pw@example.com/?token=abc&x=1", headers: [] },
    });
    const text = JSON.stringify(inTimeOrder(readHar(JSON.stringify(archive(chromeArchive()))).connections));
    assert.doesNotMatch(text, /me:pw|abc|sessionid/);
    assert.match(text, /"wss:\/\/example\.com\//);
  });
});

function withEntry(change: object): (archive: ReturnType<typeof chromeArchive>) => unknown {
  return ({ log }) => ({
    log: {
      ...log,
      entries: log.entries.map((entry) => ("_resourceType" in entry ? { ...entry, ...change } : entry)),
    },
  });
}

function withMessage(change: object): (archive: ReturnType<typeof chromeArchive>) => unknown {
  return withEntry({
    _webSocketMessages: [{ type: "send", time: 1_700_000_000.5, opcode: 1, data: "héllo", ...change }],
  });
}

/** The shape of what Chrome's developer tools write. */
function chromeArchive() {
  const content = { size: 0, mimeType: "x-unknown" };
  return {
    log: {
      version: "1.2",
      creator: { name: "WebInspector", version: "537.36" },
      pages: [],
      entries: [
        {
          startedDateTime: "2023-11-14T22:13:19.000Z",
          time: 1,
          request: { method: "GET", url: "https://example.com/" },
        },
        {
          _initiator: { type: "script" },
          _priority: "High",
          _resourceType: "websocket",
          _webSocketMessages: [
            { type: "send", time: 1_700_000_000.5, opcode: 1, data: "héllo" },
            { type: "receive", time: 1_700_000_000.75, opcode: 2, data: "AQID" },
            { type: "error", time: 1_700_000_001, opcode: -1, data: "Connection reset" },
          ],
          cache: {},
          connection: "5",
          request: {
            method: "GET",
            url: "wss://example.com/socket",
            httpVersion: "HTTP/1.1",
            headers: [
              { name: "Host", value: "example.com" },
              { name: "Cookie", value: "sessionid=1" },
            ],
            queryString: [],
            cookies: [{ name: "sessionid", value: "1" }],
            headersSize: 300,
            bodySize: 0,
          },
          response: {
            status: 101,
            statusText: "Switching Protocols",
            httpVersion: "HTTP/1.1",
            headers: [{ name: "Upgrade", value: "websocket" }],
            cookies: [],
            content,
            redirectURL: "",
            headersSize: 100,
            bodySize: 0,
            _transferSize: 0,
            _error: null,
          },
          serverIPAddress: "127.0.0.1",
          startedDateTime: "2023-11-14T22:13:20.000Z",
          time: 1000,
          timings: {
            blocked: 5,
            dns: -1,
            ssl: -1,
            connect: 10,
            send: 0,
            wait: 600,
            receive: 400,
            _blocked_queueing: -1,
          },
        },
      ],
    },
  };
}
