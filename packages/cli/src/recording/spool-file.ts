import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What a recording has no room for in memory: a file that only its owner can read, and that is gone with the process. */
export class SpoolFile {
  readonly #folder: string;
  readonly #descriptor: number;
  #length = 0;
  readonly #remove = () => rmSync(this.#folder, { recursive: true, force: true });

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), "openline-"));
    this.#descriptor = openSync(join(this.#folder, "recording"), "wx+", 0o600);
    // Where the system allows it, the file has no name from now on: nothing can be left over. Windows doesn't.
    try {
      this.#remove();
    } catch {
      process.once("exit", this.#remove);
    }
  }

  /** The number that the system knows the open file by. */
  get descriptor(): number {
    return this.#descriptor;
  }

  /** Writes at the end; gives where that is. */
  append(bytes: Uint8Array): number {
    const start = this.#length;
    for (let at = 0; at < bytes.length; ) {
      at += writeSync(this.#descriptor, bytes, at, bytes.length - at, start + at);
    }
    this.#length += bytes.length;
    return start;
  }

  read(start: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const read = readSync(this.#descriptor, bytes, at, length - at, start + at);
      if (read === 0) throw new Error("The recording's own file has been cut short");
      at += read;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
    process.off("exit", this.#remove);
    try {
      this.#remove();
    } catch {
      // The system clears its folder for temporary files.
    }
  }
}
