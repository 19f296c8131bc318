import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WebSocketError, WebSocketStream } from "../index.js";
import { runProgram } from "../testing-support/child.test.support.js";
import { text } from "../testing-support/frames.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import { rawServer, switchingProtocols } from "../testing-support/raw-server.test.support.js";
import { descriptor, domException } from "../testing-support/sockets.test.support.js";
import {
  causeCode,
  constructStream,
  openStreamLine,
  rejection,
  streamError,
} from "../testing-support/streams.test.support.js";

describe("WebSocketStream", () => {
  test("has the shape of its interface", () => {
    assert.equal(WebSocketStream.length, 1);
    assert.equal(Object.prototype.toString.call(WebSocketStream.prototype), "[object WebSocketStream]");
    for (const name of ["url", "opened", "closed"]) {
      const { get, set, enumerable, configurable } = descriptor(WebSocketStream.prototype, name);
      assert.deepEqual([get?.name, set, enumerable, configurable], [`get ${name}`, undefined, true, true]);
    }
    const { value, enumerable, writable, configurable } = descriptor(WebSocketStream.prototype, "close");
    assert.deepEqual([value.length, enumerable, writable, configurable], [0, true, true, true]);
  });

  test("members of another object throw, or reject where they give a promise", async () => {
    const { prototype } = WebSocketStream;
    assert.throws(() => descriptor(prototype, "url").get?.call({}), TypeError);
    assert.throws(() => prototype.close.call({} as WebSocketStream), TypeError);
    for (const name of ["opened", "closed"]) {
      assert.ok((await rejection(descriptor(prototype, name).get?.call({}))) instanceof TypeError);
    }
  });

  test("url is the parsed one; opened and closed are one promise each", async (t) => {
    const server = await rawServer(t);
    const stream = new WebSocketStream(new URL(server.url.replace("ws:", "http:")));
    assert.equal(stream.url, `${server.url}/`);
    assert.equal(stream.opened, stream.opened);
    assert.equal(stream.closed, stream.closed);
  });

  test("opened gives the subprotocol, the extensions and the platform's streams", async (t) => {
    const server = await rawServer(t);
    const stream = new WebSocketStream(server.url, { protocols: new Set(["a", "b"]) });
    const { peer, request } = await server.nextRequest();
    assert.equal(request.get("Sec-WebSocket-Protocol"), "a, b");
    const extensions = "permessage-deflate; server_no_context_takeover";
    peer.send(
      switchingProtocols(request, { "Sec-WebSocket-Protocol": "b", "Sec-WebSocket-Extensions": extensions }),
    );
    const info = await within(stream.opened, "opened");
    assert.deepEqual(Object.keys(info), ["extensions", "protocol", "readable", "writable"]);
    assert.equal(info.protocol, "b");
    assert.equal(info.extensions, extensions);
    assert.ok(info.readable instanceof ReadableStream);
    assert.ok(info.writable instanceof WritableStream);
  });
});

describe("WebSocketStream: arguments", () => {
  test("a URL that can't be one", () => {
    assert.throws(() => constructStream(), TypeError);
    for (const url of ["", "relative", "ftp://example.com/", "ws://example.com/#"]) {
      assert.throws(() => new WebSocketStream(url), domException("SyntaxError"), url);
    }
  });

  test("options that are no dictionary, or wrong in it", () => {
    const url = "ws://example.com:1/";
    for (const options of [1, "chat", true, Symbol("options")]) {
      assert.throws(() => constructStream(url, options), TypeError);
    }
    for (const protocols of ["chat", null, 1, {}]) {
      assert.throws(() => constructStream(url, { protocols }), { name: "TypeError", message: /protocols/ });
    }
    for (const signal of [null, 1, {}]) {
      assert.throws(() => constructStream(url, { signal }), { name: "TypeError", message: /signal/ });
    }
    assert.throws(() => constructStream(url, { maxPayload: -1 }), {
      name: "TypeError",
      message: /maxPayload/,
    });
    assert.throws(() => constructStream(url, { unknown: 1 }), { name: "TypeError", message: /unknown/ });
    for (const protocols of [["a b"], ["a", "a"], [""]]) {
      assert.throws(() => new WebSocketStream(url, { protocols }), domException("SyntaxError"));
    }
  });

  test("none, undefined and null are the same", async () => {
    for (const options of [[], [undefined], [null]]) {
      const stream = constructStream("ws://127.0.0.1:1/", ...options);
      assert.equal(causeCode(await streamError(stream.opened)), "ERR_WS_BLOCKED_PORT");
    }
  });

  test("options of our own: headers reach the server, maxPayload holds", async (t) => {
    const server = await rawServer(t);
    const stream = new WebSocketStream(server.url, { headers: { "X-Own": "yes" }, maxPayload: 3 });
    const { peer, request } = await server.nextRequest();
    assert.equal(request.get("X-Own"), "yes");
    peer.send(switchingProtocols(request), text("four"));
    const error = await streamError(stream.closed);
    assert.equal(causeCode(error), "ERR_WS_MESSAGE_TOO_BIG");
    assert.equal(error.closeCode, 1006);
  });
});

