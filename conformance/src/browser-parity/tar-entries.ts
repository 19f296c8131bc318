const BLOCK = 512;
const REGULAR_FILE = new Set(["0", "\0"]);

export interface TarEntry {
  readonly name: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

/** The regular files of a ustar archive. Enough for the archives `@sparticuz/chromium` carries, so no dependency. */
export function* tarEntries(archive: Buffer): Generator<TarEntry> {
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    const name = field(header, 0, 100);
    if (name === "") return;
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (REGULAR_FILE.has(String.fromCharCode(header[156] ?? 0))) {
      yield { name, executable: (octal(header, 100, 8) & 0o100) !== 0, content };
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function field(header: Buffer, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end === -1 ? length : end);
}

function octal(header: Buffer, start: number, length: number): number {
  return Number.parseInt(field(header, start, length).trim() || "0", 8);
}
