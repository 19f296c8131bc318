/**
 * Reading side of the Huffman codes of [1951] 3.2.2: a code is known by the lengths of its codewords alone.
 *
 * A decoded symbol comes as an entry, a number that says all about it:
 * bits 0 to 3 the codeword's length, bits 4 to 7 the kind, bits 8 to 11 the extra bits, bits 16 and up the value.
 */
export const MAX_CODEWORD_LENGTH = 15;

export const LITERAL = 0x10;
export const MATCH = 0x20;
export const END_OF_BLOCK = 0x40;
/** Symbols that take part in the fixed codes, but must not occur: lengths 286 and 287, distances 30 and 31. */
export const UNUSED = 0x80;

/** The symbols that have a codeword, each with its length in the lowest four bits. */
const unsorted = new Uint16Array(288);
/** Where the symbols of each codeword length start in the sorted list; this and the above are only used while a code is assigned. */
const starts = new Uint16Array(MAX_CODEWORD_LENGTH + 1);

const MAX_LOOKUP_BITS = 9;

/** The number made of the lowest nine bits in the opposite order: codewords are packed from their top bit on. */
const reversed = new Uint16Array(1 << MAX_LOOKUP_BITS);
for (let i = 1; i < reversed.length; i++) {
  reversed[i] = ((reversed[i >> 1] as number) >> 1) | ((i & 1) << (MAX_LOOKUP_BITS - 1));
}

export class HuffmanCode {
  /** The next bits of input → entry; 0 where the codeword is longer, or where there is none. */
  readonly lookup: Int32Array;
  readonly #lookupBits: number;
  readonly #entries: Int32Array;
  readonly #sorted: Uint16Array;
  /** How many codewords there are of each length. */
  readonly #counts = new Uint16Array(MAX_CODEWORD_LENGTH + 1);

  /**
   * @param entries what each symbol of the alphabet stands for, without the codeword's length
   * @param lookupBits codewords of up to this length are found with one look: more bits take longer to set up
   */
  constructor(entries: Int32Array, lookupBits: number) {
    this.lookup = new Int32Array(1 << lookupBits);
    this.#lookupBits = lookupBits;
    this.#entries = entries;
    this.#sorted = new Uint16Array(entries.length);
  }

  /**
   * Takes on the code whose codewords have the lengths `lengths[start..end)`. Returns whether they make a code: it may
   * not be over-subscribed, and incomplete only where allowed, and then only if it is empty or has a single codeword,
   * of one bit ([1951] 3.2.7).
   */
  assign(lengths: Uint8Array, start: number, end: number, incompleteAllowed: boolean): boolean {
    const { lookup } = this;
    const entries = this.#entries;
    const sorted = this.#sorted;
    const counts = this.#counts;
    counts.fill(0);
    let used = 0;
    for (let i = start; i < end; i++) {
      const length = lengths[i] as number;
      if (length === 0) continue; // most symbols, in a small message
      (counts[length] as number)++;
      unsorted[used++] = ((i - start) << 4) | length;
    }
    starts[1] = 0;
    let codespace = 1; // codewords of this length still free
    let longest = 0;
    for (let length = 1; length <= MAX_CODEWORD_LENGTH; length++) {
      const count = counts[length] as number;
      codespace = (codespace << 1) - count;
      if (codespace < 0) return false;
      if (count !== 0) longest = length;
      if (length < MAX_CODEWORD_LENGTH) starts[length + 1] = (starts[length] as number) + count;
    }
    if (codespace > 0 && (longest > 1 || !incompleteAllowed)) return false;
    if (codespace > 0 || longest > this.#lookupBits) lookup.fill(0);

    for (let i = 0; i < used; i++) {
      const symbol = unsorted[i] as number;
      sorted[(starts[symbol & 15] as number)++] = symbol >> 4;
    }
    // The lookup for each length is twice the one before, and the codewords that are new: 10% of a message of 300 bytes
    // faster than writing each entry to all its places.
    let code = 0;
    let next = 0;
    let size = 1;
    for (let length = 1; length <= this.#lookupBits; length++) {
      if (next !== 0) lookup.copyWithin(size, 0, size);
      size <<= 1;
      const shift = MAX_LOOKUP_BITS - length;
      for (let left = counts[length] as number; left > 0; left--) {
        lookup[reversed[code++ << shift] as number] = (entries[sorted[next++] as number] as number) | length;
      }
      code <<= 1;
    }
    return true;
  }

  /** The plain way, codeword bit by codeword bit, for what `lookup` doesn't know. 0 where `bits` start with no codeword. */
  find(bits: number): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_CODEWORD_LENGTH; length++) {
      code |= (bits >> (length - 1)) & 1;
      const count = this.#counts[length] as number;
      if (code - first < count) {
        return (this.#entries[this.#sorted[index + code - first] as number] as number) | length;
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return 0;
  }
}
