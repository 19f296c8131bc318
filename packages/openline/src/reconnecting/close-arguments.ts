import { byteLength } from "./outgoing-message.js";

/** Refuses what the standard's `close` does, for want of a connection that would. [WS] 3.1 */
export function checkCloseArguments(code = 1000, reason = ""): void {
  if (code !== 1000 && !(code >= 3000 && code < 5000)) {
    throw new DOMException(`Close code ${code}`, "InvalidAccessError");
  }
  if (byteLength(reason) > 123) throw new DOMException("Reason longer than 123 bytes", "SyntaxError");
}
