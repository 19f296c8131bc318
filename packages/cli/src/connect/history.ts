import { appendFileSync, chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

/** Lines that are kept between two runs; the file may grow to twice as many before it is cut. */
const mostLines = 1000;

/** Words that speak of credentials, and what looks like one: a JSON Web Token, or a long run of letters and digits. */
const secret =
  /auth|bearer|credential|jwt|pass|secret|session|signature|token|api.?key|eyJ[\w-]{8}|(?=[\w+/=-]*\d)(?=[\w+/=-]*[a-z])[\w+/=-]{32}/i;

/** Whether a line may be kept: none that may hold a credential, and none that begins with a space, as in a shell. */
export function mayBeKept(line: string): boolean {
  return line.trim() !== "" && !line.startsWith(" ") && !secret.test(line);
}

/** Where what is typed is kept. */
export function historyFile(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  const state =
    process.platform === "win32"
      ? (LOCALAPPDATA ?? join(homedir(), "AppData", "Local"))
      : (XDG_STATE_HOME ?? join(homedir(), ".local", "state"));
  return join(state, "openline", "history");
}

/** What was typed in earlier runs. A history that can't be read or written is none: nobody is kept from working. */
export class History {
  readonly #file: string;

  constructor(file: string = historyFile()) {
    this.#file = file;
  }

  /** The lines, the oldest first. */
  read(): string[] {
    try {
      const lines = readFileSync(this.#file, "utf8")
        .split("\n")
        .filter((line) => line !== "");
      const last = lines.slice(-mostLines);
      if (lines.length > 2 * mostLines) this.#replace(last);
      return last;
    } catch {
      return [];
    }
  }

  /** Keeps a line, if it may be kept. Runs at the same time add to the same file. */
  add(line: string): void {
    if (!mayBeKept(line)) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
      appendFileSync(this.#file, `${line}\n`, { mode: 0o600 });
      // The mode above is for a new file only.
      chmodSync(this.#file, 0o600);
    } catch {
      // As above.
    }
  }

  #replace(lines: readonly string[]): void {
    const next = `${this.#file}.${process.pid}`;
    writeFileSync(next, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx" });
    renameSync(next, this.#file);
  }
}
