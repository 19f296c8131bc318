import { isApplicationCloseCode } from "../protocol/close-code.js";
import { maxReasonBytes } from "../protocol/close-frame.js";
import { invalidAccessError, syntaxError } from "./exceptions.js";

/**
 * The code that goes with `reason`, or none for neither. [WS] close(code, reason), steps 1 to 3
 * @throws DOMException InvalidAccessError for a code that a program may not send, SyntaxError for a longer reason.
 */
export function checkCloseArguments(code: number | undefined, reason: string): number | undefined {
  if (code !== undefined && !isApplicationCloseCode(code)) {
    throw invalidAccessError(`The close code is ${code}, but must be 1000 or from 3000 to 4999`);
  }
  const length = Buffer.byteLength(reason);
  if (length > maxReasonBytes) {
    throw syntaxError(`The close reason has ${length} bytes, but at most ${maxReasonBytes} are allowed`);
  }
  // A reason can't be sent without a code, and the standard does not say which: 1000. Chromium refuses it.
  return code ?? (reason === "" ? undefined : 1000);
}
