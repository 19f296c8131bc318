import { isJson } from "../terminal/json-layout.js";
import { visibleLine } from "../terminal/visible-text.js";

/**
 * A message as one line. Binary becomes hex digits. Text stays as it is, but for line breaks: in JSON they are no more
 * than space and become one, elsewhere they become `\n` and `\r`.
 * @param isTerminal whether it is shown on a terminal: then nothing in it may drive that.
 */
export function messageLine(data: string | ArrayBuffer, isTerminal: boolean): string {
  if (typeof data !== "string") return Buffer.from(data).toString("hex");
  const line = /[\r\n]/.test(data) ? withoutLineBreaks(data) : data;
  return isTerminal ? visibleLine(line) : line;
}

function withoutLineBreaks(text: string): string {
  if (isJson(text)) return text.replace(/[\r\n]+/g, " ").trim();
  return text.replaceAll("\r", "\\r").replaceAll("\n", "\\n");
}
