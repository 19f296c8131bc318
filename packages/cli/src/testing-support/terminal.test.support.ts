import process from "node:process";
import { stripVTControlCharacters } from "node:util";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import type { CommandOptions } from "./command.test.support.js";
import { commandEnvironment, commandFile, endWithTests } from "./command-environment.test.support.js";
import { escaped } from "./escaped.test.support.js";
import { within } from "./guard.test.support.js";

export interface TerminalOptions extends CommandOptions {
  /** Default 100. */
  readonly columns?: number;
  /** Default 40. */
  readonly rows?: number;
}

/** Keys that aren't characters, as a terminal sends them. */
export const keys = {
  enter: "\r",
  tab: "\t",
  up: "\x1b[A",
  down: "\x1b[B",
  left: "\x1b[D",
  backspace: "\x7f",
  /** Control and C. */
  interrupt: "\x03",
  /** Control and D: the end of the input. */
  endOfInput: "\x04",
} as const;

/** The command in a pseudo-terminal: what a user types and sees. */
export class TerminalCommand {
  readonly #pty: IPty;
  readonly #ended: Promise<{ code: number; signal: number | undefined }>;
  readonly #screen: xterm.Terminal;
  readonly #watchers = new Set<() => void>();
  #raw = "";
  #seen = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(args: readonly string[], options: TerminalOptions) {
    const { env, nodeArguments = [], columns = 100, rows = 40 } = options;
    this.#screen = new xterm.Terminal({ cols: columns, rows, scrollback: 10_000, allowProposedApi: true });
    this.#pty = spawn(process.execPath, [...nodeArguments, commandFile, ...args], {
      name: env?.["TERM"] ?? "xterm-256color",
      cols: columns,
      rows,
      env: commandEnvironment(env),
    });
    const forget = endWithTests(() => this.#pty.kill("SIGKILL"));
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#written = new Promise((resolve) => this.#screen.write(data, resolve));
      void this.#written.then(() => this.#look());
    });
    this.#ended = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        forget();
        resolve({ code: exitCode, signal: signal === 0 ? undefined : signal });
      });
    });
    void this.#ended.then(() => this.#look());
  }

  /** All that was written to the terminal, with its control sequences. */
  get raw(): string {
    return this.#raw;
  }

  /** The lines of the screen and of what has scrolled out of it, without spaces and empty lines at the end. */
  get lines(): string[] {
    const { active } = this.#screen.buffer;
    const lines: string[] = [];
    for (let row = 0; row < active.length; row += 1) {
      const line = active.getLine(row);
      const text = line?.translateToString(true) ?? "";
      // A long line of the program is several rows.
      if (line?.isWrapped) lines.push((lines.pop() ?? "") + text);
      else lines.push(text);
    }
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  /** The line that the cursor is in: what is being typed. */
  get currentLine(): string {
    const { active } = this.#screen.buffer;
    return active.getLine(active.baseY + active.cursorY)?.translateToString(true) ?? "";
  }

  /** Of the process. */
  get pid(): number {
    return this.#pty.pid;
  }

  /** Types as a user would, keys included. */
  type(text: string): void {
    this.#pty.write(text);
  }

  /** Types a line and the Enter key. */
  enter(line: string): void {
    this.type(line + keys.enter);
  }

  /** Waits for a text in the output without its control sequences, after what was waited for before. */
  async waitFor(wanted: string | RegExp): Promise<RegExpExecArray> {
    const expression = typeof wanted === "string" ? new RegExp(escaped(wanted)) : wanted;
    return this.#watch(String(wanted), () => {
      const text = stripVTControlCharacters(this.#raw);
      const found = expression.exec(text.slice(this.#seen));
      if (found === null) return undefined;
      this.#seen += found.index + found[0].length;
      return found;
    });
  }

  /** Waits until the screen looks as wanted. */
  async waitForScreen(what: string, isWanted: (terminal: this) => boolean): Promise<void> {
    await this.#watch(what, () => (isWanted(this) ? true : undefined));
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: NodeJS.Signals): void {
    this.#pty.kill(signal);
  }

  /** With what it has ended; one that doesn't is an error. */
  async end(): Promise<{ code: number; signal: number | undefined }> {
    const end = await within(this.#ended, () => this.#describe("its end"));
    await this.#written;
    return end;
  }

  async #watch<T>(what: string, look: () => T | undefined): Promise<T> {
    let watcher: (() => void) | undefined;
    const found = new Promise<T>((resolve) => {
      watcher = () => {
        const result = look();
        if (result !== undefined) resolve(result);
      };
      this.#watchers.add(watcher);
      watcher();
    });
    try {
      return await within(found, () => this.#describe(what));
    } finally {
      if (watcher !== undefined) this.#watchers.delete(watcher);
    }
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #describe(wanted: string): string {
    return `${wanted}\nscreen:\n${this.lines.join("\n")}`;
  }
}

/** Starts the command in a pseudo-terminal. */
export function terminal(args: readonly string[], options: TerminalOptions = {}): TerminalCommand {
  return new TerminalCommand(args, options);
}
