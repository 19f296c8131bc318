import type { FrameEvent } from "../recording/connection-event.js";
import type { HarConnection } from "../recording/har-reader.js";

/** A message's content. */
export type MessageData = string | Uint8Array;

/** Which side of a recording is played. */
export type Role = "client" | "server";

/** A message of a recording. */
export interface Step {
  /** Whether the played side has sent it; else it is expected. */
  readonly isOwn: boolean;
  /** Milliseconds since the connection was open. */
  readonly time: number;
  readonly data: MessageData;
  /** Messages of the other side before it. */
  readonly expectedBefore: number;
}

/** How a recorded connection has ended. */
export interface SceneEnd {
  /** Who has sent the first close frame; `nobody` if it was cut. */
  readonly by: "own" | "other" | "nobody";
  readonly time: number;
  readonly code: number;
  readonly reason: string;
}

/** What is played, and what is expected to come. */
export interface Scene {
  readonly role: Role;
  readonly steps: readonly Step[];
  /** Absent where the recording doesn't tell, as those of browsers. */
  readonly end: SceneEnd | undefined;
}

const closeOpcode = 0x8;

export function isMessage(frame: FrameEvent): frame is FrameEvent & { readonly payload: MessageData } {
  return frame.opcode < closeOpcode && frame.payload !== undefined;
}

/** A connection as one of its sides has seen it. */
export function sceneOf({ response, request, frames, end }: HarConnection, role: Role): Scene {
  const own = role === "client" ? "sent" : "received";
  const start = response?.time ?? request?.time ?? frames[0]?.time ?? 0;
  const steps: Step[] = [];
  let expectedBefore = 0;
  for (const frame of frames) {
    if (!isMessage(frame)) continue;
    const isOwn = frame.direction === own;
    steps.push({ isOwn, time: frame.time - start, data: frame.payload, expectedBefore });
    if (!isOwn) expectedBefore += 1;
  }
  return { role, steps, end: endOf(frames, end, own, start) };
}

function endOf(
  frames: readonly FrameEvent[],
  end: HarConnection["end"],
  own: FrameEvent["direction"],
  start: number,
): SceneEnd | undefined {
  const close = frames.find(({ opcode }) => opcode === closeOpcode);
  if (close !== undefined) {
    const by = close.direction === own ? "own" : "other";
    return { by, time: close.time - start, ...readClose(close.payload) };
  }
  if (end === undefined) return undefined;
  const { code, reason, time } = end;
  return { by: "nobody", time: time - start, code, reason };
}

/** [6455] 5.5.1 */
function readClose(payload: FrameEvent["payload"]): { code: number; reason: string } {
  const body = Buffer.from(payload ?? "");
  if (body.length < 2) return { code: 1005, reason: "" };
  return { code: body.readUInt16BE(), reason: body.toString("utf8", 2) };
}
