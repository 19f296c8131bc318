/** The alphabets of a compressed block. [1951] 3.2.5 to 3.2.7 */

export const MIN_MATCH = 3;
export const MAX_MATCH = 258;
export const MAX_DISTANCE = 32768;

export const END_OF_BLOCK_SYMBOL = 256;
/** Literals, the end of a block and match lengths share an alphabet; the last two symbols are never used. */
export const LITERAL_LENGTH_SYMBOLS = 288;
export const DISTANCE_SYMBOLS = 32;
/** How many of them a dynamic code may give codewords to. */
export const MAX_LITERAL_LENGTH_CODES = 286;
export const MAX_DISTANCE_CODES = 30;

/** The order in which the lengths of the code length code are sent. */
export const CODE_LENGTH_ORDER = Uint8Array.of(
  16,
  17,
  18,
  0,
  8,
  7,
  9,
  6,
  10,
  5,
  11,
  4,
  12,
  3,
  13,
  2,
  14,
  1,
  15,
);
/** Symbols of the code length code that repeat a length: their extra bits, and the least count. */
export const REPEAT_PREVIOUS = 16;
export const REPEAT_ZERO = 17;
export const REPEAT_ZERO_LONG = 18;

/** Of length symbol 257 + i and of distance symbol i: the least value, and how many extra bits follow. */
export const LENGTH_BASE = new Uint16Array(29);
export const LENGTH_EXTRA_BITS = new Uint8Array(29);
export const DISTANCE_BASE = new Uint16Array(30);
export const DISTANCE_EXTRA_BITS = new Uint8Array(30);

for (let i = 0, base = MIN_MATCH; i < 28; i++) {
  const extra = i < 8 ? 0 : (i >> 2) - 1;
  LENGTH_BASE[i] = base;
  LENGTH_EXTRA_BITS[i] = extra;
  base += 1 << extra;
}
LENGTH_BASE[28] = MAX_MATCH;

for (let i = 0, base = 1; i < 30; i++) {
  const extra = i < 4 ? 0 : (i >> 1) - 1;
  DISTANCE_BASE[i] = base;
  DISTANCE_EXTRA_BITS[i] = extra;
  base += 1 << extra;
}

/** Codeword lengths of the fixed codes. [1951] 3.2.6 */
export const FIXED_LITERAL_LENGTHS = new Uint8Array(LITERAL_LENGTH_SYMBOLS)
  .fill(8, 0, 144)
  .fill(9, 144, 256)
  .fill(7, 256, 280)
  .fill(8, 280);
export const FIXED_DISTANCE_LENGTHS = new Uint8Array(DISTANCE_SYMBOLS).fill(5);
