import { allocate, type Bytes, noBytes } from "./buffer.js";
import { CloseCode } from "./close-code.js";
import { ConnectionError } from "./connection-error.js";
import { giveMemoryBack, takeMemory } from "./reusable-memory.js";

/** Memory taken for a payload on the word of its header alone; the system gives it only as it is written to. */
const trustedLength = 1024 * 1024;

/** Memory may run out below the limit that the program has set: that ends the connection, not the process. */
function tryAllocate(allocate: (size: number) => Bytes, size: number): Bytes {
  try {
    return allocate(size);
  } catch (error) {
    throw new ConnectionError(
      "ERR_WS_MESSAGE_TOO_BIG",
      CloseCode.MessageTooBig,
      `There is no memory for ${size} bytes`,
      {
        cause: error,
      },
    );
  }
}

/** Gathers a payload that comes in pieces, in time linear in its size. */
export class GatheredPayload {
  bytes: Bytes = noBytes;
  length = 0;
  readonly #allocate: (size: number) => Bytes;

  /** @param isReleased whether `release` follows: the payload is read and not handed on. */
  constructor(isReleased = false) {
    this.#allocate = isReleased ? takeMemory : allocate;
  }

  /**
   * Makes room for `more` bytes. The peer has announced `announced` bytes from here on, and nothing after them if
   * `final`: then the memory comes out exactly as long as the message.
   */
  reserve(more: number, announced: number, final: boolean): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const known = this.length + announced;
    const had = this.bytes.length;
    // A large step where so much has been announced, a smaller one where fragments come as they come.
    const step = had === 0 ? Math.min(known, trustedLength) : Math.max(2 * had, Math.min(known, 4 * had));
    let size = Math.max(needed, step);
    if (final && size > known) size = known;
    const grown = tryAllocate(this.#allocate, size);
    this.bytes.copy(grown, 0, 0, this.length);
    this.release();
    this.bytes = grown;
  }

  /** The memory may be written to by others from now on. */
  release(): void {
    if (this.#allocate === takeMemory) giveMemoryBack(this.bytes);
  }

  append(source: Bytes, start: number, end: number): void {
    this.length += source.copy(this.bytes, this.length, start, end);
  }

  /** The payload in memory of its own that is not a byte longer. */
  toArrayBuffer(): ArrayBuffer {
    if (this.length === 0) return new ArrayBuffer(0);
    const buffer = this.bytes.buffer as ArrayBuffer;
    return this.length === buffer.byteLength ? buffer : buffer.slice(0, this.length);
  }
}
