import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { within } from "../guard.js";

/** A TCP socket to pull from: bytes pile up until asked for, and a connection cut by the other end is just its end. */
export class ByteChannel {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #unread = 0;
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#unread += chunk.length;
      this.#wake();
    });
    const ended = () => {
      this.#ended = true;
      this.#wake();
    };
    socket.on("end", ended);
    socket.on("close", ended);
    socket.on("error", ended);
  }

  /**
   * Reads with `decode` what stands first among the bytes received. While that isn't all there, `decode` says how many
   * bytes it needs. Null: the connection ended first.
   */
  async read<T>(
    what: string,
    decode: (bytes: Buffer) => { value: T; size: number } | number,
  ): Promise<T | null> {
    for (let needed = 1; ; ) {
      if (this.#unread >= needed) {
        const [first = Buffer.alloc(0)] = this.#chunks;
        // Thousands of small frames in one chunk: not a copy for each.
        const bytes = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
        const found = decode(bytes);
        if (typeof found !== "number") {
          this.#keep(bytes.subarray(found.size));
          return found.value;
        }
        this.#keep(bytes);
        needed = found;
      } else if (this.#ended) return null;
      else await within(new Promise<void>((resolve) => (this.#wake = resolve)), what);
    }
  }

  #keep(rest: Buffer): void {
    this.#chunks.splice(0, this.#chunks.length, ...(rest.length > 0 ? [rest] : []));
    this.#unread = rest.length;
  }

  /** Writes `bytes`, cut into packets of `cut` bytes where that is given. */
  async write(bytes: Buffer, cut: number = Math.max(bytes.length, 1)): Promise<void> {
    for (let at = 0; at < bytes.length && !this.#ended && this.#socket.writable; at += cut) {
      if (!this.#socket.write(bytes.subarray(at, at + cut))) await this.#drained();
      // A turn of the event loop, so that the other end reads this packet before the next one is there.
      if (cut < bytes.length) await setImmediate();
    }
  }

  #drained(): Promise<void> {
    return within(
      new Promise<void>((resolve) => {
        const done = () => {
          for (const event of ["drain", "close", "error"]) this.#socket.off(event, done);
          resolve();
        };
        for (const event of ["drain", "close", "error"]) this.#socket.on(event, done);
      }),
      "the other end to read",
    );
  }

  /** Whether the connection was seen to end, from whichever side. */
  get ended(): boolean {
    return this.#ended || this.#socket.destroyed;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
