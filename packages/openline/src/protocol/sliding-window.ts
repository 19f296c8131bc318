const SMALLEST = 512;

const emptyView = new DataView(new ArrayBuffer(0));

/**
 * The last bytes of all earlier messages, to which a compressed message may refer back ([1951] 2): a ring that is only
 * as large as what has been received asks for, so a connection that saw one small message holds one small ring.
 */
export class SlidingWindow {
  readonly #maxSize: number;
  #ring: Uint8Array = new Uint8Array(0);
  #view: DataView = emptyView;
  /** Where the next byte goes. */
  #head = 0;
  #length = 0;

  /** @param maxSize a power of two */
  constructor(maxSize: number) {
    this.#maxSize = maxSize;
  }

  /** The bytes a distance can reach. */
  get length(): number {
    return this.#length;
  }

  /** The ring itself: a power of two long, or empty. Byte `distance` back stands at `(head - distance) & (length - 1)`. */
  get ring(): Uint8Array {
    return this.#ring;
  }

  get ringView(): DataView {
    return this.#view;
  }

  get head(): number {
    return this.#head;
  }

  append(bytes: Uint8Array): void {
    const { length } = bytes;
    const maxSize = this.#maxSize;
    let start = 0;
    if (length >= maxSize) {
      start = length - maxSize;
      this.#head = 0;
      this.#length = 0;
    }
    const added = length - start;
    const total = Math.min(this.#length + added, maxSize);
    if (total > this.#ring.length) this.#grow(total);
    const ring = this.#ring;
    const size = ring.length;
    const head = this.#head;
    if (added < 64) {
      // beats set() and its view, about 0.1 µs, for the smallest
      const mask = size - 1;
      for (let i = 0; i < added; i++) ring[(head + i) & mask] = bytes[start + i] as number;
    } else {
      const first = Math.min(added, size - head);
      ring.set(bytes.subarray(start, start + first), head);
      if (first < added) ring.set(bytes.subarray(start + first), 0);
    }
    this.#head = (head + added) & (size - 1);
    this.#length = total;
  }

  /** Writes all bytes, the oldest first, to the start of `target`. Returns their number. */
  copyTo(target: Uint8Array): number {
    const length = this.#length;
    const ring = this.#ring;
    const start = this.#head - length;
    if (start >= 0) {
      target.set(ring.subarray(start, this.#head));
    } else {
      target.set(ring.subarray(ring.length + start));
      target.set(ring.subarray(0, this.#head), -start);
    }
    return length;
  }

  #grow(least: number): void {
    let size = Math.max(this.#ring.length, Math.min(SMALLEST, this.#maxSize));
    while (size < least) size *= 2;
    const ring = new Uint8Array(size);
    this.#head = this.copyTo(ring) & (size - 1);
    this.#ring = ring;
    this.#view = new DataView(ring.buffer);
  }
}
