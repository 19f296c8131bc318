/** What stays on one line. */
const shortest = 60;

/** What a part of a JSON text is, for colours. */
export type JsonToken = "key" | "string" | "number" | "word" | "punctuation";

const token = /\s+|"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/**
 * The lines of a JSON text, indented. Numbers and strings stay as the peer wrote them: they don't pass through
 * JavaScript's values, which would round 12345678901234567890. Undefined for what is no JSON object or array.
 */
export function layOutJson(
  text: string,
  paint: (token: string, type: JsonToken) => string = (part) => part,
): string[] | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) return undefined;
  const tokens = (text.match(token) ?? []).filter((part) => part.trim() !== "");
  const lines: string[] = [];
  let line = "";
  let depth = 0;
  const end = (): void => {
    lines.push(line);
    line = "  ".repeat(depth);
  };
  for (let i = 0; i < tokens.length; i += 1) {
    const part = tokens[i] ?? "";
    if (part === "{" || part === "[") {
      const length = lengthOnOneLine(tokens, i);
      if (length !== undefined) {
        line += onOneLine(tokens.slice(i, i + length), paint);
        i += length - 1;
        continue;
      }
      line += paint(part, "punctuation");
      depth += 1;
      end();
    } else if (part === "}" || part === "]") {
      depth -= 1;
      end();
      line += paint(part, "punctuation");
    } else if (part === ",") {
      line += paint(part, "punctuation");
      end();
    } else if (part === ":") line += `${paint(part, "punctuation")} `;
    else line += paint(part, typeOf(part, tokens[i + 1]));
  }
  lines.push(line);
  return lines;
}

/** What is wrong with a text that ought to be JSON; undefined if nothing is. */
export function jsonMistake(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export function isJson(text: string): boolean {
  return jsonMistake(text) === undefined;
}

/** How many tokens an object or array has that is short enough to stay on one line. */
function lengthOnOneLine(tokens: readonly string[], start: number): number | undefined {
  let depth = 0;
  let characters = 0;
  for (let i = start; i < tokens.length && characters <= shortest; i += 1) {
    const part = tokens[i] ?? "";
    characters += part.length + (part === "," || part === ":" ? 1 : 0);
    if (part === "{" || part === "[") depth += 1;
    if (part === "}" || part === "]") depth -= 1;
    if (depth === 0) return characters <= shortest ? i - start + 1 : undefined;
  }
  return undefined;
}

function onOneLine(tokens: readonly string[], paint: (token: string, type: JsonToken) => string): string {
  return tokens
    .map((part, i) => {
      if (part === "," || part === ":") return `${paint(part, "punctuation")} `;
      return paint(part, typeOf(part, tokens[i + 1]));
    })
    .join("");
}

function typeOf(part: string, next: string | undefined): JsonToken {
  if (/^[{}[\]]/.test(part)) return "punctuation";
  if (part.startsWith('"')) return next === ":" ? "key" : "string";
  return /^[-\d]/.test(part) ? "number" : "word";
}
