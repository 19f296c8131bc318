/**
 * The `Buffer` methods that go straight to Node's C++ without looking at an encoding's name first. They have been part
 * of every release and other libraries rely on them, but `@types/node` leaves them out.
 */
export interface Bytes extends Buffer {
  latin1Slice(start: number, end: number): string;
  utf8Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
  utf8Write(text: string, offset: number, length: number): number;
}

/** Fresh memory of exactly `size` bytes, not zeroed and not part of Node's pool. */
export function allocate(size: number): Bytes {
  return Buffer.allocUnsafeSlow(size) as Bytes;
}

export const noBytes: Bytes = allocate(0);

/** The same memory as a `Buffer`; the object itself where it is one already. Detached memory has no bytes. */
export function asBytes(view: ArrayBufferView | ArrayBuffer): Bytes {
  if (view.byteLength === 0) return noBytes;
  if (view instanceof Buffer) return view as Bytes;
  // Not `instanceof ArrayBuffer`, which one of another realm isn't.
  return (
    ArrayBuffer.isView(view) ? Buffer.from(view.buffer, view.byteOffset, view.byteLength) : Buffer.from(view)
  ) as Bytes;
}

/** Stands for the words of memory that doesn't begin at a multiple of four. */
export const noWords = new Int32Array(0);

/**
 * The bytes as 32-bit words, for loops that take four at a time: from the first byte to the end of the memory that they
 * are a part of. `noWords` where they don't begin at a multiple of four.
 */
export function wordsOf({ buffer, byteOffset }: Uint8Array): Int32Array {
  if ((byteOffset & 3) !== 0) return noWords;
  return new Int32Array(buffer, byteOffset, (buffer.byteLength - byteOffset) >>> 2);
}
