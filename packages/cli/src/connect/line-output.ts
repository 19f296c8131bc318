import type { Writable } from "node:stream";

/** Writes lines in portions, and says when whoever reads them is behind. */
export class LineOutput {
  readonly #stream: Writable;
  readonly #onFull: () => void;
  readonly #onRoom: () => void;
  #pending = "";
  #isScheduled = false;
  #isFull = false;
  #isClosed = false;

  /** @param onFull no more should come until `onRoom`. */
  constructor(stream: Writable, onFull: () => void, onRoom: () => void) {
    this.#stream = stream;
    this.#onFull = onFull;
    this.#onRoom = onRoom;
    stream.on("drain", this.#drained);
  }

  write(line: string): void {
    if (this.#isClosed) return;
    this.#pending += `${line}\n`;
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Hands over what was kept for a larger portion. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#pending === "" || this.#isClosed) return;
    const portion = this.#pending;
    this.#pending = "";
    if (this.#stream.write(portion) || this.#isFull) return;
    this.#isFull = true;
    this.#onFull();
  }

  /** Nobody reads any more: what comes is dropped. */
  close(): void {
    this.#isClosed = true;
    this.#pending = "";
    this.#drained();
  }

  readonly #drained = (): void => {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#onRoom();
  };
}
