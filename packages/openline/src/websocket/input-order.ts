import type { Bytes } from "../protocol/buffer.js";
import { isTurnOver, queueTurn, type Reader, type Task } from "./task-queue.js";

/** Bytes that may wait for their turn before the network is to bring no more. */
const maxWaitingBytes = 64 * 1024;

/** The input that is kept in order. */
export interface Input extends Reader<Bytes> {
  /** Reads no further than the frame at hand. */
  stop(): void;
  /** Reads what was left of the packet in which it stopped. */
  readRest(): void;
  /** Lets the network bring no more. */
  dam(): void;
  /** Lets it bring more again. */
  flow(): void;
  /** Nothing waits any longer. */
  atRest(): void;
}

/**
 * Keeps a connection's input in the order in which it came where it can't be read at once: since somebody holds it, since
 * tasks come first, or since others have their turn first. What the network tells of its end comes behind all that.
 */
export class InputOrder implements Task {
  readonly #input: Input;
  readonly #packets: Bytes[] = [];
  #waitingBytes = 0;
  /** What waits until all input before it has been read. */
  #steps: (() => void)[] = [];
  /** Who wants reading to wait. */
  readonly #holders = new Set<object>();
  /** What comes before the rest of the packet in which reading has stopped. */
  #first: (() => void) | undefined;
  /** Whether reading has stopped within a packet. */
  #isStopped = false;
  #isDammed = false;
  /** Whether its turn has been queued. */
  #isQueued = false;

  constructor(input: Input) {
    this.#input = input;
  }

  /** Whether somebody wants reading to wait. */
  get isHeld(): boolean {
    return this.#holders.size > 0;
  }

  /** A packet that can't be read at once. The memory is ours. */
  push(bytes: Bytes): void {
    this.#packets.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > maxWaitingBytes) this.#dam();
    this.#queue();
  }

  /**
   * Reads no further than the frame at hand before its turn comes.
   * @param first what its turn begins with.
   */
  stop(first?: () => void): void {
    this.#first = first;
    this.#isStopped = true;
    this.#input.stop();
    this.#queue();
  }

  /** Others have their turn before the network brings more. */
  yieldTurn(): void {
    this.#dam();
    this.#queue();
  }

  /** Takes a step once all input that came before it has been read. */
  behindInput(step: () => void): void {
    this.#steps.push(step);
    this.#queue();
  }

  /** Reading waits until `holder` releases it. */
  hold(holder: object): void {
    this.#holders.add(holder);
    this.#isStopped = true;
    this.#input.stop();
    this.#dam();
  }

  release(holder: object): void {
    this.#holders.delete(holder);
    this.#queue();
  }

  releaseAll(): void {
    this.#holders.clear();
    this.#queue();
  }

  /** Its turn. */
  run(): void {
    this.#isQueued = false;
    if (!this.isHeld) this.#readOn();
    if (!this.isHeld && (this.#isStopped || this.#packets.length > 0)) this.#queue();
    if (this.#isStopped || this.#packets.length > 0) return;
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) step();
    if (this.#isDammed && !this.isHeld) {
      this.#isDammed = false;
      this.#input.flow();
    }
    if (!this.isHeld && !this.#isQueued) this.#input.atRest();
  }

  #readOn(): void {
    if (this.#isStopped) {
      this.#isStopped = false;
      const first = this.#first;
      this.#first = undefined;
      first?.();
      if (!this.#isStopped) this.#input.readRest();
    }
    while (!this.#isStopped && this.#packets.length > 0 && !isTurnOver()) {
      const packet = this.#packets.shift() as Bytes;
      this.#waitingBytes -= packet.length;
      this.#input.read(packet, false);
    }
  }

  #queue(): void {
    if (this.#isQueued || this.isHeld) return;
    this.#isQueued = true;
    queueTurn(this);
  }

  #dam(): void {
    if (this.#isDammed) return;
    this.#isDammed = true;
    this.#input.dam();
  }
}
