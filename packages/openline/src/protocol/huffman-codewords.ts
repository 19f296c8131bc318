import { MAX_CODEWORD_LENGTH } from "./huffman-code.js";

/** By length, the next codeword; only used while codewords are assigned. */
const nextCode = new Int32Array(MAX_CODEWORD_LENGTH + 2);

const reversedByte = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
});

/** Writing side of a Huffman code: for each symbol the codeword, its bits reversed, `<< 4` and its length. */
export class HuffmanCodewords {
  readonly lengths: Uint8Array;
  readonly codewords: Int32Array;

  constructor(symbols: number, lengths?: Uint8Array) {
    this.lengths = lengths ?? new Uint8Array(symbols);
    this.codewords = new Int32Array(symbols);
    if (lengths !== undefined) this.assign(symbols);
  }

  /** [1951] 3.2.2 */
  assign(symbols: number): void {
    const { lengths, codewords } = this;
    const next = nextCode.fill(0);
    for (let i = 0; i < symbols; i++) {
      const length = lengths[i] as number;
      if (length !== 0) (next[length + 1] as number)++;
    }
    for (let length = 2; length <= MAX_CODEWORD_LENGTH; length++) {
      next[length] = ((next[length] as number) + (next[length - 1] as number)) << 1;
    }
    for (let i = 0; i < symbols; i++) {
      const length = lengths[i] as number;
      if (length === 0) continue;
      const code = (next[length] as number)++;
      const reversed = ((reversedByte[code & 255] as number) << 8) | (reversedByte[code >> 8] as number);
      codewords[i] = ((reversed >> (16 - length)) << 4) | length;
    }
  }
}
