/** The bytes, or the first of them. */
export function fromBase64(base64: string, most = Infinity): Uint8Array<ArrayBuffer> {
  // Four characters are three bytes.
  const characters = most === Infinity ? base64 : base64.slice(0, Math.ceil(most / 3) * 4);
  const binary = atob(characters);
  const bytes = new Uint8Array(Math.min(binary.length, most));
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  let binary = "";
  // A call takes no more than some ten thousand arguments.
  for (let i = 0; i < bytes.length; i += 8192) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(binary);
}

/** Pairs of digits, with spaces between. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
