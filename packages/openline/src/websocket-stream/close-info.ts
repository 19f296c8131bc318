import { checkCloseArguments } from "../websocket/close-arguments.js";

/** How a connection ends: what `close` and the constructor of `WebSocketError` take. */
export interface WebSocketCloseInfo {
  /** 1000, or 3000 to 4999; without it, and without a reason, the peer sees no code. */
  readonly closeCode?: number | undefined;
  /** At most 123 bytes of UTF-8. */
  readonly reason?: string | undefined;
}

/** How a connection is to end, checked. */
export interface CloseWish {
  readonly code: number | undefined;
  readonly reason: string;
}

/**
 * [IDL] 3.2.17, conversion to the dictionary `WebSocketCloseInfo`, and the checks that follow it.
 * @throws TypeError for what is no dictionary; DOMException InvalidAccessError for a code that a program may not send,
 * SyntaxError for a reason that is too long.
 */
export function readCloseInfo(info: unknown, caller: string): CloseWish {
  if (info === undefined || info === null) return { code: undefined, reason: "" };
  if (typeof info !== "object" && typeof info !== "function") {
    throw new TypeError(`${caller}: the close information is not an object`);
  }
  const { closeCode, reason } = info as WebSocketCloseInfo;
  const code = closeCode === undefined ? undefined : toCloseCode(closeCode);
  return checkCloseWish(code, reason === undefined ? "" : `${reason}`.toWellFormed());
}

/** @throws DOMException as `readCloseInfo`. */
export function checkCloseWish(code: number | undefined, reason: string): CloseWish {
  return { code: checkCloseArguments(code, reason), reason };
}

/** [IDL] 3.2.4.9 with [Clamp], but in a dictionary Chromium cuts fractions off where it rounds arguments. */
function toCloseCode(value: unknown): number {
  // Unlike `Number`, the operator refuses a BigInt, as the IDL does.
  const number = Math.min(Math.max(+(value as number), 0), 0xffff);
  return Number.isNaN(number) ? 0 : Math.trunc(number);
}
