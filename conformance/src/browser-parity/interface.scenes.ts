import type { Scene } from "./scene.js";

export const interfaceScenes: readonly Scene[] = [
  {
    name: "members of WebSocket and their descriptors",
    section: "[IDL] 3.7",
    client: async ({ WebSocket, descriptors }) => {
      descriptors("WebSocket", WebSocket);
      descriptors("WebSocket.prototype", WebSocket.prototype);
    },
  },
  {
    name: "members of CloseEvent and their descriptors",
    section: "[IDL] 3.7",
    classOf: "CloseEvent",
    client: async ({ CloseEvent, descriptors }) => {
      descriptors("CloseEvent", CloseEvent);
      descriptors("CloseEvent.prototype", CloseEvent.prototype);
    },
  },
  {
    name: "members of MessageEvent and their descriptors",
    section: "[IDL] 3.7",
    classOf: "MessageEvent",
    client: async ({ MessageEvent, descriptors }) => {
      descriptors("MessageEvent", MessageEvent);
      // Chromium's own `userActivation` is in no standard that Node knows.
      descriptors("MessageEvent.prototype", MessageEvent.prototype, ["userActivation"]);
    },
  },
  {
    name: "prototype chains, tags and constants",
    section: "[WS] 3.1, [IDL] 3.7.3",
    client: async ({ WebSocket, CloseEvent, MessageEvent, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      record("parents", {
        object: Object.getPrototypeOf(ws) === WebSocket.prototype,
        prototype: Object.getPrototypeOf(WebSocket.prototype) === EventTarget.prototype,
        constructor: Object.getPrototypeOf(WebSocket) === EventTarget,
        closePrototype: Object.getPrototypeOf(CloseEvent.prototype) === Event.prototype,
        closeConstructor: Object.getPrototypeOf(CloseEvent) === Event,
        messagePrototype: Object.getPrototypeOf(MessageEvent.prototype) === Event.prototype,
        messageConstructor: Object.getPrototypeOf(MessageEvent) === Event,
      });
      record("instanceof", ws instanceof EventTarget, ws instanceof WebSocket);
      record("tags", Object.prototype.toString.call(ws), Object.prototype.toString.call(WebSocket.prototype));
      record(
        "functions",
        typeof WebSocket,
        WebSocket.name,
        WebSocket.length,
        CloseEvent.length,
        MessageEvent.length,
      );
      for (const holder of [WebSocket, WebSocket.prototype, ws]) {
        record("constants", holder.CONNECTING, holder.OPEN, holder.CLOSING, holder.CLOSED);
      }
      // Node's EventTarget keeps its listeners under symbols of its own.
      record("own names of the object", Object.getOwnPropertyNames(ws));
      const enumerable: string[] = [];
      for (const key in ws) enumerable.push(key);
      // What EventTarget itself has is the platform's: Chromium's has `when` of the Observable proposal.
      record("keys of for in", enumerable.filter((key) => !(key in EventTarget.prototype)).sort());
      record("undefined keys", "on" in ws, "isPaused" in ws, "ping" in ws, "terminate" in ws);
    },
  },
  {
    name: "read-only attributes and constants stay as they are",
    section: "[IDL] 3.7.6",
    client: async ({ WebSocket, attempt, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      const writable = ws as unknown as Record<string, unknown>;
      for (const name of [
        "url",
        "readyState",
        "bufferedAmount",
        "extensions",
        "protocol",
        "CONNECTING",
        "OPEN",
      ]) {
        attempt(`set ${name} in strict mode`, () => {
          writable[name] = "other";
        });
        record(name, writable[name]);
        record(`reflected ${name}`, Reflect.set(ws, name, 7), writable[name]);
      }
      attempt("constant of the interface", () => {
        (WebSocket as unknown as Record<string, unknown>)["OPEN"] = 7;
      });
      attempt("delete constant", () => {
        return delete (WebSocket as unknown as Record<string, unknown>)["OPEN"];
      });
      record("OPEN", WebSocket.OPEN);
    },
  },
  {
    name: "this is checked",
    section: "[IDL] 3.7.6, 3.7.7",
    client: async ({ WebSocket, attempt }) => {
      const names = Object.keys(Object.getOwnPropertyDescriptors(WebSocket.prototype)).sort();
      for (const name of names) {
        const found = Object.getOwnPropertyDescriptor(WebSocket.prototype, name);
        for (const [label, self] of [
          ["plain object", {}],
          ["prototype", WebSocket.prototype],
          ["other EventTarget", new EventTarget()],
          ["inheriting", Object.create(WebSocket.prototype)],
        ] as const) {
          if (found?.get) attempt(`get ${name} of ${label}`, () => found.get?.call(self));
          if (found?.set) attempt(`set ${name} of ${label}`, () => found.set?.call(self, null));
          if (typeof found?.value === "function" && name !== "constructor") {
            attempt(`${name}() of ${label}`, () => found.value.call(self, "x"));
          }
        }
      }
    },
  },
  {
    name: "a subclass",
    section: "[IDL] 3.7.1",
    client: async ({ WebSocket, record, next }) => {
      class Mine extends (WebSocket as unknown as new (
        url: string,
      ) => EventTarget & { readonly url: string; readonly readyState: number }) {
        note = "mine";
        get twice(): string {
          return this.url + this.url;
        }
      }
      const ws = new Mine("ws://example.com:1/");
      record("subclass", ws instanceof Mine, ws instanceof WebSocket, ws.note, ws.twice, ws.readyState);
      record("tag", Object.prototype.toString.call(ws));
      const event = await next(ws as unknown as InstanceType<typeof WebSocket>, "close");
      record("close", event.target === (ws as unknown), event.code, ws.readyState);
    },
  },
  {
    name: "objects whose prototype or dispatchEvent is another",
    section: "[IDL] 3.7.1, [DOM] 2.9",
    client: async ({ WebSocket, record, until, tasks }) => {
      const readyState = Object.getOwnPropertyDescriptor(WebSocket.prototype, "readyState")?.get;
      // Node's EventTarget lets nobody listen to it, but it has to come to its end without harm.
      const foreign = Reflect.construct(WebSocket, ["ws://example.com:1/"], Array) as object;
      record("foreign", Object.getPrototypeOf(foreign) === Array.prototype, "url" in foreign);
      await until(() => readyState?.call(foreign) === 3);
      await tasks();
      const own = new WebSocket("ws://example.com:1/");
      own.dispatchEvent = () => {
        record("never called");
        return true;
      };
      own.addEventListener("close", (event) => record("close", event.isTrusted));
      await until(() => own.readyState === 3);
      await tasks();
    },
  },
];
