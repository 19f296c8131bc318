import { REQUEST, throws } from "./expected-lines.js";
import type { Line, Scene } from "./scene.js";
import { answersClose } from "./servers.js";

const DICTIONARY =
  "openline takes a second argument that is an object and not iterable as a dictionary of options, as undici, Deno " +
  "and Bun do; a browser makes a string of it";

/** Relative URLs, and what a page on `http://127.0.0.1:PAGE/` makes of them. */
const RELATIVE = {
  "relative ": "ws://127.0.0.1:PAGE/",
  "relative /chat": "ws://127.0.0.1:PAGE/chat",
  "relative chat": "ws://127.0.0.1:PAGE/chat",
  "relative ?": "ws://127.0.0.1:PAGE/?",
  "relative //example.com:1/": "ws://example.com:PAGE/",
  "relative null": "ws://127.0.0.1:PAGE/null",
  "relative ..": "ws://127.0.0.1:PAGE/",
  undefined: "ws://127.0.0.1:PAGE/undefined",
};

/** Userinfo, and the credentials that go with it. */
const USERINFO = {
  "user:pass": "user:pass",
  user: "user:",
  ":pass": ":pass",
  "us%20er:p%C3%A4ss": "us er:päss",
};

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
    name: "URLs that are parsed, and how url reads back",
    section: "[WS] 3.1, constructor steps 1 to 7",
    client: async ({ WebSocket, attempt }) => {
      // Port 1 is blocked, so none of these reaches a network.
      const urls = [
        "ws://example.com:1",
        "ws://example.com:1/",
        "WS://EXAMPLE.com:1/Path/../Other",
        "wss://example.com:1/chat?a=b c&d=ä",
        "http://example.com:1/",
        "https://example.com:1/",
        "HTTP://example.com:1/x",
        " \t\nws://example.com:1/trimmed \n",
        "ws://exa\tmple.com:1/in\nside",
        "ws:example.com:1",
        "ws:/example.com:1",
        "ws:///example.com:1",
        "ws:\\\\example.com:1\\a",
        "ws://user:pass@example.com:1/",
        "ws://user@example.com:1/",
        "ws://bücher.example:1/ü?ü",
        "ws://１２７.0.0.1:1/",
        "ws://0x7f.1:1/",
        "ws://[::1]:1/",
        "ws://[0:0:0:0:0:0:0:1]:1/",
        "ws://example.com:00001/",
        "ws://example.com:1/%7e%zz",
        "ws://example.com:1?",
        "ws://example.com:1/?%23",
        "ws://example.com:1/ ",
        "wss://example.com:1/\u{1f600}",
      ];
      for (const given of urls) attempt(given, () => new WebSocket(given).url);
      attempt("URL object", () => new WebSocket(new URL("http://example.com:1/from-object")).url);
      attempt("array", () => new WebSocket(["ws://example.com:1/array"]).url);
      attempt("toString", () => new WebSocket({ toString: () => "ws://example.com:1/object" }).url);
      attempt("lone surrogate", () => new WebSocket("ws://example.com:1/\ud800").url);
      attempt("bar", () => new WebSocket("ws://example.com:1/|").url);
    },
    differences: [
      {
        why: "Chromium escapes a vertical bar in a path; it is not in the URL Standard's path percent-encode set",
        chromium: [["bar", "ws://example.com:1/%7C"]],
        openline: [["bar", "ws://example.com:1/|"]],
      },
    ],
  },
  {
    name: "default ports disappear from url",
    section: "[WS] 3.1",
    client: async ({ WebSocket, attempt }) => {
      for (const given of [
        "ws://127.0.0.1:80/",
        "wss://127.0.0.1:443/",
        "http://127.0.0.1:80/",
        "https://127.0.0.1:443/",
      ]) {
        attempt(given, () => {
          const ws = new WebSocket(given);
          ws.close();
          return ws.url;
        });
      }
    },
  },
  {
    name: "URLs that are refused",
    section: "[WS] 3.1, constructor steps 2 to 7",
    client: async ({ WebSocket, attempt }) => {
      const urls = [
        "ws://",
        "ws:",
        "wss://?",
        "ws:// example.com:1/",
        "ws://exa mple.com:1/",
        "ws://example.com:65536/",
        "ws://example.com:port/",
        "ws://example.com:-1/",
        "ws://[::1/",
        "ws://[::g]/",
        "ws://256.0.0.1/",
        "ws://1.2.3.4.5/",
        "ws://%/",
        "ws://a<b/",
        "ws://example.com/#fragment",
        "ws://example.com/#",
        "http://example.com/#",
        "ftp://example.com/",
        "file:///tmp/socket",
        "mailto:someone@example.com",
        "about:blank",
        "data:text/plain,ws",
        "javascript:void 0",
        "blob:http://example.com/1",
        "wsx://example.com/",
      ];
      for (const given of urls) attempt(given, () => new WebSocket(given));
    },
    differences: ["ws:// example.com:1/", "ws://exa mple.com:1/"].map((given) => ({
      why: "Chromium escapes a space in a host; in the URL Standard it is a forbidden host code point",
      chromium: [[given, "<WebSocket>"]],
      openline: [throws(given, "SyntaxError")],
    })),
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
    name: "relative URLs",
    section: "[WS] 3.1, constructor step 1",
    client: async ({ WebSocket, attempt }) => {
      for (const given of ["", "/chat", "chat", "?", "//example.com:1/", "null", ".."]) {
        attempt(`relative ${given}`, () => {
          const ws = new WebSocket(given);
          ws.close();
          return ws.url.replace(/:\d+/, ":PAGE");
        });
      }
      attempt("undefined", () => {
        const ws = new WebSocket(undefined);
        ws.close();
        return ws.url.replace(/:\d+/, ":PAGE");
      });
    },
    differences: Object.entries(RELATIVE).map(([label, url]) => ({
      why: "a page has a URL that others are relative to; Node has none, so they cannot be parsed",
      chromium: [[label, url]],
      openline: [throws(label, "SyntaxError")],
    })),
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
  {
    name: "userinfo in the URL",
    section: "[WS] 2.1, Fetch 4.6",
    server: answersClose,
    client: async ({ WebSocket, port, next, record }) => {
      for (const userinfo of ["user:pass", "user", ":pass", "us%20er:p%C3%A4ss"]) {
        const ws = new WebSocket(`ws://${userinfo}@127.0.0.1:${port}/`);
        record("url", ws.url);
        await next(ws, "open");
        ws.close(3000, userinfo);
        await next(ws, "close");
      }
    },
    differences: Object.entries(USERINFO).map(([userinfo, credentials]) => {
      const closed: Line = ["wire", { close: 3000, reason: userinfo }];
      const authorization = `Basic ${Buffer.from(credentials).toString("base64")}`;
      return {
        why: "Chromium sends credentials only to a server that asked; without a dialogue to ask with, Node sends them",
        chromium: [["wire", REQUEST], closed],
        openline: [["wire", { ...REQUEST, authorization }], closed],
      };
    }),
  },
  {
    name: "paths and queries as the server reads them",
    section: "[WS] 2.1, RFC 6455 4.1",
    server: answersClose,
    client: async ({ WebSocket, port, next }) => {
      for (const path of [
        "",
        "/",
        "?q",
        "/a b?c d",
        "/ä?ä",
        "/%7e/../x//y",
        "/?a=b&c=%23",
        "/\u{1f600}",
        "/'\"<>`{}",
      ]) {
        const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`);
        await next(ws, "open");
        ws.close();
        await next(ws, "close");
      }
    },
  },
];
