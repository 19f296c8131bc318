import process from "node:process";
import { clearScreenDown, createInterface, type Interface, moveCursor } from "node:readline";

export interface LineEditorOptions {
  /** The oldest first. */
  readonly history: readonly string[];
  /** What may stand in place of the end of a line, and that end. */
  readonly complete: (line: string) => [hits: string[], end: string];
  readonly onLine: (line: string) => void;
  /** Control and C. */
  readonly onInterrupt: () => void;
  /** Control and D. */
  readonly onEnd: () => void;
}

/** A line to type on, below everything else that is shown. */
export class LineEditor {
  readonly #readline: Interface;
  /** A terminal that can't move its cursor. */
  readonly #isDumb = process.env["TERM"] === "dumb";
  #pending: string[] = [];
  #isScheduled = false;
  #isClosed = false;

  constructor({ history, complete, onLine, onInterrupt, onEnd }: LineEditorOptions) {
    const readline = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: "> ",
      history: history.toReversed(),
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: complete,
    });
    this.#readline = readline;
    readline.on("line", (line) => {
      onLine(line);
      this.#flush();
      if (!this.#isClosed) readline.prompt();
    });
    readline.on("SIGINT", onInterrupt);
    readline.on("SIGCONT", () => readline.prompt(true));
    readline.on("close", () => {
      if (this.#isClosed) return;
      this.#clear();
      // From here on a prompt would read the terminal again.
      this.#isClosed = true;
      onEnd();
    });
    readline.prompt();
    // What is pasted is written without readline's noticing that it goes over several rows.
    process.stdin.on("data", this.#noteRows);
  }

  /** Shows a text above the line that is being typed. */
  print(text: string): void {
    if (this.#isClosed) {
      process.stdout.write(`${text}\n`);
      return;
    }
    this.#pending.push(text);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#flush();
      if (!this.#isClosed) this.#readline.prompt(true);
    });
  }

  /** Gives the terminal back. */
  close(): void {
    process.stdin.off("data", this.#noteRows);
    if (this.#isClosed) return;
    this.#clear();
    this.#flush();
    this.#isClosed = true;
    this.#readline.close();
  }

  /** Tells readline in which of the line's rows the cursor is: it goes up that many when it shows the line again. */
  #setRows(rows: number): void {
    Reflect.set(this.#readline, "prevRows", rows);
  }

  readonly #noteRows = (): void => this.#setRows(this.#readline.getCursorPos().rows);

  /** Writes what is to be shown where the line being typed stood; the line has to be shown again after it. */
  #flush(): void {
    this.#isScheduled = false;
    if (this.#pending.length === 0) return;
    const text = `${this.#pending.join("\n")}\n`;
    this.#pending = [];
    this.#clear();
    process.stdout.write(text);
  }

  /** Takes the line being typed off the screen. */
  #clear(): void {
    if (this.#isDumb || this.#isClosed) return;
    const { rows } = this.#readline.getCursorPos();
    moveCursor(process.stdout, 0, -rows);
    process.stdout.write("\r");
    clearScreenDown(process.stdout);
    this.#setRows(0);
  }
}
