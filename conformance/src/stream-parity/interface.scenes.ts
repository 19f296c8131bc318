import type { Scene } from "../browser-parity/scene.js";

export const interfaceScenes: readonly Scene[] = [
  {
    name: "the interface WebSocketStream",
    section: "[IDL] 3.7",
    client: async ({ WebSocketStream, descriptors, attempt, record }) => {
      descriptors("interface", WebSocketStream);
      descriptors("prototype", WebSocketStream.prototype);
      record("parent", Object.getPrototypeOf(WebSocketStream) === Function.prototype);
      record("tag", Object.prototype.toString.call(WebSocketStream.prototype));
      attempt("without new", () => (WebSocketStream as unknown as (url: string) => unknown)("ws://a/"));
    },
  },
  {
    name: "the interface WebSocketError",
    section: "[IDL] 3.7, 3.14",
    client: async ({ WebSocketError, descriptors, attempt, record }) => {
      descriptors("interface", WebSocketError);
      descriptors("prototype", WebSocketError.prototype);
      record(
        "parents",
        Object.getPrototypeOf(WebSocketError) === DOMException,
        Object.getPrototypeOf(WebSocketError.prototype) === DOMException.prototype,
      );
      const error = new WebSocketError("m");
      record("instance", error instanceof DOMException, error instanceof Error, String(error));
      record("tag", Object.prototype.toString.call(error));
      attempt("without new", () => (WebSocketError as unknown as () => unknown)());
    },
  },
  {
    name: "members called on another object",
    section: "[IDL] 3.7.6",
    client: async ({ WebSocketStream, WebSocketError, attempt, outcomes }) => {
      const getter = (type: { prototype: object }, name: string) =>
        Object.getOwnPropertyDescriptor(type.prototype, name)?.get as () => Promise<unknown>;
      attempt("url", () => getter(WebSocketStream, "url").call({}));
      attempt("close", () => WebSocketStream.prototype.close.call({} as never));
      attempt("closeCode", () => getter(WebSocketError, "closeCode").call(new DOMException("m")));
      attempt("reason", () => getter(WebSocketError, "reason").call({}));
      await outcomes("promise", {
        opened: getter(WebSocketStream, "opened").call({}),
        closed: getter(WebSocketStream, "closed").call({}),
      });
    },
  },
  {
    name: "what the constructor of WebSocketError makes of its arguments",
    section: "WebSocketError constructor",
    client: async ({ WebSocketError, attempt, record }) => {
      const inits: readonly unknown[] = [
        undefined,
        null,
        {},
        () => 1,
        1,
        "reason",
        { closeCode: undefined, reason: undefined },
        { closeCode: null },
        { closeCode: 1000 },
        { closeCode: 1001 },
        { closeCode: 2999 },
        { closeCode: 3000, reason: "why" },
        { closeCode: 4999 },
        { closeCode: 5000 },
        { closeCode: "3001" },
        { closeCode: 70_000 },
        { closeCode: 66_536 },
        { closeCode: -1 },
        { closeCode: Number.NaN },
        { closeCode: 1000.6 },
        { closeCode: 2999.9 },
        { closeCode: 4999.9 },
        { closeCode: 1000n },
        { closeCode: Symbol("code") },
        { reason: "why" },
        { reason: "" },
        { reason: null },
        { reason: Symbol("reason") },
        { reason: "x".repeat(123) },
        { reason: "x".repeat(124) },
        { closeCode: 3000, reason: "\u00e9".repeat(62) },
      ];
      for (const [index, init] of inits.entries())
        attempt(`init ${index}`, () => new WebSocketError("m", init));
      attempt("no message", () => new WebSocketError().message);
      attempt("message null", () => new WebSocketError(null).message);
      attempt("message symbol", () => new WebSocketError(Symbol("message")));
      attempt("lone surrogate", () => new WebSocketError("m", { reason: "\ud800" }).reason);
      const order: string[] = [];
      const message = {
        toString: () => {
          order.push("message");
          return "m";
        },
      };
      new WebSocketError(message, {
        get reason() {
          order.push("reason");
          return "";
        },
        get closeCode() {
          order.push("closeCode");
          return 1000;
        },
      });
      record("order", order);
    },
  },
];
