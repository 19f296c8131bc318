import { MAX_CODEWORD_LENGTH } from "./huffman-code.js";

/** By length, the next codeword; only used while codewords are assigned. */
const nextCode = new Int32Array(MAX_CODEWORD_LENGTH + 2);

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
    for (let i = 0; i < symbols; i++) (next[(lengths[i] as number) + 1] as number)++;
    next[1] = 0;
    for (let length = 2; length <= MAX_CODEWORD_LENGTH; length++) {
      next[length] = ((next[length] as number) + (next[length - 1] as number)) << 1;
    }
    for (let i = 0; i < symbols; i++) {
      const length = lengths[i] as number;
      if (length === 0) continue;
      let code = (next[length] as number)++;
      let reversed = 0;
      for (let bit = 0; bit < length; bit++, code >>= 1) reversed = (reversed << 1) | (code & 1);
      codewords[i] = (reversed << 4) | length;
    }
  }
}
