/** A number that a JavaScript number can't hold, as it was written. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A line of the tree: a value with its key, or a part of a long list. */
export interface JsonRow {
  /** Its name in the tree, stable as others open and close. */
  readonly path: string;
  readonly level: number;
  /** Absent with the root. */
  readonly key: string | undefined;
  readonly value: unknown;
  /** Entries of a value that can be opened; else undefined. */
  readonly entries: number | undefined;
  /** Which part of its parent's entries this is. */
  readonly range: readonly [from: number, to: number] | undefined;
  readonly position: number;
  readonly siblings: number;
}

/** Longer lists come in parts, so that opening one never makes a row for each of a million. */
const partSize = 100;

/** Parses with numbers kept exact. @throws SyntaxError */
export function parseJson(text: string): unknown {
  if (!/\d{16}|\d[eE]|\.\d{15}/.test(text)) return JSON.parse(text);
  // Not every browser tells the source, and TypeScript knows nothing of it yet.
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
    if (typeof value !== "number" || context?.source === undefined) return value;
    return isExact(value, context.source) ? value : new ExactNumber(context.source);
  };
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** Whether the digits that a number shows are those that were written. */
function isExact(value: number, source: string): boolean {
  if (String(value) === source) return true;
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  const digits = source.replace(/[eE].*$/, "").replace(/[-.]|^0+/g, "");
  // Too large, or too small, for any number.
  if (!Number.isFinite(value) || (value === 0 && /[1-9]/.test(digits))) return false;
  return digits.length <= 15;
}

/** The rows to be seen while the paths in `open` are open. */
export function jsonRows(root: unknown, open: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = [];
  // A stack of our own: what a peer sends may be nested deeper than calls can be.
  const pending: JsonRow[] = [
    row({ path: "$", level: 1, key: undefined, value: root, position: 1, siblings: 1 }),
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    rows.push(next);
    if (next.entries === undefined || !open.has(next.path)) continue;
    const children = childrenOf(next);
    for (let index = children.length - 1; index >= 0; index--) {
      const child = children[index];
      if (child !== undefined) pending.push(child);
    }
  }
  return rows;
}

/** The paths of a value and of what lies in it, level by level, until there would be too many rows. */
export function pathsToOpen(root: unknown, mostRows: number): Set<string> {
  const open = new Set<string>();
  let level = [row({ path: "$", level: 1, key: undefined, value: root, position: 1, siblings: 1 })];
  let count = 1;
  while (level.length > 0) {
    const nextLevel: JsonRow[] = [];
    for (const candidate of level) {
      if (candidate.entries === undefined) continue;
      const children = childrenOf(candidate);
      count += children.length;
      if (count > mostRows) return open;
      open.add(candidate.path);
      for (const child of children) nextLevel.push(child);
    }
    level = nextLevel;
  }
  return open;
}

function childrenOf({ path, level, value, range }: JsonRow): JsonRow[] {
  const keys = Array.isArray(value) ? undefined : Object.keys(value as object);
  const length = keys?.length ?? (value as readonly unknown[]).length;
  const [from, to] = range ?? [0, length];
  if (range === undefined && length > partSize) {
    const parts = Math.ceil(length / partSize);
    return Array.from({ length: parts }, (_, part): JsonRow => {
      const start = part * partSize;
      return {
        path: `${path}[${start}`,
        level: level + 1,
        key: undefined,
        value,
        entries: Math.min(partSize, length - start),
        range: [start, Math.min(start + partSize, length)],
        position: part + 1,
        siblings: parts,
      };
    });
  }
  return Array.from({ length: to - from }, (_, index) => {
    const at = from + index;
    const key = keys === undefined ? String(at) : (keys[at] ?? "");
    return row({
      path: `${path}/${at}`,
      level: level + 1,
      key,
      value: (value as Readonly<Record<string, unknown>>)[key],
      position: index + 1,
      siblings: to - from,
    });
  });
}

function row(given: Omit<JsonRow, "entries" | "range">): JsonRow {
  return { ...given, entries: entriesOf(given.value), range: undefined };
}

function entriesOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || value instanceof ExactNumber) return undefined;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}
