import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { headersByName, NoResponse, type ResponseHead, ResponseHeadReader } from "./response-head.js";

/** Reads `text` in chunks of `size` bytes. */
function read(
  text: string,
  size = text.length,
): { head: ResponseHead; rest: string } | NoResponse | undefined {
  const reader = new ResponseHeadReader();
  const bytes = Buffer.from(text, "latin1");
  for (let start = 0; start < bytes.length; start += size) {
    const result = reader.push(bytes.subarray(start, start + size));
    if (result instanceof NoResponse) return result;
    if (result !== undefined) {
      const rest = Buffer.concat([result.rest, bytes.subarray(start + size)]).toString("latin1");
      return { head: result.head, rest };
    }
  }
  return undefined;
}

function headOf(text: string): ResponseHead {
  const result = read(text);
  assert.ok(result !== undefined && !(result instanceof NoResponse), text);
  return result.head;
}

const answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX:\r\nX-Text:  a: b \t\r\n\r\n";

describe("the head of a response", () => {
  test("gives status, version and headers as they came", () => {
    const head = headOf(answer);
    assert.equal(head.status, 101);
    assert.equal(head.httpVersion, "1.1");
    assert.deepEqual(head.headers, ["Upgrade", "websocket", "X", "", "X-Text", "a: b"]);
  });

  test("may have no headers and no reason", () => {
    for (const text of ["HTTP/1.0 204 \r\n\r\n", "HTTP/1.0 204\r\n\r\n"]) {
      const head = headOf(text);
      assert.deepEqual([head.status, head.httpVersion, head.headers], [204, "1.0", []]);
    }
  });

  test("may be cut anywhere, and leaves what is behind it", () => {
    for (let size = 1; size <= answer.length + 7; size++) {
      const result = read(`${answer}\x81\x05hello`, size);
      assert.ok(result !== undefined && !(result instanceof NoResponse));
      assert.equal(result.rest, "\x81\x05hello");
      assert.deepEqual(result.head.headers, headOf(answer).headers);
    }
  });

  test("is waited for while it may still be one", () => {
    for (let length = 1; length < answer.length; length++)
      assert.equal(read(answer.slice(0, length)), undefined);
  });

  test("is none as soon as it begins with something else", () => {
    for (const text of ["S", "SSH-2.0-OpenSSH_9.9\r\n", "HTTP/2", "http/1.1 200 OK", "\x15\x03\x01"]) {
      assert.ok(read(text) instanceof NoResponse, text);
      assert.ok(read(text, 1) instanceof NoResponse, text);
    }
  });

  test("has an end: 64 KiB", () => {
    const long = (size: number) => `HTTP/1.1 200 OK\r\nX: ${"a".repeat(size)}\r\n\r\n`;
    assert.equal(headOf(long(60_000)).headers[1]?.length, 60_000);
    assert.ok(read(long(70_000)) instanceof NoResponse);
    assert.ok(read(long(1_000_000), 10_000) instanceof NoResponse);
  });

  test("takes time in proportion to its length, whatever it holds", () => {
    const blanks = " ".repeat(60_000);
    assert.deepEqual(headOf(`HTTP/1.1 200 OK\r\nX:a${blanks}b\r\n\r\n`).headers, ["X", `a${blanks}b`]);
    assert.ok(read(`HTTP/1.1 200 OK\r\n${"a".repeat(60_000)}\r\n\r\n`) instanceof NoResponse);
  });
});

describe("headersByName", () => {
  test("joins repeated ones and knows no case", () => {
    const headers = headersByName(["A", "1", "b", "2", "a", "3", "__proto__", "4"]);
    assert.deepEqual(
      { ...headers },
      Object.fromEntries([
        ["a", "1, 3"],
        ["b", "2"],
        ["__proto__", "4"],
      ]),
    );
  });
});

/** Heads put together of parts that are right and parts that are not. */
const startLines = [
  "HTTP/1.1 200 OK",
  "HTTP/1.1 404 Not Found \xe9",
  "HTTP/1.0 500 ",
  "HTTP/1.1 301",
  "HTTP/1.1 20 OK",
  "HTTP/1.1 2000 OK",
  "HTTP/1.1  200 OK",
  "HTTP/1.1 200\tOK",
  "HTTP/1.1 2x0 OK",
  "HTTP/3.1 200 OK",
  "HTTP/1.1 200 a\0b",
];
const fields = [
  "A: b",
  "A:b",
  "A:\t b\t ",
  "A:",
  "a!#$%&'*+-.^_`|~: token",
  "A: \xe9\xff",
  "A: b: c",
  "A: two words",
  "A : b",
  " A: b",
  "A",
  ": b",
  "A: b\rc",
  "A: b\nc",
  "A: b\0c",
  "A: b\x7fc",
  "A: b\x01c",
  "(A): b",
  "\xe9: b",
  "A: b\r\n folded",
];

describe("beside Node's HTTP client", () => {
  let server: Server;
  let text = "";
  before(async () => {
    server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(text, "latin1"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  after(() => server.close());

  /** What Node's client makes of `text`. */
  async function nodes(): Promise<{ status: number | undefined; headers: readonly string[] } | undefined> {
    const address = server.address();
    assert.ok(address !== null && typeof address !== "string");
    const request = get({ host: "127.0.0.1", port: address.port, agent: false });
    try {
      const [response] = await once(request, "response");
      response.destroy();
      return { status: response.statusCode, headers: response.rawHeaders };
    } catch {
      return undefined;
    }
  }

  test("takes nothing that Node refuses, and reads the same in what both take", async () => {
    let taken = 0;
    for (const startLine of startLines) {
      for (const field of startLine === startLines[0] ? fields : fields.slice(0, 1)) {
        text = `${startLine}\r\n${field}\r\nConnection: close\r\n\r\n`;
        const ours = read(text);
        assert.ok(ours !== undefined);
        if (ours instanceof NoResponse) continue;
        const { status, headers } = ours.head;
        assert.deepEqual({ status, headers }, await nodes(), JSON.stringify(text));
        taken++;
      }
    }
    assert.equal(taken, 11);
  });
});
