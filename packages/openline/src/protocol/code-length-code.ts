import {
  CODE_LENGTH_ORDER,
  MAX_DISTANCE_CODES,
  MAX_LITERAL_LENGTH_CODES,
  REPEAT_PREVIOUS,
  REPEAT_ZERO,
  REPEAT_ZERO_LONG,
} from "./deflate-alphabet.js";

/** How often `packLengths` used each symbol of the code length code. */
export const codeLengthFrequencies = new Int32Array(CODE_LENGTH_ORDER.length);
/** The codeword lengths of both codes on the wire: symbol of the code length code, `<< 8`, and its extra bits. */
export const packedLengths = new Uint16Array(MAX_LITERAL_LENGTH_CODES + MAX_DISTANCE_CODES);

/** How many bits follow the codeword of a code length symbol. */
export function extraBits(codeLengthSymbol: number): number {
  if (codeLengthSymbol < REPEAT_PREVIOUS) return 0;
  return codeLengthSymbol === REPEAT_PREVIOUS ? 2 : codeLengthSymbol === REPEAT_ZERO ? 3 : 7;
}

/** Packs the codeword lengths of both codes, as one sequence, with repeats. Returns how many symbols that takes. */
export function packLengths(
  literalLengths: Uint8Array,
  literalLengthCodes: number,
  distances: Uint8Array,
  distanceCodes: number,
): number {
  codeLengthFrequencies.fill(0);
  const total = literalLengthCodes + distanceCodes;
  const at = (i: number) => (i < literalLengthCodes ? literalLengths[i] : distances[i - literalLengthCodes]);
  let packed = 0;
  const pack = (symbol: number, extra: number) => {
    (codeLengthFrequencies[symbol] as number)++;
    packedLengths[packed++] = (symbol << 8) | extra;
  };
  for (let i = 0; i < total; ) {
    const length = at(i) as number;
    let end = i + 1;
    while (end < total && at(end) === length) end++;
    let times = end - i;
    i = end;
    if (length !== 0) {
      pack(length, 0);
      times--;
    }
    while (times >= 3) {
      const most = length === 0 ? 138 : 6;
      const now = Math.min(times, most);
      if (length !== 0) pack(REPEAT_PREVIOUS, now - 3);
      else if (now <= 10) pack(REPEAT_ZERO, now - 3);
      else pack(REPEAT_ZERO_LONG, now - 11);
      times -= now;
    }
    while (times-- > 0) pack(length, 0);
  }
  return packed;
}
