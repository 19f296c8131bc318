import type { FrameEvent } from "./connection-event.js";
import { endOfFrame, readFrame, roomFor, writeFrame } from "./frame-codec.js";
import type { SpoolFile } from "./spool-file.js";

/** Frames that follow one another, in memory or in a file. */
interface Block {
  readonly firstFrame: number;
  readonly length: number;
  readonly place: Buffer | { readonly file: SpoolFile; readonly start: number };
}

const smallestBlock = 1024;
const largestBlock = 2 ** 16;

/** The frames of one connection in their order. */
export class FrameLog {
  readonly #connection: number;
  /** Is told of bytes of memory that were taken, or given back if negative. */
  readonly #use: (bytes: number) => void;
  readonly #blocks: Block[] = [];
  /** The blocks before this one are in the file. */
  #firstInMemory = 0;
  #open: Buffer = Buffer.allocUnsafeSlow(0);
  #openLength = 0;
  #openFirstFrame = 0;
  #frames = 0;

  constructor(connection: number, use: (bytes: number) => void) {
    this.#connection = connection;
    this.#use = use;
  }

  /** How many frames there are. */
  get frames(): number {
    return this.#frames;
  }

  append(frame: FrameEvent): void {
    const room = roomFor(frame);
    if (this.#openLength + room > this.#open.length) this.#makeRoom(room);
    this.#openLength = writeFrame(frame, this.#open, this.#openLength);
    this.#frames++;
  }

  /** What is in memory goes to the file. */
  spool(file: SpoolFile): void {
    this.#seal();
    for (; this.#firstInMemory < this.#blocks.length; this.#firstInMemory++) {
      const block = this.#blocks[this.#firstInMemory];
      if (block === undefined || "file" in block.place) continue;
      const start = file.append(block.place);
      this.#blocks[this.#firstInMemory] = { ...block, place: { file, start } };
      this.#use(-block.place.buffer.byteLength);
    }
  }

  [Symbol.iterator](): Generator<FrameEvent> {
    return this.from(0);
  }

  /** The frames from this number on, counted from 0. */
  *from(first: number): Generator<FrameEvent> {
    for (let index = 0; index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      const next = this.#blocks[index + 1]?.firstFrame ?? this.#openFirstFrame;
      if (block !== undefined && next > first)
        yield* this.#framesOf(bytesOf(block), first - block.firstFrame);
    }
    // What comes in the meantime is not for this walk, and must not move under it.
    yield* this.#framesOf(
      Buffer.from(this.#open.subarray(0, this.#openLength)),
      first - this.#openFirstFrame,
    );
  }

  /** Gives the memory back; nothing may be asked or appended afterwards. */
  forget(): void {
    for (const { place } of this.#blocks) if (!("file" in place)) this.#use(-place.buffer.byteLength);
    this.#use(-this.#open.length);
  }

  /** The frame of this number, counted from 0. */
  at(number: number): FrameEvent | undefined {
    if (number < 0 || number >= this.#frames) return undefined;
    if (number >= this.#openFirstFrame) return this.#find(this.#open, number - this.#openFirstFrame);
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#blocks[middle]?.firstFrame ?? 0) <= number) low = middle;
      else high = middle - 1;
    }
    const block = this.#blocks[low];
    return block && this.#find(bytesOf(block), number - block.firstFrame);
  }

  #find(bytes: Buffer, skipped: number): FrameEvent {
    let at = 0;
    for (; skipped > 0; skipped--) at = endOfFrame(bytes, at);
    return readFrame(bytes, at, this.#connection);
  }

  *#framesOf(bytes: Buffer, skipped: number): Generator<FrameEvent> {
    let index = 0;
    for (let at = 0; at < bytes.length; at = endOfFrame(bytes, at)) {
      if (index++ >= skipped) yield readFrame(bytes, at, this.#connection);
    }
  }

  /** A small block grows, so that thousands of quiet connections take little; a large one makes way for the next. */
  #makeRoom(room: number): void {
    const needed = this.#openLength + room;
    if (this.#openLength > 0 && needed > largestBlock) {
      this.#seal();
      this.#allocate(Math.max(room, largestBlock));
    } else
      this.#allocate(
        Math.min(Math.max(this.#open.length * 2, needed, smallestBlock), Math.max(needed, largestBlock)),
      );
  }

  /** Gives the open block so many bytes. */
  #allocate(size: number): void {
    const grown = Buffer.allocUnsafeSlow(size);
    this.#open.copy(grown, 0, 0, this.#openLength);
    this.#use(size - this.#open.length);
    this.#open = grown;
  }

  #seal(): void {
    if (this.#openLength === 0) return;
    const place = this.#open.subarray(0, this.#openLength);
    this.#blocks.push({ firstFrame: this.#openFirstFrame, length: this.#openLength, place });
    this.#open = Buffer.allocUnsafeSlow(0);
    this.#openLength = 0;
    this.#openFirstFrame = this.#frames;
  }
}

function bytesOf({ place, length }: Block): Buffer {
  return "file" in place ? place.file.read(place.start, length) : place;
}
