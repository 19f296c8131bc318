import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { CloseEvent, MessageEvent, WebSocket } from "../index.js";
import { descriptor, openLine } from "../testing-support/sockets.test.support.js";

const constants = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 };
const readOnly = ["url", "readyState", "bufferedAmount", "extensions", "protocol"];
const writable = ["onopen", "onerror", "onclose", "onmessage", "binaryType"];
const methods = { close: 0, send: 1 };

/** [IDL] 3.7.1 and 3.7.3: what holds for every interface. */
function assertInterface(
  interfaceObject: object,
  parent: object,
  name: string,
  length: number,
  prototype: object,
): void {
  assert.equal(typeof interfaceObject, "function");
  assert.equal(Object.getPrototypeOf(interfaceObject), parent);
  assert.deepEqual(descriptor(interfaceObject, "name"), {
    value: name,
    writable: false,
    enumerable: false,
    configurable: true,
  });
  assert.deepEqual(descriptor(interfaceObject, "length"), {
    value: length,
    writable: false,
    enumerable: false,
    configurable: true,
  });
  assert.deepEqual(descriptor(interfaceObject, "prototype"), {
    value: prototype,
    writable: false,
    enumerable: false,
    configurable: false,
  });
  assert.deepEqual(descriptor(prototype, "constructor"), {
    value: interfaceObject,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  assert.deepEqual(descriptor(prototype, Symbol.toStringTag), {
    value: name,
    writable: false,
    enumerable: false,
    configurable: true,
  });
}

/** [IDL] 3.7.6: an accessor on the prototype that refuses any other `this`. */
function assertAttribute(prototype: object, name: string, settable: boolean): void {
  const { get, set, enumerable, configurable } = descriptor(prototype, name);
  assert.deepEqual({ enumerable, configurable }, { enumerable: true, configurable: true });
  assert.ok(get !== undefined);
  assert.equal(get.name, `get ${name}`);
  assert.equal(get.length, 0);
  for (const wrong of [undefined, null, {}, 1, prototype, new EventTarget()]) {
    assert.throws(() => Reflect.apply(get, wrong, []), TypeError, `${name} of ${inspect(wrong)}`);
  }
  assert.throws(() => Reflect.construct(get, []), TypeError);
  if (!settable) {
    assert.equal(set, undefined);
    return;
  }
  assert.ok(set !== undefined);
  assert.equal(set.name, `set ${name}`);
  assert.equal(set.length, 1);
  for (const wrong of [undefined, null, {}, 1, prototype, new EventTarget()]) {
    assert.throws(() => Reflect.apply(set, wrong, [null]), TypeError, `${name} of ${inspect(wrong)}`);
  }
}

describe("WebSocket", () => {
  test("is an interface right below EventTarget", () => {
    assertInterface(WebSocket, EventTarget, "WebSocket", 1, WebSocket.prototype);
    assert.equal(Object.getPrototypeOf(WebSocket.prototype), EventTarget.prototype);
  });

  test("has its constants on the interface object and on the prototype", () => {
    for (const [name, value] of Object.entries(constants)) {
      for (const holder of [WebSocket, WebSocket.prototype]) {
        assert.deepEqual(descriptor(holder, name), {
          value,
          writable: false,
          enumerable: true,
          configurable: false,
        });
      }
    }
  });

  for (const name of readOnly) {
    test(`${name} is a read-only attribute`, () => assertAttribute(WebSocket.prototype, name, false));
  }

  for (const name of writable) {
    test(`${name} is an attribute`, () => assertAttribute(WebSocket.prototype, name, true));
  }

  for (const [name, length] of Object.entries(methods)) {
    test(`${name} is an operation`, () => {
      const { value, ...rest } = descriptor(WebSocket.prototype, name);
      assert.deepEqual(rest, { writable: true, enumerable: true, configurable: true });
      assert.equal(typeof value, "function");
      assert.equal(value.name, name);
      assert.equal(value.length, length);
      assert.ok(!("prototype" in value), `${name} has no prototype`);
      for (const wrong of [undefined, null, {}, 1, WebSocket.prototype, new EventTarget()]) {
        assert.throws(() => Reflect.apply(value, wrong, [""]), TypeError, `${name} on ${inspect(wrong)}`);
      }
      assert.throws(() => Reflect.construct(value, [""]), TypeError);
    });
  }

  test("has no member that the standard does not have", () => {
    assert.deepEqual(
      Object.getOwnPropertyNames(WebSocket).sort(),
      ["length", "name", "prototype", ...Object.keys(constants)].sort(),
    );
    assert.deepEqual(
      Object.getOwnPropertyNames(WebSocket.prototype).sort(),
      ["constructor", ...Object.keys(constants), ...Object.keys(methods), ...readOnly, ...writable].sort(),
    );
  });

  test("needs `new` and a URL", () => {
    assert.throws(() => Reflect.apply(WebSocket, undefined, ["ws://127.0.0.1/"]), TypeError);
    assert.throws(() => Reflect.construct(WebSocket, []), TypeError);
  });

  test("an object has everything from its prototype", async (t) => {
    const { socket } = await openLine(t);
    assert.deepEqual(Object.getOwnPropertyNames(socket), []);
    assert.deepEqual(Object.keys(socket), []);
    const names: string[] = [];
    for (const name in socket) names.push(name);
    for (const name of [...Object.keys(constants), ...Object.keys(methods), ...readOnly, ...writable]) {
      assert.ok(names.includes(name), `for…in lists ${name}`);
    }
    assert.equal(Object.prototype.toString.call(socket), "[object WebSocket]");
    assert.equal(String(socket), "[object WebSocket]");
    assert.ok(socket instanceof WebSocket);
    assert.ok(socket instanceof EventTarget);
    assert.deepEqual([socket.CONNECTING, socket.OPEN, socket.CLOSING, socket.CLOSED], [0, 1, 2, 3]);
    assert.equal(socket.readyState, socket.OPEN);
    assert.match(inspect(socket), /WebSocket/);
  });

  test("read-only attributes and constants can't be assigned", async (t) => {
    const { socket } = await openLine(t);
    for (const name of [...readOnly, ...Object.keys(constants)]) {
      const before: unknown = Reflect.get(socket, name);
      assert.equal(Reflect.set(socket, name, 7), false, name);
      assert.equal(Reflect.get(socket, name), before);
      assert.throws(() => Object.assign(socket, { [name]: 7 }), TypeError);
    }
    assert.equal(Reflect.set(WebSocket, "OPEN", 7), false);
  });

  test("send needs an argument", async (t) => {
    const { socket } = await openLine(t);
    assert.throws(() => Reflect.apply(socket.send, socket, []), TypeError);
  });

  test("can be extended", async (t) => {
    class Chat extends WebSocket {
      greet(): void {
        this.send("hello");
      }
    }
    const { server } = await openLine(t);
    const chat = new Chat(`${server.url}/chat`);
    const peer = await server.accept();
    await new Promise((resolve) => chat.addEventListener("open", resolve));
    chat.greet();
    assert.ok(chat instanceof Chat);
    assert.equal((await peer.nextFrame()).payload.toString(), "hello");
  });
});

describe("CloseEvent", () => {
  test("is an interface right below Event", () => {
    assertInterface(CloseEvent, Event, "CloseEvent", 1, CloseEvent.prototype);
    assert.equal(Object.getPrototypeOf(CloseEvent.prototype), Event.prototype);
    assert.deepEqual(Object.getOwnPropertyNames(CloseEvent.prototype).sort(), [
      "code",
      "constructor",
      "reason",
      "wasClean",
    ]);
  });

  for (const name of ["wasClean", "code", "reason"]) {
    test(`${name} is a read-only attribute`, () => {
      const { get, set, enumerable, configurable } = descriptor(CloseEvent.prototype, name);
      assert.deepEqual(
        { set, enumerable, configurable },
        { set: undefined, enumerable: true, configurable: true },
      );
      assert.ok(get !== undefined);
      assert.equal(get.name, `get ${name}`);
      for (const wrong of [undefined, {}, CloseEvent.prototype, new Event("close")]) {
        assert.throws(() => Reflect.apply(get, wrong, []), TypeError);
      }
    });
  }

  test("needs `new` and a type", () => {
    assert.throws(() => Reflect.apply(CloseEvent, undefined, ["close"]), TypeError);
    assert.throws(() => Reflect.construct(CloseEvent, []), TypeError);
    assert.throws(() => Reflect.construct(CloseEvent, [Symbol("close")]), TypeError);
  });
});

describe("MessageEvent", () => {
  test("is an interface right below Event", () => {
    assert.equal(typeof MessageEvent, "function");
    assert.equal(MessageEvent.name, "MessageEvent");
    assert.equal(Object.getPrototypeOf(MessageEvent), Event);
    assert.equal(Object.getPrototypeOf(MessageEvent.prototype), Event.prototype);
  });
});
