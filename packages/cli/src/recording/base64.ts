// No Node module here: the page imports it, too.

/** Bytes in Base64; with Node's `Buffer` where there is one, which is many times faster. */
export function toBase64(bytes: Uint8Array): string {
  if (typeof Buffer !== "undefined") {
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  }
  let binary = "";
  // `fromCharCode` takes its bytes as arguments, of which there can't be any number.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}

const form = /^(?:[+/0-9A-Za-z]{4})*(?:[+/0-9A-Za-z]{2}==|[+/0-9A-Za-z]{3}=)?$/;

/** The bytes, or `undefined` where it isn't Base64. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!form.test(text)) return undefined;
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
