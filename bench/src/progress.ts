import process from "node:process";

export interface Progress {
  readonly show: (what: string) => void;
  readonly advance: () => void;
  /** Prints above the bar. */
  readonly print: (text: string) => void;
  readonly end: () => void;
}

interface CliProgress {
  readonly SingleBar: new (
    options: object,
  ) => {
    start(total: number, value: number, payload: object): void;
    update(payload: object): void;
    increment(): void;
    stop(): void;
  };
}

/** A bar on a terminal; elsewhere only what is printed. */
export async function startProgress(total: number): Promise<Progress> {
  if (!process.stdout.isTTY) {
    return { show() {}, advance() {}, print: (text) => console.log(text), end() {} };
  }
  const name: string = "cli-progress"; // a type of string keeps the compiler from looking for the package
  const { default: library } = (await import(name)) as { default: CliProgress };
  const bar = new library.SingleBar({
    format: "{bar} {value}/{total} runs, {eta_formatted} left  {what}",
    barCompleteChar: "█",
    barIncompleteChar: "░",
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stdout,
  });
  bar.start(total, 0, { what: "" });
  return {
    show: (what) => bar.update({ what }),
    advance: () => bar.increment(),
    print: (text) => {
      process.stdout.write(`\r\u001b[2K${text}\n`);
      bar.update({ what: "" });
    },
    end: () => bar.stop(),
  };
}
