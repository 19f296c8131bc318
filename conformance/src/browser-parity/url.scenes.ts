import { REQUEST, throws } from "./expected-lines.js";
import type { Line, Scene } from "./scene.js";
import { answersClose } from "./servers.js";

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

export const urlScenes: readonly Scene[] = [
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
