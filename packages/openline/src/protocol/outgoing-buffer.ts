import { allocate, type Bytes } from "./buffer.js";
import { type ByteMemory, LoopMemory } from "./byte-memory.js";
import { takeSimdMemory } from "./simd-memory.js";

/** Frames of all connections are written into slabs of this size. */
const slabSize = 256 * 1024;

/** A connection with so many bytes waiting hands them over at once, in the middle of a task. */
const flushSize = 128 * 1024;

/** A stretch of memory that connections share, so that an idle one holds none. */
class Slab {
  readonly bytes: Bytes;
  used = 0;
  /** Segments in use; without any the slab begins anew, and stays warm in the processor's cache. */
  holders = 0;
  readonly #memory: ByteMemory;
  /** Whether it is used again. */
  readonly #isKept: boolean;

  constructor(bytes: Bytes, memory: ByteMemory, isKept: boolean) {
    this.bytes = bytes;
    this.#memory = memory;
    this.#isKept = isKept;
  }

  /** Masks `bytes[start..end)` in place. [6455] 5.3 */
  mask(start: number, end: number, key: number): void {
    this.#memory.mask(start, end, key);
  }

  release(): void {
    if (--this.holders > 0) return;
    this.used = 0;
    if (this !== shared && this.#isKept) idle.push(this);
  }
}

/** Slabs in memory for SIMD that nobody writes into, and nobody holds. */
const idle: Slab[] = createSimdSlabs();
let shared = takeSlab();

function takeSlab(): Slab {
  return idle.pop() ?? createSlab();
}

function createSlab(): Slab {
  const bytes = allocate(slabSize);
  return new Slab(bytes, new LoopMemory(bytes), false);
}

/** As many as one slow peer can hold, and some more. The system gives the memory only as it is written to. */
function createSimdSlabs(): Slab[] {
  return Array.from({ length: 32 }, () => takeSimdMemory(slabSize))
    .filter((part) => part !== undefined)
    .map((part) => new Slab(part.bytes, part, true));
}

const noSegments: readonly Segment[] = [];

/** A run of finished bytes on its way to the network. */
export class Segment {
  readonly bytes: Bytes;
  readonly #slab: Slab;

  constructor(slab: Slab, start: number, end: number) {
    this.bytes = slab.bytes.subarray(start, end) as Bytes;
    this.#slab = slab;
  }

  /** Gives the memory back, once the network has taken the bytes. */
  release(): void {
    this.#slab.release();
  }
}

/** One connection's bytes from the frame writer to the network. */
export class OutgoingBuffer {
  readonly #network: { flush(): void };
  #slab: Slab | undefined;
  #start = 0;
  #end = 0;
  /** Runs that ended because another connection wrote behind them, or because a slab was full. */
  #segments: Segment[] | undefined;

  /** @param network takes the segments when it is told to `flush`. */
  constructor(network: { flush(): void }) {
    this.#network = network;
  }

  /** The most that can be reserved in one go. */
  static readonly maxReservation = slabSize / 4;

  get isEmpty(): boolean {
    return this.#slab === undefined && this.#segments === undefined;
  }

  /** Memory for `size` bytes, which count as written. The position lies in `bytes`. */
  reserve(size: number): number {
    if (this.#end - this.#start + size > flushSize) this.#network.flush();
    if (this.#slab === shared && this.#end === shared.used && shared.used + size <= slabSize) {
      const position = this.#end;
      this.#end = shared.used = position + size;
      return position;
    }
    return this.#beginSegment(size);
  }

  get bytes(): Bytes {
    return shared.bytes;
  }

  /** Masks `bytes[start..end)`, which has just been reserved, in place. [6455] 5.3 */
  mask(start: number, end: number, key: number): void {
    shared.mask(start, end, key);
  }

  /** All that waits, in order; the caller releases each segment. */
  takeSegments(): readonly Segment[] {
    this.#endSegment();
    const segments = this.#segments;
    this.#segments = undefined;
    return segments ?? noSegments;
  }

  #beginSegment(size: number): number {
    this.#endSegment();
    if (shared.used + size > slabSize) shared = takeSlab();
    const position = shared.used;
    this.#slab = shared;
    this.#slab.holders++;
    this.#start = position;
    this.#end = shared.used = position + size;
    return position;
  }

  #endSegment(): void {
    if (this.#slab === undefined) return;
    const segment = new Segment(this.#slab, this.#start, this.#end);
    if (this.#segments === undefined) this.#segments = [segment];
    else this.#segments.push(segment);
    this.#slab = undefined;
    this.#start = this.#end = 0;
  }
}
