import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deflateRawSync, constants as zlib } from "node:zlib";
import fc from "fast-check";
import {
  binary,
  close,
  continuation,
  encodeFrame,
  ping,
  text,
} from "../testing-support/frames.test.support.js";
import { ConnectionObserver, type ConnectionObserverOptions } from "./connection-observer.js";
import type { ObservedEvent, ObservedFrame } from "./observed-event.js";

/** A stretch of bytes of one side. */
type Segment = readonly [from: "client" | "server", bytes: Buffer];

const maskKey = Buffer.from([0x12, 0x34, 0xf6, 0x78]);
const masked = { maskKey };
// The example of [6455] 1.3.
const key = "dGhlIHNhbXBsZSBub25jZQ==";
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const deflateHeader = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";

function request(more: readonly string[] = [], line = "GET /chat?x=1 HTTP/1.1"): Segment {
  const lines = [
    "Host: example.com:81",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Key: ${key}`,
  ];
  return ["client", Buffer.from([line, ...lines, ...more, "", ""].join("\r\n"))];
}

function response(more: readonly string[] = [], line = "HTTP/1.1 101 Switching Protocols"): Segment {
  const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
  return ["server", Buffer.from([line, ...lines, ...more, "", ""].join("\r\n"))];
}

const opened: readonly Segment[] = [request(), response()];
const openedWithDeflate: readonly Segment[] = [request([deflateHeader]), response([deflateHeader])];

interface How extends ConnectionObserverOptions {
  /** Where segments are cut, in bytes. */
  readonly cuts?: readonly number[];
  readonly error?: string;
}

/** What an observer tells of the segments, and of their end. */
function observe(segments: readonly Segment[], { cuts = [], error, ...options }: How = {}): ObservedEvent[] {
  const events: ObservedEvent[] = [];
  const observer = new ConnectionObserver((event) => events.push(event), options);
  let cut = 0;
  for (const [from, bytes] of segments) {
    for (let at = 0; at < bytes.length; ) {
      const size = cuts.length === 0 ? bytes.length : (cuts[cut++ % cuts.length] ?? 1);
      const packet = Buffer.from(bytes.subarray(at, at + size));
      const before = Buffer.from(packet);
      if (from === "client") observer.clientSent(packet);
      else observer.serverSent(packet);
      assert.deepEqual(packet, before, "the bytes belong to the line");
      // Who keeps the memory would see that.
      packet.fill(0x5a);
      at += size;
    }
  }
  const sizes = (side: Segment[0]) =>
    segments.reduce((sum, [from, { length }]) => sum + (from === side ? length : 0), 0);
  assert.equal(observer.bytesSent, sizes("client"));
  assert.equal(observer.bytesReceived, sizes("server"));
  observer.ended(error);
  observer.ended("a second time");
  observer.clientSent(Buffer.from("after the end"));
  return events;
}

function framesOf(events: readonly ObservedEvent[]): ObservedFrame[] {
  return events.filter((event) => event.kind === "frame");
}

function endOf(events: readonly ObservedEvent[]): Extract<ObservedEvent, { kind: "end" }> {
  const ends = events.filter((event) => event.kind === "end");
  const [end] = ends;
  assert.ok(end);
  assert.equal(ends.length, 1);
  assert.equal(events.at(-1), end);
  return end;
}

function problemsOf(events: readonly ObservedEvent[]): string[] {
  return events
    .filter((event) => event.kind === "problem")
    .map(({ direction, message }) => `${direction}: ${message}`);
}

function deflated(data: string | Uint8Array): Buffer {
  const bytes = deflateRawSync(Buffer.from(data), { finishFlush: zlib.Z_SYNC_FLUSH });
  return bytes.subarray(0, -4);
}

describe("ConnectionObserver", () => {
  it("tells the handshake, the frames and the end", () => {
    const events = observe([
      request(["X-Own: one ", "X-Own: two"]),
      response(),
      ["client", Buffer.concat([text("hé", masked), ping("?", masked)])],
      ["server", Buffer.concat([encodeFrame(0xa, "?"), binary(Buffer.from([1, 2]))])],
      ["client", close(1000, "bye", masked)],
      ["server", close(1000, "bye")],
    ]);
    const frame = { kind: "frame", fin: true, compressed: false } as const;
    const body = new Uint8Array([3, 232, 98, 121, 101]);
    assert.deepEqual(events, [
      {
        kind: "request",
        url: "ws://example.com:81/chat?x=1",
        method: "GET",
        headers: [
          ["Host", "example.com:81"],
          ["Upgrade", "websocket"],
          ["Connection", "Upgrade"],
          ["Sec-WebSocket-Key", key],
          ["X-Own", "one"],
          ["X-Own", "two"],
        ],
      },
      {
        kind: "response",
        status: 101,
        statusText: "Switching Protocols",
        httpVersion: "1.1",
        headers: [
          ["Upgrade", "websocket"],
          ["Connection", "Upgrade"],
          ["Sec-WebSocket-Accept", accept],
        ],
      },
      { ...frame, direction: "sent", opcode: 1, length: 3, payload: "hé" },
      { ...frame, direction: "sent", opcode: 9, length: 1, payload: new Uint8Array([63]) },
      { ...frame, direction: "received", opcode: 10, length: 1, payload: new Uint8Array([63]) },
      { ...frame, direction: "received", opcode: 2, length: 2, payload: new Uint8Array([1, 2]) },
      { ...frame, direction: "sent", opcode: 8, length: 5, payload: body },
      { ...frame, direction: "received", opcode: 8, length: 5, payload: body },
      { kind: "end", code: 1000, reason: "bye", wasClean: true },
    ]);
  });

  it("gives the message of several frames with the last, and control frames in between", () => {
    const events = observe([
      ...opened,
      [
        "server",
        Buffer.concat([
          text("a\ud83d".slice(0, 1), { fin: false }),
          ping("!"),
          continuation("b", { fin: false }),
        ]),
      ],
      ["server", continuation("c")],
    ]);
    assert.deepEqual(
      framesOf(events).map(({ opcode, fin, payload }) => [opcode, fin, payload]),
      [
        [1, false, undefined],
        [9, true, new Uint8Array([33])],
        [0, false, undefined],
        [0, true, "abc"],
      ],
    );
  });

  it("inflates, with the context of earlier messages where that is kept", () => {
    const repeated = "the same words again and again, ".repeat(4);
    const first = deflated(repeated);
    const second = deflateRawSync(Buffer.from(repeated), {
      finishFlush: zlib.Z_SYNC_FLUSH,
      dictionary: Buffer.from(repeated),
    }).subarray(0, -4);
    assert.ok(second.length < first.length / 2, "it refers back");
    const cut = 5;
    const frames = framesOf(
      observe([
        ...openedWithDeflate,
        ["server", text(first, { rsv: 4 })],
        ["server", text(second.subarray(0, cut), { rsv: 4, fin: false })],
        ["server", continuation(second.subarray(cut))],
        ["client", binary(deflated(Buffer.from([7, 7, 7])), { rsv: 4, maskKey })],
        ["client", text("not compressed", masked)],
      ]),
    );
    assert.deepEqual(
      frames.map(({ compressed, length, payload }) => [compressed, length, payload]),
      [
        [true, first.length, repeated],
        [true, cut, undefined],
        [true, second.length - cut, repeated],
        [true, deflated(Buffer.from([7, 7, 7])).length, new Uint8Array([7, 7, 7])],
        [false, 14, "not compressed"],
      ],
    );
  });

  it("tells the length of what is too long to keep, and the messages after it", () => {
    const long = Buffer.alloc(300, "x");
    const events = observe(
      [
        ...opened,
        ["server", text(long)],
        [
          "server",
          Buffer.concat([binary(long.subarray(0, 60), { fin: false }), continuation(long.subarray(0, 60))]),
        ],
        ["server", text("short")],
        ["client", text("x".repeat(100), masked)],
      ],
      { maxPayload: 100 },
    );
    assert.deepEqual(
      framesOf(events).map(({ length, payload }) => [length, payload]),
      [
        [300, undefined],
        [60, undefined],
        [60, undefined],
        [5, "short"],
        [100, "x".repeat(100)],
      ],
    );
    assert.deepEqual(problemsOf(events), []);
  });

  it("knows no compressed message after one that was too long, unless none refers to another", () => {
    const long = deflated("y".repeat(1000));
    const segments: Segment[] = [
      ["server", text(long, { rsv: 4 })],
      ["server", text(deflated("short"), { rsv: 4 })],
      ["client", text(long, { rsv: 4, maskKey })],
      ["client", text(deflated("short"), { rsv: 4, maskKey })],
    ];
    const events = observe([...openedWithDeflate, ...segments], { maxPayload: 100 });
    assert.deepEqual(
      framesOf(events).map(({ payload }) => payload),
      [undefined, undefined, undefined, "short"],
    );
    assert.deepEqual(problemsOf(events), []);
  });

  it("takes a server's frames from the packet of its answer, and a client's from before it", () => {
    const [, answer] = response();
    const [, asked] = request();
    const frames = framesOf(
      observe([
        ["client", Buffer.concat([asked, text("early", masked)])],
        ["client", text("too", masked)],
        ["server", Buffer.concat([answer, text("at once")])],
      ]),
    );
    assert.deepEqual(
      frames.map(({ direction, payload }) => [direction, payload]),
      [
        ["sent", "early"],
        ["sent", "too"],
        ["received", "at once"],
      ],
    );
  });

  it("tells an answer that refuses, and nothing of what follows", () => {
    const [, refusal] = response(["Content-Length: 4"], "HTTP/1.0 404 Not Found");
    const events = observe([
      request(),
      ["server", Buffer.concat([refusal, Buffer.from("none")])],
      ["client", text("?", masked)],
    ]);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["request", "response", "end"],
    );
    const end = endOf(events);
    assert.deepEqual([end.code, end.wasClean], [1006, false]);
    assert.match(end.error ?? "", /status 404/);
  });

  it("waits for the answer that counts", () => {
    const interim = Buffer.from("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    const events = observe([
      request(),
      ["server", Buffer.concat([interim, interim, response()[1], text("x")])],
    ]);
    assert.deepEqual(
      events.map((event) => (event.kind === "response" ? event.status : event.kind)),
      ["request", 101, "frame", "end"],
    );
  });

  it("says what is wrong with an answer that a client refuses, unless the client goes on", () => {
    const [, wrong] = response(["Sec-WebSocket-Protocol: chat"]);
    assert.match(endOf(observe([request(), ["server", wrong]])).error ?? "", /subprotocol "chat"/);
    const goesOn = observe([request(), ["server", wrong], ["client", text("hello", masked)]]);
    assert.match(endOf(goesOn).error ?? "", /without a closing handshake/);
  });

  it("reads the URL in whichever form it was asked for", () => {
    const url = (segment: Segment, options?: How) => {
      const [first] = observe([segment], options);
      return first?.kind === "request" ? first.url : undefined;
    };
    assert.equal(url(request(), { secure: true }), "wss://example.com:81/chat?x=1");
    assert.equal(url(request([], "GET http://other.example/a HTTP/1.1")), "ws://other.example/a");
  });

  const ends: [
    name: string,
    segments: readonly Segment[],
    code: number,
    wasClean: boolean,
    error?: RegExp,
  ][] = [
    ["nothing at all", [], 1006, false, /before a request/],
    ["no answer", [request()], 1006, false, /before the server had answered/],
    ["no close frame", opened, 1006, false, /without a closing handshake/],
    [
      "a client's close frame alone",
      [...opened, ["client", close(1000, "", masked)]],
      1006,
      false,
      /without a closing/,
    ],
    ["a server's close frame", [...opened, ["server", close(1001, "gone")]], 1001, true],
    [
      "close frames without a code",
      [...opened, ["client", close(undefined, "", masked)], ["server", close()]],
      1005,
      true,
    ],
    [
      "a client that fails the connection, whatever the server answers",
      [...opened, ["client", close(1009, "", masked)], ["server", close(1009)]],
      1006,
      false,
      /client failed the connection with 1009/,
    ],
    [
      "a server that breaks the protocol",
      [
        ...opened,
        ["server", encodeFrame(0x3, "?")],
        ["client", close(1002, "", masked)],
        ["server", close(1000)],
      ],
      1006,
      false,
      /unknown opcode 0x3/,
    ],
    [
      "a client that breaks the protocol",
      [...opened, ["client", text("unmasked")], ["server", close(1002)]],
      1002,
      true,
      /not masked/,
    ],
    [
      "a fragment that its end hides",
      [...opened, ["server", Buffer.from([0x80, 5, 1])]],
      1006,
      false,
      /no message to continue/,
    ],
  ];
  for (const [name, segments, code, wasClean, error] of ends) {
    it(`tells the end as the client sees it: ${name}`, () => {
      const end = endOf(observe(segments));
      assert.deepEqual([end.code, end.wasClean], [code, wasClean]);
      if (error === undefined) assert.equal(end.error, undefined);
      else assert.match(end.error ?? "", error);
    });
  }

  it("says what the network says, where nothing else is known", () => {
    assert.equal(
      endOf(observe([request()], { error: "connect ECONNREFUSED" })).error,
      "connect ECONNREFUSED",
    );
    assert.equal(
      endOf(observe([...opened, ["server", close(1000)]], { error: "ECONNRESET" })).error,
      undefined,
    );
  });

  const nonsense: [name: string, segments: readonly Segment[], problems: readonly RegExp[]][] = [
    [
      "no HTTP from the client",
      [["client", Buffer.from("hello\r\n\r\n")]],
      [/^sent: .*no HTTP\/1\.1 request$/],
    ],
    ["TLS", [["client", Buffer.from([0x16, 3, 1, 2, 0, 1])]], [/^sent: .*no HTTP\/1\.1 request$/]],
    [
      "HTTP/2",
      [["client", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]],
      [/^sent: .*no HTTP\/1\.1 request$/],
    ],
    ["a head without end", [["client", Buffer.alloc(70_000, "x")]], [/^sent: /]],
    ["a broken field", [["client", Buffer.from("GET / HTTP/1.1\r\nno field\r\n\r\n")]], [/^sent: /]],
    [
      "no HTTP from the server",
      [request(), ["server", Buffer.from("SSH-2.0-x\r\n\r\n")]],
      [/^received: .*no HTTP\/1\.1 answer$/],
    ],
    ["reserved bits", [...opened, ["server", text("x", { rsv: 4 })]], [/^received: .*reserved bits/]],
    ["bad UTF-8", [...opened, ["client", text(Buffer.from([0xff]), masked)]], [/^sent: .*not valid UTF-8$/]],
    [
      "bad UTF-8 in fragments",
      [...opened, ["server", Buffer.concat([text(Buffer.from([0xff]), { fin: false }), continuation("x")])]],
      [/^received: .*UTF-8$/],
    ],
    [
      "a message within a message",
      [...opened, ["server", Buffer.concat([text("a", { fin: false }), text("b")])]],
      [/^received: A message begins before/],
    ],
    [
      "bad DEFLATE",
      [...openedWithDeflate, ["server", text(Buffer.from([0xff, 0xff]), { rsv: 4 })]],
      [/^received: /],
    ],
    ["a bad close code", [...opened, ["server", close(1005)]], [/^received: .*1005/]],
    [
      "both sides",
      [...opened, ["server", encodeFrame(0xf)], ["client", encodeFrame(0xf, "", masked)]],
      [/^received: /, /^sent: /],
    ],
    [
      "too much before the answer",
      [request(), ["client", Buffer.alloc(2 ** 20 + 1)]],
      [/^sent: .*before it was answered$/],
    ],
  ];
  for (const [name, segments, expected] of nonsense) {
    it(`tells nonsense once, and counts on: ${name}`, () => {
      const more: Segment[] = [
        ["client", Buffer.from("more")],
        ["server", Buffer.from("more")],
        ["client", text("x", masked)],
      ];
      // Only what is there on top of the problems in question may add another.
      const problems = problemsOf(observe(segments));
      assert.equal(problems.length, expected.length, problems.join("; "));
      for (const [index, said] of expected.entries()) assert.match(problems[index] ?? "", said);
      const sides = new Set(
        problemsOf(observe([...segments, ...more])).map((problem) => problem.split(":")[0]),
      );
      const all = problemsOf(observe([...segments, ...more]));
      assert.equal(all.length, sides.size, "one a side");
    });
  }

  it("tells the same, however the bytes are cut", () => {
    fc.assert(
      fc.property(sessions, cuts, fc.constantFrom(20, 1e6), (segments, sizes, maxPayload) => {
        assert.deepEqual(observe(segments, { cuts: sizes, maxPayload }), observe(segments, { maxPayload }));
      }),
      { numRuns: 300 },
    );
  });

  it("takes any bytes", () => {
    const noise = fc.tuple(
      fc.constantFrom("client" as const, "server" as const),
      fc.uint8Array({ maxLength: 80 }),
    );
    fc.assert(
      fc.property(fc.boolean(), fc.array(noise, { maxLength: 10 }), (isOpen, chunks) => {
        const segments = chunks.map(([from, bytes]): Segment => [from, Buffer.from(bytes)]);
        const events = observe([...(isOpen ? openedWithDeflate : []), ...segments]);
        endOf(events);
        assert.ok(problemsOf(events).length <= 2);
      }),
    );
  });
});

const cuts = fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 60 })), {
  minLength: 1,
  maxLength: 30,
});

/** Messages, fragments, control frames and broken ones, of both sides in any order. */
const frames = fc
  .record({
    from: fc.constantFrom("client" as const, "server" as const),
    opcode: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(0, 1, 1, 1, 2, 9, 10) },
      { weight: 1, arbitrary: fc.constantFrom(3, 8) },
    ),
    fin: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    compress: fc.boolean(),
    data: fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.uint8Array({ maxLength: 130 })),
  })
  .map(({ from, opcode, fin, compress, data }): Segment => {
    const isControl = opcode > 7;
    const bytes = Buffer.from(data).subarray(0, isControl ? 100 : 200);
    const rsv = compress && (opcode === 1 || opcode === 2) ? 4 : 0;
    const shape = { fin: fin || isControl, rsv, ...(from === "client" ? masked : {}) };
    return [from, encodeFrame(opcode, rsv === 4 ? deflated(bytes) : bytes, shape)];
  });

const sessions = fc
  .tuple(fc.boolean(), fc.array(frames, { maxLength: 12 }))
  .map(([deflate, segments]): Segment[] => [...(deflate ? openedWithDeflate : opened), ...segments]);
