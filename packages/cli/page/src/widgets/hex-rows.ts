const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export interface HexRow {
  readonly offset: string;
  readonly hex: string;
  readonly ascii: string;
}

/** A line of a hex view: where it begins, the bytes in groups of eight, and what is readable of them. */
export function hexRow(bytes: Uint8Array, row: number, perRow: number): HexRow {
  const start = row * perRow;
  let hex = "";
  let ascii = "";
  for (let index = start; index < Math.min(start + perRow, bytes.length); index++) {
    const byte = bytes[index] ?? 0;
    if (index > start) hex += (index - start) % 8 === 0 ? "  " : " ";
    hex += digits[byte];
    ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";
  }
  return { offset: start.toString(16).padStart(8, "0"), hex, ascii };
}
