/** The lengths and distances that a DEFLATE symbol stands for: base value and extra bits. RFC 1951, 3.2.5 */

export interface SymbolRange {
  readonly base: number;
  readonly extraBits: number;
}

function lengthRanges(): SymbolRange[] {
  const ranges: SymbolRange[] = [];
  let base = 3;
  for (let symbol = 0; symbol < 28; symbol++) {
    const extraBits = symbol < 8 ? 0 : (symbol >> 2) - 1;
    ranges.push({ base, extraBits });
    base += 1 << extraBits;
  }
  ranges.push({ base: 258, extraBits: 0 });
  return ranges;
}

function distanceRanges(): SymbolRange[] {
  const ranges: SymbolRange[] = [];
  let base = 1;
  for (let symbol = 0; symbol < 30; symbol++) {
    const extraBits = symbol < 4 ? 0 : (symbol >> 1) - 1;
    ranges.push({ base, extraBits });
    base += 1 << extraBits;
  }
  return ranges;
}

/** Index 0 belongs to symbol 257. */
export const LENGTHS: readonly SymbolRange[] = lengthRanges();
export const DISTANCES: readonly SymbolRange[] = distanceRanges();

/** Lengths of the fixed literal and length codes. RFC 1951, 3.2.6 */
export const FIXED_LITERAL_BITS: readonly number[] = Array.from({ length: 288 }, (_, symbol) =>
  symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
);
export const FIXED_DISTANCE_BITS: readonly number[] = new Array<number>(30).fill(5);
