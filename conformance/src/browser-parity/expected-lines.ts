import type { Line } from "./scene.js";

/** Lines that differences state in full. They mirror what the stage records. */

const ATTRIBUTES = {
  isTrusted: true,
  bubbles: false,
  cancelable: false,
  composed: false,
  cancelBubble: false,
  defaultPrevented: false,
  returnValue: true,
  eventPhase: 2,
  targetIsIt: true,
  currentTargetIsIt: true,
  srcElementIsIt: true,
  pathIsIt: true,
  timeStamp: "number",
};

const CLOSED = { readyState: 3, bufferedAmount: 0 };

export const errorEvent: Line = [
  "event",
  { type: "error", tag: "[object Event]", instanceOf: ["Event"], ...ATTRIBUTES, ...CLOSED },
];

export function closeEvent(code: number, reason = "", label = "event"): Line {
  const wasClean = code !== 1006;
  const tag = "[object CloseEvent]";
  const fields = {
    type: "close",
    tag,
    instanceOf: ["Event", "CloseEvent"],
    ...ATTRIBUTES,
    code,
    reason,
    wasClean,
  };
  return [label, { ...fields, ...CLOSED }];
}

export function throws(label: string, exception: "SyntaxError" | "InvalidAccessError" | "TypeError"): Line {
  const isTypeError = exception === "TypeError";
  const code = { SyntaxError: { code: 12 }, InvalidAccessError: { code: 15 }, TypeError: {} }[exception];
  return [
    label,
    "throws",
    { exception, ...code, DOMException: !isTypeError, TypeError: isTypeError, hasMessage: true },
  ];
}

export const returns = (label: string): Line => [label, "<undefined>"];

/** The handshake's request for `/` without subprotocols. */
export const REQUEST = {
  request: "GET / HTTP/1.1",
  keyBytes: 16,
  host: "127.0.0.1:PORT",
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-extensions": "permessage-deflate; client_max_window_bits",
};

export const REQUEST_LINE: Line = ["wire", REQUEST];
