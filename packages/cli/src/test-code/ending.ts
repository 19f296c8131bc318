import type { FrameEvent } from "../recording/connection-event.js";
import type { RecordedConnection } from "../recording/recorded-connection.js";

/** How a test's connection ends: what each side does, and what the client's `close` event shows. */
export interface Ending {
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly expected: { readonly code: number; readonly reason: string; readonly wasClean: boolean };
}

/** As the recorded one did; one that was still open, or that only a browser ends so, is closed by the client. */
export function endingOf({ frames, end }: RecordedConnection): Ending {
  const first = firstClose(frames);
  if (first === undefined) {
    if (end === undefined) return closedByClient(1000, "");
    return {
      server: ["await drained(socket);", "terminate(socket);"],
      client: [],
      expected: { code: 1006, reason: "", wasClean: false },
    };
  }
  const { code, reason } = readClose(first.payload);
  return first.direction === "sent" ? closedByClient(code, reason) : closedByServer(code, reason);
}

function closedByClient(code: number | undefined, reason: string): Ending {
  // 1001 is what a browser sends when its page goes; a program says 1000.
  const own = code === undefined || isForPrograms(code) ? code : 1000;
  return { server: [], client: [`ws.close(${argumentsOf(own, reason)});`], expected: expected(own, reason) };
}

function closedByServer(code: number | undefined, reason: string): Ending {
  if (code === undefined || isForPrograms(code)) {
    return {
      server: [`socket.close(${argumentsOf(code, reason)});`],
      client: [],
      expected: expected(code, reason),
    };
  }
  if (code === 1001 && reason === "") {
    return { server: ["void server.close();"], client: [], expected: expected(code, reason) };
  }
  // Only the protocol itself may say 1002, 1011 and their like.
  const similar = 3000 + code;
  return {
    server: [
      `// The recorded server said ${code}, which a program can't.`,
      `socket.close(${argumentsOf(similar, reason)});`,
    ],
    client: [],
    expected: expected(similar, reason),
  };
}

function firstClose(frames: Iterable<FrameEvent>): FrameEvent | undefined {
  for (const frame of frames) if (frame.opcode === 8) return frame;
  return undefined;
}

/** [6455] 5.5.1 */
function readClose(payload: FrameEvent["payload"]): { code: number | undefined; reason: string } {
  if (!(payload instanceof Uint8Array) || payload.length < 2) return { code: undefined, reason: "" };
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0);
  return { code, reason: new TextDecoder().decode(payload.subarray(2)) };
}

function isForPrograms(code: number): boolean {
  return code === 1000 || (code >= 3000 && code <= 4999);
}

function argumentsOf(code: number | undefined, reason: string): string {
  if (code === undefined) return "";
  return reason === "" ? String(code) : `${code}, ${JSON.stringify(reason)}`;
}

/** The peer answers a close frame with the same code; one without a code shows as 1005. */
function expected(code: number | undefined, reason: string): Ending["expected"] {
  return code === undefined ? { code: 1005, reason: "", wasClean: true } : { code, reason, wasClean: true };
}
