import { closeEvent, REQUEST_LINE, returns, throws } from "./expected-lines.js";
import type { Line, Scene } from "./scene.js";
import { answersClose } from "./servers.js";

const REASON_ONLY = "Chromium refuses a reason without a code; the standard does not, and sends it with 1000";

/** Codes with a fraction: what Chromium makes of them and what the standard does; `undefined` where it is refused. */
const CLAMPED: readonly [given: number, theirs: number | undefined, ours: number | undefined][] = [
  [999.5, undefined, 1000],
  [999.6, undefined, 1000],
  [1000.6, 1000, undefined],
  [2999.5, undefined, 3000],
  [3001.5, 3001, 3002],
  [4999.5, 4999, undefined],
];

function closeCalled(given: number, code: number | undefined): readonly Line[] {
  if (code === undefined) {
    return [throws(`close ${given}`, "InvalidAccessError"), closeEvent(1005, "", `closed ${given}`)];
  }
  return [returns(`close ${given}`), closeEvent(code, "", `closed ${given}`)];
}

export const closeArgumentScenes: readonly Scene[] = [
  {
    name: "codes and reasons that close() refuses",
    section: "[WS] 3.1, close steps 1 to 3; [IDL] Clamp",
    client: async ({ WebSocket, attempt, record }) => {
      const ws = new WebSocket("ws://example.com:1/");
      const codes = [0, 999, 1001, 1002, 1004, 1005, 1006, 1011, 1015, 1016, 2999, 5000, 65535, 65536, -1];
      const others = [
        NaN,
        Infinity,
        -Infinity,
        null,
        "",
        "close",
        "1001",
        "999",
        true,
        false,
        {},
        [],
        () => undefined,
      ];
      for (const code of [...codes, ...others]) attempt(`code ${String(code)}`, () => ws.close(code));
      attempt("symbol", () => ws.close(Symbol("1000")));
      attempt("bigint", () => ws.close(1000n));
      attempt("124 bytes", () => ws.close(1000, "x".repeat(124)));
      attempt("124 bytes in 62 characters", () => ws.close(1000, "ü".repeat(62)));
      attempt("124 bytes in 31 characters", () => ws.close(3000, "\u{1f600}".repeat(31)));
      attempt("lone surrogates count three bytes each", () => ws.close(3000, "\ud800".repeat(42)));
      attempt("bad code and long reason", () => ws.close(999, "x".repeat(124)));
      attempt("reason symbol", () => ws.close(1000, Symbol("reason")));
      attempt("bad code, reason symbol", () => ws.close(999, Symbol("reason")));
      record("still", ws.readyState);
    },
  },
  {
    name: "codes and reasons that close() takes, as the server reads them",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      const args: (readonly unknown[])[] = [
        [],
        [undefined],
        [undefined, undefined],
        [1000],
        [3000],
        [4999],
        ["3001"],
        [{ valueOf: () => 3004 }],
        [[3005]],
        [1000, ""],
        [1000, undefined],
        [1000, null],
        [3000, 7],
        [3000, "ü€\u{1f600}"],
        [3000, "\ud800"],
        [3000, "a\u0000b"],
        [3000, "\ufeffbom"],
        [3000, "x".repeat(123)],
        [3000, "€".repeat(41)],
        [3000, "r", "a third argument"],
      ];
      for (const [index, given] of args.entries()) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${index}`, () => ws.close(...given));
        // Where the arguments are refused the object is still open.
        if (ws.readyState === ws.OPEN) ws.close();
        await closed(`event ${index}`, ws);
      }
    },
  },
  {
    name: "a reason without a code",
    section: "[WS] 3.1, close",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      for (const [label, reason] of Object.entries({
        some: "reason without code",
        empty: "",
        long: "x".repeat(124),
      })) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${label}`, () => ws.close(undefined, reason));
        if (ws.readyState === ws.OPEN) ws.close(4000);
        await closed(`closed ${label}`, ws);
      }
    },
    differences: [
      {
        why: REASON_ONLY,
        chromium: [throws("close some", "InvalidAccessError"), closeEvent(4000, "", "closed some")],
        openline: [returns("close some"), closeEvent(1000, "reason without code", "closed some")],
      },
      {
        why: REASON_ONLY,
        chromium: [throws("close empty", "InvalidAccessError"), closeEvent(4000, "", "closed empty")],
        openline: [returns("close empty"), closeEvent(1005, "", "closed empty")],
      },
      {
        why: REASON_ONLY,
        chromium: [throws("close long", "InvalidAccessError")],
        openline: [throws("close long", "SyntaxError")],
      },
      {
        why: REASON_ONLY,
        chromium: [
          ["wire", { close: 4000, reason: "" }],
          REQUEST_LINE,
          ["wire", { close: 4000, reason: "" }],
          REQUEST_LINE,
        ],
        openline: [
          ["wire", { close: 1000, reason: "reason without code" }],
          REQUEST_LINE,
          ["wire", { close: "no code" }],
          REQUEST_LINE,
        ],
      },
    ],
  },
  {
    name: "codes that are no integers",
    section: "[IDL] 3.2.4.9, ConvertToInt with [Clamp]",
    compareWire: "what is sent follows from the differences, and the close events show it",
    server: answersClose,
    client: async ({ WebSocket, url, attempt, next, closed }) => {
      for (const code of [
        999.4, 999.5, 999.6, 1000.4, 1000.5, 1000.6, 2999.4, 2999.5, 3001.5, 3002.5, 4999.4, 4999.5,
      ]) {
        const ws = new WebSocket(url);
        await next(ws, "open");
        attempt(`close ${code}`, () => ws.close(code));
        if (ws.readyState === ws.OPEN) ws.close();
        await closed(`closed ${code}`, ws);
      }
    },
    differences: CLAMPED.map(([code, theirs, ours]) => ({
      why: "Chromium cuts the fraction off; the standard rounds to the nearest integer, to the even one of two",
      chromium: closeCalled(code, theirs),
      openline: closeCalled(code, ours),
    })),
  },
];
