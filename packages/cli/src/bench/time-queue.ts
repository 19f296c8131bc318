/** Times in the order in which they came, as a ring that grows: a message costs eight bytes and no object. */
export class TimeQueue {
  #ring = new Float64Array(16);
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(time: number): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.#length) & (this.#ring.length - 1)] = time;
    this.#length += 1;
  }

  /** Takes the earliest. */
  shift(): number | undefined {
    if (this.#length === 0) return undefined;
    const time = this.#ring[this.#first];
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#length -= 1;
    return time;
  }

  /** The length stays a power of two. */
  #grow(): void {
    const grown = new Float64Array(this.#ring.length * 2);
    grown.set(this.#ring.subarray(this.#first));
    grown.set(this.#ring.subarray(0, this.#first), this.#ring.length - this.#first);
    this.#ring = grown;
    this.#first = 0;
  }
}
