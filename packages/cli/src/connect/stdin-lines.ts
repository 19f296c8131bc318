import { readSync } from "node:fs";
import process from "node:process";
import type { Readable } from "node:stream";
import { TextDecoder } from "node:util";

/** The text isn't UTF-8. */
export class NotUtf8 extends Error {}

/** Whether there is input at this moment that has not been read. Asked where nothing is to be read any more. */
export function isInputLeft(): boolean {
  const { stdin } = process;
  if (stdin.readableLength > 0) return true;
  // A terminal's input belongs to whoever reads it next, and a pipe of Windows would be waited for.
  if (stdin.isTTY || stdin.readableEnded || process.platform === "win32") return false;
  try {
    return readSync(0, new Uint8Array(1)) > 0;
  } catch {
    // Nothing is there yet.
    return false;
  }
}

/** A chunk's lines together. LF or CR LF ends a line; what follows the last one is a line if there is anything. */
export async function* linesOf(input: Readable): AsyncGenerator<string[]> {
  // It takes a mark of the byte order at the start away.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let parts: string[] = [];
  for await (const chunk of input) {
    const lines = decode(decoder, chunk as Buffer, true).split("\n");
    const last = lines.pop() ?? "";
    // A line that goes through many chunks is put together once.
    if (lines.length > 0) {
      lines[0] = parts.join("") + lines[0];
      parts = [];
      yield lines.map(withoutReturn);
    }
    if (last !== "") parts.push(last);
  }
  const rest = parts.join("") + decode(decoder, new Uint8Array(), false);
  if (rest !== "") yield [withoutReturn(rest)];
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch {
    throw new NotUtf8();
  }
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
