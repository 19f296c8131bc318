import { once } from "node:events";
import type { Socket } from "node:net";

/** How a pipe treats the bytes that pass. Shared by all pipes of a direction, and changed at any time. */
export interface PipeConditions {
  /** Milliseconds that each byte takes longer. */
  delay: number;
  /** Bytes a second; Infinity for as fast as it goes. */
  rate: number;
  /** Nothing passes, neither bytes nor an end. */
  isHeld: boolean;
  /** Wakes the pipes when something has changed. */
  readonly changed: EventTarget;
}

/** Sees bytes as they pass, and gives those that pass in their place. */
export type PipeTap = (bytes: Buffer) => Uint8Array;

/** The throttle hands out bytes so many times a second. */
const throttleSteps = 20;

/** Takes bytes from one socket to another, in order, and worse than a wire would if it is told to. */
export class BytePipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #conditions: PipeConditions;
  readonly #stop = new AbortController();
  /** Whether the next chunk is cut short and the last. */
  #cutsNext = false;
  readonly #cut: () => void;
  readonly #tap: PipeTap;
  /** Bytes that came and have not been passed on. */
  #pending = 0;

  constructor(
    from: Socket,
    to: Socket,
    conditions: PipeConditions,
    cut: () => void,
    tap: PipeTap = (bytes) => bytes,
  ) {
    this.#from = from;
    this.#to = to;
    this.#conditions = conditions;
    this.#cut = cut;
    this.#tap = tap;
  }

  /** Passes all but the last byte of the next chunk, and then cuts: a frame never ends before its last byte. */
  cutInsideNext(): void {
    this.#cutsNext = true;
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Resolves once the source has ended, and all its bytes have passed. */
  async run(): Promise<void> {
    let passing: Promise<void> = Promise.resolve();
    try {
      await this.#free();
      // Each chunk is due at its own time, so a delay slows nothing else; the chain keeps the order.
      for await (const chunk of this.#from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        const arrival = performance.now();
        this.#pending += chunk.length;
        passing = passing.then(() => this.#pass(chunk, arrival));
        passing.catch(() => {});
        // What is held stays in the peer's buffers, as on a dead line; so does what a slow line can't take.
        if (this.#conditions.isHeld || this.#pending > 2 ** 18) await passing;
      }
      await passing;
      await this.#free();
      this.#to.end();
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }

  async #pass(chunk: Buffer, arrival: number): Promise<void> {
    await this.#sleep(arrival + this.#conditions.delay - performance.now());
    await this.#free();
    if (this.#cutsNext) {
      this.#to.write(this.#tap(chunk.subarray(0, -1)), () => this.#cut());
      this.stop();
    }
    for (let at = 0; at < chunk.length; ) {
      this.#stop.signal.throwIfAborted();
      const { rate } = this.#conditions;
      const size = Math.max(1, Math.min(chunk.length - at, Math.floor(rate / throttleSteps)));
      const bytes = this.#tap(chunk.subarray(at, at + size));
      this.#stop.signal.throwIfAborted();
      if (bytes.length > 0 && !this.#to.write(bytes)) await this.#drained();
      at += size;
      if (rate !== Infinity) await this.#sleep((size / rate) * 1000);
      await this.#free();
    }
    this.#pending -= chunk.length;
  }

  #drained(): Promise<unknown> {
    return once(this.#to, "drain", { signal: this.#stop.signal });
  }

  async #free(): Promise<void> {
    while (this.#conditions.isHeld) {
      await once(this.#conditions.changed, "change", { signal: this.#stop.signal });
    }
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { signal } = this.#stop;
    signal.throwIfAborted();
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", stop);
        resolve();
      }, milliseconds);
      signal.addEventListener("abort", stop, { once: true });
    });
  }
}
