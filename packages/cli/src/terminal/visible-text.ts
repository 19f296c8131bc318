// What a peer sends may move the cursor, change the title, answer in the user's place or turn the text's direction: none
// of it reaches the terminal.

/**
 * Controls (C0, DEL, C1), what changes the direction of text or hides it, line and paragraph separators, and halves of
 * surrogate pairs. Tabs and line feeds are controls, too. Joiners stay: writing needs them.
 */
const unsafe =
  /[\p{Cc}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** A text on one line: what isn't safe to show becomes `\n`, `\x1b`, `\u202e`. */
export function visibleLine(text: string): string {
  return text.replace(unsafe, escaped);
}

/** A text as lines; tabs stay. */
export function visibleLines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(unsafe, (character) => (character === "\t" ? "\t" : escaped(character))));
}

const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return shortEscapes[character] ?? `\\x${digits.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, "0")}` : `\\u{${digits}}`;
}
