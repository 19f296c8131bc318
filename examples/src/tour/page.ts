import process from "node:process";
import { styleText } from "node:util";

/** How the tour looks: chapters, lines of code, values in columns. Colours only on a terminal. */

type Style = "bold" | "dim" | "cyan" | "green" | "magenta" | "red" | "yellow";

const indent = "   ";
/** Where values begin, so that they stand below each other. */
const valueColumn = 28;
const lineWidth = 96;

/** `hasColors` minds NO_COLOR, FORCE_COLOR and what the terminal can do; a pipe has no such method. */
const colours = process.stdout.isTTY && process.stdout.hasColors();

let chapters = 0;

function styled(style: Style, text: string): string {
  return colours ? styleText(style, text) : text;
}

function line(text = ""): void {
  process.stdout.write(`${text.trimEnd()}\n`);
}

/** Breaks a text into lines of at most `width`. */
function wrap(text: string, width: number): string[] {
  const rows: string[] = [];
  let row = "";
  for (const word of text.split(" ")) {
    if (row !== "" && row.length + 1 + word.length > width) {
      rows.push(row);
      row = "";
    }
    row += row === "" ? word : ` ${word}`;
  }
  return [...rows, row];
}

export function title(text: string, beside: string): void {
  line(`${styled("bold", text)}${beside.padStart(lineWidth - text.length)}`);
  line();
}

export function chapter(name: string): void {
  chapters++;
  line();
  line(styled("bold", styled("cyan", `${chapters}  ${name}`)));
}

/** A paragraph. */
export function say(text: string): void {
  for (const row of wrap(text, lineWidth - indent.length)) line(`${indent}${row}`);
}

/** A line of the program that runs now. */
export function code(text: string): void {
  line();
  line(`${indent}${styled("yellow", text)}`);
}

/** A name and its value, in columns. */
export function value(name: string, text: string): void {
  const [first = "", ...rest] = wrap(text, lineWidth - indent.length - 2 - valueColumn);
  line(`${indent}  ${name.padEnd(valueColumn)}${styled("green", first)}`);
  for (const row of rest) line(`${indent}  ${" ".repeat(valueColumn)}${styled("green", row)}`);
}

/** What came with an event: a heading, what is the event's own, and what every event has, in three columns. */
export function eventTable(
  heading: string,
  own: readonly (readonly [string, string])[],
  common: readonly (readonly [string, string])[],
): void {
  line(`${indent}${styled("magenta", heading)}`);
  for (const [name, text] of own) value(name, text);
  const columns = 3;
  const nameWidth = 17;
  const cellWidth = valueColumn + 3;
  const rows = Math.ceil(common.length / columns);
  for (let row = 0; row < rows; row++) {
    const inRow = common.filter((_, index) => index % rows === row);
    const cells = inRow.map(
      ([name, text]) =>
        `${styled("dim", name.padEnd(nameWidth))}${styled("green", text.padEnd(cellWidth - nameWidth))}`,
    );
    line(`${indent}  ${cells.join("")}`);
  }
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((text, column) =>
    Math.max(text.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const cells = (row: readonly string[]) => row.map((text, column) => text.padEnd((widths[column] ?? 0) + 3));
  line(`${indent}  ${styled("dim", cells(head).join("").trimEnd())}`);
  for (const row of rows) {
    const [first = "", ...rest] = cells(row);
    line(`${indent}  ${first}${styled("green", rest.join("").trimEnd())}`);
  }
}

export function ending(good: boolean, text: string): void {
  line();
  line(styled("bold", styled(good ? "green" : "red", text)));
}

/** What else there is to do. */
export function nextStep(text: string, command: string): void {
  line(`${text} ${styled("cyan", command)}`);
}

export function complaint(text: string): void {
  line(`${indent}${styled("red", `not as it should be: ${text}`)}`);
}
