import { throws } from "./expected-lines.js";
import type { Scene } from "./scene.js";
import { answersClose } from "./servers.js";

const DICTIONARY =
  "openline takes a second argument that is an object and not iterable as a dictionary of options, as undici, Deno " +
  "and Bun do; a browser makes a string of it";

export const constructorScenes: readonly Scene[] = [
  {
    name: "attributes from construction to the end",
    section: "[WS] 3.1",
    server: answersClose,
    client: async ({ WebSocket, url, watch, state, next }) => {
      const ws = new WebSocket(url);
      state("constructed", ws);
      watch(ws);
      await next(ws, "open");
      state("open", ws);
      ws.close();
      state("close called", ws);
      await next(ws, "close");
      state("closed", ws);
    },
  },
  {
    name: "arguments that are missing or cannot be converted",
    section: "[IDL] 3.2.10, 3.7.1",
    client: async ({ WebSocket, attempt }) => {
      attempt("no argument", () => new WebSocket());
      attempt("called without new", () =>
        (WebSocket as unknown as (url: string) => unknown)("ws://example.com:1/"),
      );
      attempt("symbol", () => new WebSocket(Symbol("url")));
      attempt("object that throws", () => {
        return new WebSocket({
          toString: () => {
            throw new RangeError("not today");
          },
        });
      });
      attempt("object without primitive", () => new WebSocket(Object.create(null)));
      attempt("symbol as protocol", () => new WebSocket("ws://example.com:1/", Symbol("protocol")));
      attempt("symbol in protocols", () => new WebSocket("ws://example.com:1/", [Symbol("protocol")]));
      attempt("bad URL and symbol", () => new WebSocket("ftp://x", [Symbol("protocol")]));
      attempt(
        "iterator that is no function",
        () => new WebSocket("ws://example.com:1/", { [Symbol.iterator]: 1 }),
      );
      attempt("iterator that throws", () => {
        return new WebSocket("ws://example.com:1/", {
          [Symbol.iterator]: () => {
            throw new RangeError("not today");
          },
        });
      });
      attempt("bad protocol on a bad URL", () => new WebSocket("ftp://x", "a b"));
    },
  },
  {
    name: "protocols that are refused",
    section: "[WS] 3.1, constructor steps 8 and 9",
    client: async ({ WebSocket, attempt }) => {
      const given = [
        "",
        " ",
        "a b",
        "a,b",
        "a/b",
        "\u{1f600}",
        "ä",
        "a\u0000",
        "a\u007f",
        ...'()<>@,;:\\"/[]?={} \t',
        [""],
        ["a", ""],
        ["a", "a"],
        ["chat", "CHAT"],
        ["a", "b", "A"],
        [null, "null"],
        [1, "1"],
        [[]],
        [["a", "b"]],
        ["a", undefined, "undefined"],
        new Set(["ok", "not ok"]),
        new String("a b"),
      ];
      for (const protocols of given) {
        attempt(
          `protocols ${JSON.stringify(protocols)}`,
          () => new WebSocket("ws://example.com:1/", protocols),
        );
      }
    },
    differences: [
      ["chat", "CHAT"],
      ["a", "b", "A"],
    ].map((protocols) => ({
      why: "Chromium takes duplicates that differ in case only; Web Platform Tests ask for a SyntaxError",
      chromium: [[`protocols ${JSON.stringify(protocols)}`, "<WebSocket>"]],
      openline: [throws(`protocols ${JSON.stringify(protocols)}`, "SyntaxError")],
    })),
  },
  {
    name: "protocols that are taken, as the server reads them",
    section: "[WS] 3.1, constructor steps 8 to 12",
    server: async (peer) =>
      peer.serve(async (connection) => {
        const { fields } = await connection.request();
        await connection.accept({ protocol: fields.get("sec-websocket-protocol")?.split(", ").at(-1) });
        await connection.answerClose();
      }),
    client: async ({ WebSocket, url, next, record, attempt }) => {
      const given: (readonly unknown[])[] = [
        [],
        [undefined],
        [[]],
        ["chat"],
        [["chat"]],
        [["chat", "superchat"]],
        [["b", "a", "c"]],
        [new Set(["x", "y"])],
        [new Map([["k", "v"]]).keys()],
        [
          (function* () {
            yield "gen";
            yield "erated";
          })(),
        ],
        [null],
        [1],
        [true],
        [[null, 1, true]],
        [["!#$%&'*+-.^_`|~", "0Az"]],
        [new String("object")],
        ["chat", "a third argument"],
      ];
      for (const [index, rest] of given.entries()) {
        const ws = attempt(`protocols ${index}`, () => new WebSocket(url, ...rest));
        if (!ws) continue;
        await next(ws, "open");
        record(`protocol ${index}`, ws.protocol);
        ws.close();
        await next(ws, "close");
      }
    },
  },
  {
    name: "a second argument that is an object without an iterator",
    section: "[IDL] 3.2.24 union conversion",
    client: async ({ WebSocket, attempt }) => {
      attempt("object", () => new WebSocket("ws://example.com:1/", {}).readyState);
      attempt("object with toString", () => {
        return new WebSocket("ws://example.com:1/", { toString: () => "chat" }).readyState;
      });
      attempt("function", () => new WebSocket("ws://example.com:1/", () => undefined));
      attempt("date", () => new WebSocket("ws://example.com:1/", new Date(0)));
    },
    differences: [
      { why: DICTIONARY, chromium: [throws("object", "SyntaxError")], openline: [["object", 0]] },
      {
        why: DICTIONARY,
        chromium: [["object with toString", 0], throws("function", "SyntaxError")],
        openline: [throws("object with toString", "TypeError"), ["function", "<WebSocket>"]],
      },
      { why: DICTIONARY, chromium: [throws("date", "SyntaxError")], openline: [["date", "<WebSocket>"]] },
    ],
  },
  {
    name: "arguments are converted in the order of the IDL",
    section: "[IDL] 3.6, overload resolution",
    client: async ({ WebSocket, record, attempt }) => {
      const noted = (name: string, result: string) => ({
        toString: () => {
          record("converted", name);
          return result;
        },
      });
      const protocols = {
        *[Symbol.iterator]() {
          record("iterated");
          yield noted("first", "a");
          yield noted("second", "b");
        },
      };
      attempt("both", () => new WebSocket(noted("url", "ws://example.com:1/"), protocols).url);
      attempt(
        "bad URL comes after the conversion",
        () => new WebSocket(noted("url", "ftp://x"), protocols).url,
      );
    },
  },
];
