import type { Scene } from "./scene.js";
import { text } from "./server-frames.js";
import { answersClose, sendsWhenReady } from "./servers.js";

export const handlerScenes: readonly Scene[] = [
  {
    name: "a handler attribute keeps the place of its first assignment",
    section: "HTML 8.1.8.1, event handlers",
    server: sendsWhenReady(text("1"), text("2"), text("3")),
    client: async ({ WebSocket, url, record, next, tell }) => {
      const ws = new WebSocket(url);
      const note = (name: string) => (event: { data?: unknown }) => record(name, event.data);
      ws.addEventListener("message", note("a"));
      ws.onmessage = note("first handler");
      ws.addEventListener("message", note("b"));
      ws.onmessage = note("second handler");
      ws.addEventListener("message", (event) => {
        if (event.data === "1") ws.onmessage = null;
        if (event.data === "2")
          queueMicrotask(() => {
            ws.onmessage = note("third handler");
          });
      });
      ws.addEventListener("message", note("c"));
      await next(ws, "open");
      tell("ready");
      await new Promise<void>((resolve) => {
        ws.addEventListener("message", (event) => event.data === "3" && resolve());
      });
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "a handler set to null and set again goes to the end",
    section: "HTML 8.1.8.1, deactivate an event handler",
    server: answersClose,
    client: async ({ WebSocket, url, record, next }) => {
      const ws = new WebSocket(url);
      ws.onopen = () => record("handler before");
      ws.addEventListener("open", () => record("listener"));
      ws.onopen = null;
      ws.onopen = () => record("handler after");
      await next(ws, "open");
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "values that handler attributes take, and how they read back",
    section: "HTML 8.1.8.1, [IDL] LegacyTreatNonObjectAsNull",
    client: async ({ WebSocket, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      const handler = () => undefined;
      const object = { handleEvent: () => record("never called") };
      for (const name of ["onopen", "onmessage", "onerror", "onclose"] as const) {
        const values = [
          handler,
          object,
          {},
          [],
          null,
          undefined,
          1,
          "handler",
          true,
          Symbol("s"),
          1n,
          class {},
          NaN,
        ];
        record(`${name} first`, ws[name]);
        for (const [index, value] of values.entries()) {
          ws[name] = handler;
          ws[name] = value;
          record(`${name} ${index}`, ws[name] === value, ws[name] === null);
        }
      }
    },
  },
  {
    name: "a handler that is an object is never called, and a handler's this is the object",
    section: "HTML 8.1.8.1, the event handler processing algorithm",
    server: answersClose,
    client: async ({ WebSocket, url, record, next, tasks }) => {
      const ws = new WebSocket(url);
      ws.onopen = {
        handleEvent: () => record("handleEvent of a handler"),
      };
      ws.onclose = function (this: unknown, ...args: unknown[]) {
        record("close handler", this === ws, args.length);
      };
      ws.addEventListener("close", function (this: unknown, ...args: unknown[]) {
        record("close listener", this === ws, args.length);
      });
      const listener = {
        handleEvent(this: unknown, ...args: unknown[]) {
          record("handleEvent of a listener", this === listener, args.length);
        },
      };
      ws.addEventListener("open", listener);
      await next(ws, "open");
      ws.close();
      await next(ws, "close");
      await tasks();
    },
  },
  {
    name: "a handler that returns false cancels what can be cancelled",
    section: "HTML 8.1.8.1, the event handler processing algorithm",
    server: answersClose,
    client: async ({ WebSocket, url, record, next }) => {
      const ws = new WebSocket(url);
      ws.onopen = () => false;
      ws.addEventListener("open", (event) => {
        record("after false", event.defaultPrevented, event.returnValue);
        event.preventDefault();
        record("after preventDefault", event.defaultPrevented, event.returnValue);
        event.cancelBubble = true;
        record("after cancelBubble", event.cancelBubble);
      });
      await next(ws, "open");
      const own = new Event("open", { cancelable: true });
      record("own event", ws.dispatchEvent(own), own.defaultPrevented);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "options of addEventListener",
    section: "[DOM] 2.7, 2.9",
    server: sendsWhenReady(text("1"), text("2"), text("3")),
    client: async ({ WebSocket, url, record, next, tell, attempt }) => {
      const ws = new WebSocket(url);
      const note = (name: string) => (event: { data?: unknown }) => record(name, event.data);
      ws.addEventListener("message", note("plain"));
      ws.addEventListener("message", note("once"), { once: true });
      ws.addEventListener("message", note("capture"), true);
      ws.addEventListener("message", note("capture option"), { capture: true });
      ws.addEventListener("message", note("passive"), { passive: true });
      const controller = new AbortController();
      ws.addEventListener("message", note("signal"), { signal: controller.signal });
      ws.addEventListener("message", note("signal, later"), { signal: AbortSignal.abort() });
      const twice = note("added twice");
      ws.addEventListener("message", twice);
      ws.addEventListener("message", twice);
      ws.addEventListener("message", twice, { once: true });
      ws.addEventListener("message", twice, true);
      const removed = note("removed");
      ws.addEventListener("message", removed, true);
      ws.removeEventListener("message", removed);
      const gone = note("gone");
      ws.addEventListener("message", gone);
      ws.removeEventListener("message", gone, { passive: true });
      ws.addEventListener("message", null);
      ws.addEventListener("message", (event) => event.data === "1" && controller.abort());
      attempt("no listener", () => (ws.addEventListener as (type: string) => void)("message"));
      attempt("listener that is a number", () => ws.addEventListener("message", 1 as unknown as null));
      await next(ws, "open");
      tell("ready");
      await new Promise<void>((resolve) => {
        ws.addEventListener("message", (event) => event.data === "3" && resolve());
      });
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "listeners removed during the dispatch",
    section: "[DOM] 2.9, inner invoke",
    server: sendsWhenReady(text("1"), text("2")),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let count = 0;
      const late = () => record("late");
      ws.addEventListener("message", (event) => {
        record("first", event.data);
        ws.removeEventListener("message", late);
        ws.onmessage = null;
      });
      ws.addEventListener("message", late);
      ws.onmessage = () => record("handler");
      const self = () => {
        record("removes itself");
        ws.removeEventListener("message", self);
      };
      ws.addEventListener("message", self);
      ws.addEventListener("message", () => {
        record("last");
        count++;
      });
      await next(ws, "open");
      tell("ready");
      await until(() => count === 2);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "a listener added during the dispatch",
    section: "[DOM] 2.9, invoke step 6",
    server: sendsWhenReady(text("1"), text("2")),
    client: async ({ WebSocket, url, record, next, tell, until }) => {
      const ws = new WebSocket(url);
      let count = 0;
      const added = () => record("added");
      ws.addEventListener("message", (event) => {
        record("first", event.data);
        ws.addEventListener("message", added);
      });
      ws.addEventListener("message", () => {
        record("last");
        count++;
      });
      await next(ws, "open");
      tell("ready");
      await until(() => count === 2);
      ws.close();
      await next(ws, "close");
    },
    differences: [
      {
        why: "Node's EventTarget walks a living list: it calls a listener that was added during the dispatch",
        chromium: [["last"], ["first", "2"]],
        openline: [["last"], ["added"], ["first", "2"]],
      },
    ],
  },
  {
    name: "stopImmediatePropagation and stopPropagation",
    section: "[DOM] 2.9, inner invoke",
    server: sendsWhenReady(text("1"), text("2"), text("3")),
    client: async ({ WebSocket, url, record, next, tell }) => {
      const ws = new WebSocket(url);
      const third = new Promise<void>((resolve) => {
        ws.addEventListener("message", (event) => {
          record("first", event.data);
          if (event.data === "1") event.stopImmediatePropagation();
          if (event.data === "2") event.stopPropagation();
          if (event.data === "3") resolve();
        });
      });
      ws.onmessage = (event: { data?: unknown }) => record("handler", event.data);
      ws.addEventListener("message", (event) => record("last", event.data, event.cancelBubble));
      await next(ws, "open");
      tell("ready");
      await third;
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "a handler that throws is reported, and everything goes on",
    section: "[DOM] 2.9, inner invoke step 11",
    server: sendsWhenReady(text("1"), text("2")),
    client: async ({ WebSocket, url, record, next, tell, tasks }) => {
      const ws = new WebSocket(url);
      ws.onmessage = (event: { data?: unknown }) => {
        record("throws", event.data);
        throw new RangeError(`thrown at ${event.data}`);
      };
      ws.addEventListener("message", {
        handleEvent() {
          record("throws, too");
          throw new TypeError("not today");
        },
      });
      ws.addEventListener("message", (event) => record("still called", event.data));
      await next(ws, "open");
      tell("ready");
      await next(ws, "message");
      await next(ws, "message");
      ws.close();
      await next(ws, "close");
      await tasks();
    },
  },
  {
    name: "a listener whose handleEvent is no function",
    section: "[IDL] 3.11, call a user object's operation",
    server: sendsWhenReady(),
    client: async ({ WebSocket, url, record, next, tell, tasks }) => {
      const ws = new WebSocket(url);
      ws.addEventListener("close", { handleEvent: 1 });
      await next(ws, "open");
      tell("ready");
      ws.close();
      await next(ws, "close");
      await tasks();
      record("end");
    },
    differences: [
      {
        why: "Chromium passes over it; the standard has the TypeError reported, and so does Node's EventTarget",
        chromium: [["end"]],
        openline: [
          ["end"],
          ["uncaught", { exception: "TypeError", DOMException: false, TypeError: true, hasMessage: true }],
        ],
      },
    ],
  },
  {
    name: "an event after its dispatch",
    section: "[DOM] 2.9, dispatch",
    server: sendsWhenReady(text("kept")),
    client: async ({ WebSocket, url, record, next, tell }) => {
      const ws = new WebSocket(url);
      const open = await next(ws, "open");
      tell("ready");
      const message = await next(ws, "message");
      await new Promise((resolve) => setTimeout(resolve, 1));
      for (const event of [open, message]) {
        record(event.type, {
          eventPhase: event.eventPhase,
          targetIsIt: (event.target as unknown) === ws,
          currentTarget: event.currentTarget,
          path: event.composedPath().length,
          data: event.data,
          isTrusted: event.isTrusted,
        });
        record(`${event.type} has isTrusted of its own`, Object.hasOwn(event, "isTrusted"));
      }
      record("time goes on", message.timeStamp >= open.timeStamp, open.timeStamp <= performance.now());
      ws.close();
      await next(ws, "close");
    },
  },
];
