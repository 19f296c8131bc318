/** Bytes in a row. */
const width = 16;

/** Bytes as rows of offset, hex and ASCII. */
export function hexView(bytes: Uint8Array): string[] {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += width) {
    const row = [...bytes.subarray(offset, offset + width)];
    const hex = row.map((byte, index) => byte.toString(16).padStart(2, "0") + (index === 7 ? " " : ""));
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."));
    // 16 bytes of two digits and a space each, and one space more in the middle.
    const columns = hex.join(" ").padEnd(width * 3);
    rows.push(`${offset.toString(16).padStart(8, "0")}  ${columns}  ${ascii.join("")}`);
  }
  return rows;
}

/** Reads pairs of hex digits; spaces and colons may stand between them. Undefined for anything else. */
export function readHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  const digits = text.replace(/[\s:]+/g, "").replace(/^0x/i, "");
  return /^(?:[0-9a-f]{2})*$/i.test(digits) ? Uint8Array.from(Buffer.from(digits, "hex")) : undefined;
}
