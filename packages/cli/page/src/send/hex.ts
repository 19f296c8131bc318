export type ParsedHex =
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly wrong: string }
  | { readonly isOdd: true };

/** Bytes written as pairs of digits; spaces, commas, colons and `0x` may stand between. */
export function parseHex(text: string): ParsedHex {
  const digits = text.replace(/0x|[\s,:]/gi, "");
  const wrong = digits.match(/[^0-9a-f]/iu)?.[0];
  if (wrong !== undefined) return { wrong };
  if (digits.length % 2 === 1) return { isOdd: true };
  const bytes = new Uint8Array(digits.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return { bytes };
}
