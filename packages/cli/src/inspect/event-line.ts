import { cyan, dim, green, red, yellow } from "ansis";
import type { ConnectionEvent, FrameEvent } from "../recording/connection-event.js";
import { describe } from "../serve/log.js";
import { formatBytes, formatTime } from "../terminal/quantities.js";
import { visibleLine } from "../terminal/visible-text.js";

/** An event as a line for people, in the form of `openline serve`; `undefined` for what another line tells as well. */
export function eventLine(event: ConnectionEvent): string | undefined {
  const shown = event.kind === "frame" ? describeFrame(event) : describeOther(event);
  if (shown === undefined) return undefined;
  return `${dim(formatTime(event.time))} ${dim(`#${event.connection}`)} ${shown}`;
}

function describeOther(event: Exclude<ConnectionEvent, FrameEvent>): string {
  if (event.kind === "request") {
    const url = event.url.replaceAll("%28hidden%29", "(hidden)");
    return `${yellow("request")} ${visibleLine(`${event.method} ${url}`)}`;
  }
  if (event.kind === "response") {
    const extensions = event.headers.find(([name]) => name.toLowerCase() === "sec-websocket-extensions")?.[1];
    const parts = [String(event.status), event.statusText, extensions ?? ""];
    return `${yellow("response")} ${visibleLine(parts.filter((part) => part !== "").join(" "))}`;
  }
  const { code, reason, wasClean, error } = event;
  const end = describe({ event: "close", connection: event.connection, fields: { code, reason, wasClean } });
  return error === undefined ? end : `${end} ${red(visibleLine(error))}`;
}

const names: Readonly<Record<number, "ping" | "pong">> = { 9: "ping", 10: "pong" };

function describeFrame(frame: FrameEvent): string | undefined {
  const { direction, opcode, length, payload, connection } = frame;
  // The end tells it.
  if (opcode === 8) return undefined;
  if (payload === undefined) {
    const sign = direction === "sent" ? cyan("→") : green("←");
    return `${sign} ${frame.fin ? "last frame" : "fragment"} ${dim(formatBytes(length))}`;
  }
  const content =
    typeof payload === "string"
      ? { type: "text", size: Buffer.byteLength(payload), data: payload }
      : { type: "binary", size: payload.length, base64: Buffer.from(payload).toString("base64") };
  return describe({ event: names[opcode] ?? "message", connection, fields: { direction, ...content } });
}
