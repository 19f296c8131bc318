import type { Line, Scene } from "./scene.js";
import { text } from "./server-frames.js";
import { answersClose, sendsWhenReady } from "./servers.js";
import type { EventObject } from "./web-interface.js";

const USV_STRING = "Chromium leaves lone surrogates in members that the standard declares as USVString";

const PLAIN = { bubbles: false, isTrusted: false };

const closeFields = (reason: string): Line => [
  "reason lone surrogate fields",
  { type: "x", code: 0, reason, wasClean: false, cancelable: false, composed: false, target: null, ...PLAIN },
];

const messageFields = (origin: string): Line => [
  "origin lone surrogate fields",
  { type: "m", data: null, origin, lastEventId: "", source: null, ports: 0, ...PLAIN },
];

export const eventScenes: readonly Scene[] = [
  {
    name: "new CloseEvent with every kind of dictionary",
    section: "[WS] 6, [DOM] 2.5",
    classOf: "CloseEvent",
    client: async ({ CloseEvent, attempt, record }) => {
      const show = (label: string, ...args: unknown[]) => {
        const event = attempt(label, () => new CloseEvent(...args));
        if (!event) return;
        const { type, code, reason, wasClean, bubbles, cancelable, composed, isTrusted, target } = event;
        record(`${label} fields`, {
          type,
          code,
          reason,
          wasClean,
          bubbles,
          cancelable,
          composed,
          isTrusted,
          target,
        });
        record(
          `${label} tag`,
          Object.prototype.toString.call(event),
          event instanceof Event,
          event.eventPhase,
        );
      };
      show("no argument");
      show("type only", "close");
      show("undefined dictionary", "close", undefined);
      show("null dictionary", "close", null);
      show("empty dictionary", "close", {});
      show("every member", "x", {
        code: 3000,
        reason: "r",
        wasClean: true,
        bubbles: true,
        cancelable: true,
        composed: true,
      });
      show("undefined members", "x", { code: undefined, reason: undefined, wasClean: undefined });
      for (const code of [-1, 65535, 65536, 1.9, -0.5, "12", NaN, Infinity, null, true, {}, []]) {
        show(`code ${String(code)}`, "x", { code });
      }
      show("code symbol", "x", { code: Symbol("1") });
      show("code bigint", "x", { code: 1n });
      show("reason lone surrogate", "x", { reason: "a\ud800b" });
      show("reason null", "x", { reason: null });
      show("reason symbol", "x", { reason: Symbol("r") });
      show("wasClean truthy", "x", { wasClean: "no" });
      show("number as dictionary", "x", 1);
      show("string as dictionary", "x", "code");
      show(
        "function as dictionary",
        "x",
        Object.assign(() => undefined, { code: 7 }),
      );
      show("type undefined", undefined);
      show("type symbol", Symbol("type"));
      attempt("without new", () => (CloseEvent as unknown as (type: string) => unknown)("close"));
    },
    differences: [
      {
        why: USV_STRING,
        chromium: [closeFields("a\ud800b")],
        openline: [closeFields("a\ufffdb")],
      },
    ],
  },
  {
    name: "new MessageEvent with every kind of dictionary",
    section: "HTML 9.1",
    classOf: "MessageEvent",
    client: async ({ MessageEvent, attempt, record }) => {
      const show = (label: string, ...args: unknown[]) => {
        const event = attempt(label, () => new MessageEvent(...args));
        if (!event) return;
        const { type, data, origin, lastEventId, source, ports, bubbles, isTrusted } = event;
        record(`${label} fields`, {
          type,
          data,
          origin,
          lastEventId,
          source,
          ports: ports?.length,
          bubbles,
          isTrusted,
        });
        const again = event.ports;
        record(`${label} ports`, Array.isArray(ports), Object.isFrozen(ports), ports === again);
      };
      show("no argument");
      show("type only", "message");
      show("null dictionary", "message", null);
      show("every member", "m", {
        data: [1],
        origin: "o",
        lastEventId: "l",
        source: null,
        ports: [],
        bubbles: true,
      });
      show("data undefined", "m", { data: undefined });
      show("data symbol", "m", { data: Symbol("d") });
      show("origin lone surrogate", "m", { origin: "\ud800" });
      show("source wrong", "m", { source: {} });
      show("ports wrong", "m", { ports: [{}] });
      show("ports null", "m", { ports: null });
      show("ports number", "m", { ports: 1 });
      const { port1, port2 } = new MessageChannel();
      show("ports iterable", "m", { ports: new Set([port1]) });
      show("source port", "m", { source: port1 });
      const data = { same: true };
      record("same data", new MessageEvent("m", { data }).data === data);
      port1.close();
      port2.close();
    },
    differences: [
      {
        why: USV_STRING,
        chromium: [messageFields("\ud800")],
        openline: [messageFields("\ufffd")],
      },
    ],
  },
  {
    name: "initMessageEvent",
    section: "HTML 9.1",
    classOf: "MessageEvent",
    client: async ({ MessageEvent, attempt, record }) => {
      const event = new MessageEvent("a", { data: 1 }) as EventObject & {
        initMessageEvent: (...args: unknown[]) => void;
      };
      const show = (label: string) => {
        const { type, data, origin, lastEventId, bubbles, cancelable } = event;
        record(label, { type, data, origin, lastEventId, bubbles, cancelable, ports: event.ports?.length });
      };
      event.initMessageEvent("b", true, true, "data", "origin", "last", null, []);
      show("every argument");
      event.initMessageEvent("c");
      show("type only");
      attempt("no argument", () => event.initMessageEvent());
    },
  },
  {
    name: "a MessageEvent that the program dispatches",
    section: "[DOM] 2.7, dispatchEvent",
    classOf: "MessageEvent",
    client: async ({ WebSocket, MessageEvent, watch, attempt, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      ws.close();
      watch(ws);
      ws.onmessage = (event: { isTrusted: boolean; data: unknown }) =>
        record("handler", event.isTrusted, event.data);
      attempt("dispatch", () => ws.dispatchEvent(new MessageEvent("message", { data: "own", origin: "o" })));
      attempt("other type", () => ws.dispatchEvent(new MessageEvent("open", { data: "own", bubbles: true })));
    },
  },
  {
    name: "events that the program dispatches",
    section: "[DOM] 2.7, dispatchEvent",
    server: answersClose,
    client: async ({ WebSocket, CloseEvent, url, watch, next, attempt, record, state }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      watch(ws);
      ws.onclose = (event: { isTrusted: boolean; code: number }) =>
        record("handler", event.isTrusted, event.code);
      attempt("close", () =>
        ws.dispatchEvent(new CloseEvent("close", { code: 4000, reason: "own", wasClean: true })),
      );
      attempt("plain", () => ws.dispatchEvent(new Event("open", { bubbles: true, cancelable: true })));
      attempt("plain message", () => ws.dispatchEvent(new Event("message")));
      attempt("unknown type", () => ws.dispatchEvent(new Event("unknown")));
      attempt("no event", () => ws.dispatchEvent({ type: "message" }));
      attempt("null", () => ws.dispatchEvent(null));
      attempt("no argument", () => (ws.dispatchEvent as () => unknown)());
      state("nothing happened", ws);
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "a received event that the program dispatches again",
    section: "[DOM] 2.7, dispatchEvent step 2",
    server: sendsWhenReady(text("real")),
    client: async ({ WebSocket, url, watch, next, tell, attempt, record }) => {
      const ws = new WebSocket(url);
      await next(ws, "open");
      watch(ws);
      ws.onmessage = (event: { isTrusted: boolean }) => record("handler", event.isTrusted);
      tell("ready");
      const real = await next(ws, "message");
      await new Promise((resolve) => setTimeout(resolve, 1));
      record("received", real.isTrusted);
      attempt("again", () => ws.dispatchEvent(real));
      record("after", real.isTrusted, real.data);
      const other = new WebSocket("ws://example.com:1/");
      watch(other);
      attempt("at another object", () => other.dispatchEvent(real));
      other.close();
      ws.close();
      await next(ws, "close");
    },
  },
  {
    name: "an event that is dispatched while it is dispatched",
    section: "[DOM] 2.7, dispatchEvent step 1",
    client: async ({ WebSocket, attempt }) => {
      const ws = new WebSocket("ws://example.com:1/");
      const event = new Event("open");
      const dispatch = () => attempt("inner", () => ws.dispatchEvent(event));
      ws.addEventListener("open", dispatch, { once: true });
      attempt("outer", () => ws.dispatchEvent(event));
      attempt("afterwards", () => ws.dispatchEvent(event));
    },
    differences: [
      {
        why: "Node's EventTarget throws an Error of its own, ERR_EVENT_RECURSION, instead of an InvalidStateError",
        chromium: [
          [
            "inner",
            "throws",
            {
              exception: "InvalidStateError",
              code: 11,
              DOMException: true,
              TypeError: false,
              hasMessage: true,
            },
          ],
        ],
        openline: [
          [
            "inner",
            "throws",
            { exception: "Error", DOMException: false, TypeError: false, hasMessage: true },
          ],
        ],
      },
    ],
  },
];
