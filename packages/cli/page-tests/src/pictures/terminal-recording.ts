import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

/** Characters that look the same, and stand side by side. */
export interface Span {
  readonly text: string;
  /** In cells. */
  readonly column: number;
  readonly width: number;
  /** Of the terminal's 256 colours; undefined for its own. */
  readonly colour: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

/** A row of the screen as it was in the end, and when it became so. */
export interface RecordedRow {
  readonly spans: readonly Span[];
  /** Milliseconds since the beginning. */
  readonly time: number;
}

export interface RecordedScreen {
  readonly columns: number;
  readonly rows: readonly RecordedRow[];
  readonly duration: number;
}

/** What somebody types, and what they see before they do. */
export interface Keystrokes {
  readonly after: RegExp;
  readonly line: string;
}

const columns = 92;
const height = 30;

/** Runs a command in a pseudo-terminal, types at it, and tells what was to be seen. */
export async function recordTerminal(
  args: readonly string[],
  prompt: string,
  keystrokes: readonly Keystrokes[],
): Promise<RecordedScreen> {
  const screen = new xterm.Terminal({ cols: columns, rows: height, allowProposedApi: true });
  const start = performance.now();
  const now = () => performance.now() - start;
  const since: { text: string; time: number }[] = [];
  const look = () => {
    for (const [row, text] of textRows(screen).entries()) {
      if (since[row]?.text !== text) since[row] = { text, time: now() };
    }
  };
  const write = (data: string) => new Promise<void>((resolve) => screen.write(data, () => resolve(look())));
  const typed = async (text: string, type: (character: string) => void | Promise<void>) => {
    for (const character of text) {
      await type(character);
      await sleep(45);
    }
  };

  // The shell's own part.
  await write("\x1b[1;32m$\x1b[0m ");
  await typed(prompt, write);
  await sleep(300);
  await write("\r\n");
  const [file = "", ...rest] = args;
  const pty = spawn(file, rest, { name: "xterm-256color", cols: columns, rows: height, env: environment() });
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  pty.onData((data) => void write(data));
  for (const { after, line } of keystrokes) {
    const guard = now() + 20_000;
    while (!after.test(textRows(screen).join("\n"))) {
      if (now() > guard) throw new Error(`${after} was never seen:\n${textRows(screen).join("\n")}`);
      await sleep(20);
    }
    await sleep(700);
    await typed(line, (character) => pty.write(character));
    await sleep(250);
    pty.write("\r");
  }
  await ended;
  await write("");

  const texts = textRows(screen);
  const rows = texts.map((_text, row) => ({ spans: spansOf(screen, row), time: since[row]?.time ?? 0 }));
  while (rows.at(-1)?.spans.length === 0) rows.pop();
  return { columns, rows, duration: now() };
}

function environment(): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, TERM: "xterm-256color", LANG: "en_US.UTF-8" };
}

function textRows(screen: xterm.Terminal): string[] {
  const { active } = screen.buffer;
  return Array.from(
    { length: active.length },
    (_, row) => active.getLine(row)?.translateToString(true) ?? "",
  );
}

function spansOf(screen: xterm.Terminal, row: number): Span[] {
  const line = screen.buffer.active.getLine(row);
  const spans: Span[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const text = cell.getChars() || " ";
    const colour = cell.isFgPalette() ? cell.getFgColor() : undefined;
    const isBold = cell.isBold() !== 0;
    const isDim = cell.isDim() !== 0;
    const last = spans.at(-1);
    if (last?.colour === colour && last?.isBold === isBold && last?.isDim === isDim) {
      spans[spans.length - 1] = { ...last, text: last.text + text, width: last.width + cell.getWidth() };
    } else spans.push({ text, column, width: cell.getWidth(), colour, isBold, isDim });
  }
  return spans.filter(({ text }) => text.trim() !== "");
}
