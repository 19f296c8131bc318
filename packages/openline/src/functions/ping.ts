import { asBytes, type Bytes } from "../protocol/buffer.js";
import { ReadyState } from "../websocket/session.js";
import type { WebSocket } from "../websocket/websocket.js";
import { onEnding, reasonOf } from "./ending.js";
import { ownSession } from "./own-session.js";
import { PendingPings } from "./pending-pings.js";

/** What a control frame may carry. [6455] 5.5 */
const maxPayload = 125;

const pending = new WeakMap<WebSocket, PendingPings>();
let pings = 0;

/**
 * Sends a ping and resolves with the milliseconds until its pong. Many may be under way; a pong answers the earlier ones
 * with it, as the RFC allows.
 * @param data up to 125 bytes, a string as UTF-8. Without it each ping has a payload of its own.
 * @throws DOMException InvalidStateError unless the object is OPEN; TypeError for other data; RangeError for too much;
 * the error of the connection, or a `ClosedError`, where it ends first.
 */
export async function ping(ws: WebSocket, data?: string | ArrayBuffer | ArrayBufferView): Promise<number> {
  const session = ownSession(ws, "ping");
  const payload = readPayload(data);
  if (session.readyState !== ReadyState.Open) {
    throw new DOMException("ping: the connection is not open", "InvalidStateError");
  }
  let waiting = pending.get(ws);
  if (waiting === undefined) {
    const fresh = new PendingPings();
    waiting = fresh;
    pending.set(ws, fresh);
    session.onPong = (pong) => fresh.answered(pong);
    onEnding(ws, (...ending) => fresh.fail(reasonOf("The connection ended before the pong came", ...ending)));
  }
  const roundTrip = waiting.add(payload);
  session.sendPing(payload);
  return roundTrip;
}

function readPayload(data: unknown): Bytes {
  if (data === undefined) {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(++pings >>> 0);
    return payload as Bytes;
  }
  if (typeof data !== "string" && !(data instanceof ArrayBuffer) && !ArrayBuffer.isView(data)) {
    throw new TypeError(
      `ping: the data is of type ${typeof data}, but must be a string, an ArrayBuffer or a view`,
    );
  }
  const payload = typeof data === "string" ? Buffer.from(data) : Buffer.from(asBytes(data));
  if (payload.length <= maxPayload) return payload as Bytes;
  throw new RangeError(`ping: the data has ${payload.length} bytes, but at most ${maxPayload} are allowed`);
}
