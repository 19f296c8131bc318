import {
  CODE_LENGTH_ORDER,
  DISTANCE_BASE,
  DISTANCE_EXTRA_BITS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK_SYMBOL,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_BASE,
  LENGTH_EXTRA_BITS,
  LITERAL_LENGTH_SYMBOLS,
} from "./deflate-alphabet.js";
import { END_OF_BLOCK, HuffmanCode, LITERAL, MATCH, UNUSED } from "./huffman-code.js";

/** What each symbol stands for. [1951] 3.2.5 */
const literalLengthEntries = new Int32Array(LITERAL_LENGTH_SYMBOLS).fill(UNUSED);
for (let i = 0; i < 256; i++) literalLengthEntries[i] = (i << 16) | LITERAL;
literalLengthEntries[END_OF_BLOCK_SYMBOL] = END_OF_BLOCK;
LENGTH_BASE.forEach((base, i) => {
  literalLengthEntries[257 + i] = (base << 16) | ((LENGTH_EXTRA_BITS[i] as number) << 8) | MATCH;
});
const distanceEntries = new Int32Array(DISTANCE_SYMBOLS).fill(UNUSED);
DISTANCE_BASE.forEach((base, i) => {
  distanceEntries[i] = (base << 16) | ((DISTANCE_EXTRA_BITS[i] as number) << 8) | MATCH;
});

/** The fixed codes. [1951] 3.2.6 */
export const fixedLiteralLengthCode = new HuffmanCode(literalLengthEntries, 9);
fixedLiteralLengthCode.assign(FIXED_LITERAL_LENGTHS, 0, LITERAL_LENGTH_SYMBOLS, false);
export const fixedDistanceCode = new HuffmanCode(distanceEntries, 7);
fixedDistanceCode.assign(FIXED_DISTANCE_LENGTHS, 0, DISTANCE_SYMBOLS, false);

/** The codes of the dynamic block at work. [1951] 3.2.7 */
export const literalLengthCode = new HuffmanCode(literalLengthEntries, 9);
export const distanceCode = new HuffmanCode(distanceEntries, 7);
export const codeLengthCode = new HuffmanCode(
  Int32Array.from({ length: CODE_LENGTH_ORDER.length }, (_, i) => (i << 16) | LITERAL),
  7,
);
