import { isUtf8 } from "node:buffer";
import { allocate, type Bytes, noBytes } from "./buffer.js";
import { CloseCode, isWireCloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";

/** A control frame's payload ends here. [6455] 5.5 */
const maxControlPayload = 125;

/** The longest reason that fits beside the code. */
export const maxReasonBytes = maxControlPayload - 2;

/** What a close frame says; 1005 and "" where its body is empty. */
export interface CloseStatus {
  readonly code: number;
  readonly reason: string;
}

/** Reads the body of a close frame. [6455] 5.5.1, 7.4 */
export function readCloseBody(bytes: Bytes, start: number, end: number): CloseStatus {
  if (start === end) return { code: CloseCode.NoStatusReceived, reason: "" };
  if (end - start === 1) throw closeFrameError("A close frame has a body of one byte");
  const code = bytes.readUInt16BE(start);
  if (!isWireCloseCode(code))
    throw closeFrameError(`A close frame carries ${code}, a code that may not be sent`);
  if (!isUtf8(bytes.subarray(start + 2, end))) {
    throw new ConnectionError(
      "ERR_WS_INVALID_UTF8",
      CloseCode.InvalidPayload,
      "The reason in a close frame is not valid UTF-8",
    );
  }
  return { code, reason: bytes.utf8Slice(start + 2, end) };
}

/** Builds the body of a close frame; without a code it stays empty. [6455] 5.5.1 */
export function buildCloseBody(code: number | undefined, reason: string): Bytes {
  if (code === undefined) return noBytes;
  const body = allocate(2 + Buffer.byteLength(reason));
  body.writeUInt16BE(code, 0);
  body.utf8Write(reason, 2, body.length - 2);
  return body;
}

function closeFrameError(message: string): ConnectionError {
  return new ConnectionError("ERR_WS_CLOSE_FRAME", CloseCode.ProtocolError, message);
}