describe("WebSocketStream: a connection that can't be opened", () => {
  test("opened and closed reject with a WebSocketError each, whose cause tells why", async (t) => {
    const server = await rawServer(t);
    server.close();
    const stream = new WebSocketStream(server.url);
    const [opened, closed] = [await streamError(stream.opened), await streamError(stream.closed)];
    assert.notEqual(opened, closed);
    assert.deepEqual([opened.closeCode, opened.reason], [null, ""]);
    assert.deepEqual([closed.closeCode, closed.reason], [1006, ""]);
    assert.equal(causeCode(opened), "ECONNREFUSED");
    assert.equal(opened.cause, closed.cause);
  });

  test("an answer that is not 101", async (t) => {
    const server = await rawServer(t);
    const stream = new WebSocketStream(server.url);
    const { peer } = await server.nextRequest();
    peer.socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    assert.equal(causeCode(await streamError(stream.opened)), "ERR_WS_HANDSHAKE_STATUS");
  });

  test("close() gives it up; a wrong argument is refused all the same", async (t) => {
    const server = await rawServer(t);
    const stream = new WebSocketStream(server.url);
    const { peer } = await server.nextRequest();
    assert.equal(stream.close({ closeCode: 3000 }), undefined);
    assert.throws(() => stream.close({ closeCode: 1 }), domException("InvalidAccessError"));
    assert.equal(causeCode(await streamError(stream.opened)), "ERR_WS_HANDSHAKE_ABORTED");
    assert.equal((await streamError(stream.closed)).closeCode, 1006);
    await within(peer.ended, "the end of the connection");
  });

  test("a program that looks at neither promise goes on", async () => {
    const module = JSON.stringify(new URL("../index.js", import.meta.url).href);
    const result = await runProgram(`
      const { WebSocketStream } = await import(${module});
      new WebSocketStream("ws://127.0.0.1:1/");
      new WebSocketStream("ws://127.0.0.1:1/", { signal: AbortSignal.abort() });
      process.on("exit", () => console.log("went on"));
    `);
    assert.deepEqual(result, { code: 0, stdout: "went on\n", stderr: "" });
  });
});

describe("WebSocketStream: signal", () => {
  test("aborted before: nothing is opened, and there is no URL", async (t) => {
    const server = await rawServer(t);
    const signal = AbortSignal.abort("mine");
    const stream = new WebSocketStream(server.url, { signal });
    assert.equal(stream.url, "");
    const error = await rejection(stream.opened);
    domException("AbortError")(error);
    assert.equal(await rejection(stream.closed), error);
    assert.equal((error as Error).cause, "mine");
    assert.equal(new WebSocketStream("ftp://x", { signal }).url, "");
    stream.close();
    assert.throws(() => stream.close({ closeCode: 1 }), domException("InvalidAccessError"));
    const later = new WebSocketStream(server.url);
    await server.accept();
    await within(later.opened, "opened");
    assert.equal(server.connections, 1);
  });

  test("aborted during the handshake: both promises reject at once, the connection is cut", async (t) => {
    const server = await rawServer(t);
    const control = new AbortController();
    const stream = new WebSocketStream(server.url, { signal: control.signal });
    const { peer } = await server.nextRequest();
    let rejected = false;
    stream.opened.catch(() => {
      rejected = true;
    });
    control.abort(new RangeError("mine"));
    await undefined;
    assert.ok(rejected);
    const error = await rejection(stream.closed);
    domException("AbortError")(error);
    assert.ok((error as Error).cause instanceof RangeError);
    await within(peer.ended, "the end of the connection");
  });

  test("aborted later: without effect", async (t) => {
    const control = new AbortController();
    const { stream, writer, peer } = await openStreamLine(t, { signal: control.signal });
    control.abort();
    await writer.write("still here");
    assert.equal((await peer.nextFrame()).payload.toString(), "still here");
    stream.close({ closeCode: 3000 });
    assert.equal(await peer.nextCloseCode(), 3000);
  });

  test("a signal that outlives many connections keeps none of them", async (t) => {
    const server = await rawServer(t);
    const { signal } = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
      listeners += 1;
      addEventListener.apply(signal, args);
    };
    signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
      listeners -= 1;
      removeEventListener.apply(signal, args);
    };
    const open = new WebSocketStream(server.url, { signal });
    assert.equal(listeners, 1);
    await server.accept();
    await within(open.opened, "opened");
    const refused = new WebSocketStream("ws://127.0.0.1:1/", { signal });
    assert.ok((await rejection(refused.opened)) instanceof WebSocketError);
    assert.equal(listeners, 0);
  });
});
