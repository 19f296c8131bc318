import { queueTask } from "./task-queue.js";

/**
 * Messages that may wait for their tasks before the connection reads on, in number and in bytes: those of one packet,
 * unless they are tiny, since what is left of a packet has to be kept (with 256, texts of 64 bytes cost 20 % more). A peer
 * that sends faster than the handlers work is slowed by TCP.
 */
const maxWaitingMessages = 1024;
const maxWaitingBytes = 4 * 1024 * 1024;

/** The input that is kept in order. */
export interface Input {
  /** Reads no further than the frame at hand. */
  stop(): void;
  /** Reads what was left of the last packet. */
  readRest(): void;
  /** Lets the network bring more. */
  flow(): void;
}

/**
 * Keeps a connection's input in the order in which it came, though each message waits for a task of its own: a close
 * frame, a failure and the end of the stream come behind the messages before them. Stops reading where too many wait.
 */
export class InputOrder {
  readonly #input: Input;
  /** What waits until the messages before it have been handled. */
  #steps: (() => void)[] | undefined;
  #messages = 0;
  #bytes = 0;
  /** Whether reading waits for the messages at hand to be handled. */
  #isFull = false;
  /** Who else wants reading to wait. */
  #holders: Set<object> | undefined;

  constructor(input: Input) {
    this.#input = input;
  }

  /** Whether nothing waits, for what it would have to know of. */
  get isAtRest(): boolean {
    return this.#messages === 0 && this.#steps === undefined && !this.isHeld;
  }

  /** Whether reading is to wait. */
  get isHeld(): boolean {
    return this.#isFull || (this.#holders !== undefined && this.#holders.size > 0);
  }

  /** A message waits for its task. */
  messageQueued(size: number): void {
    this.#bytes += size;
    if (++this.#messages < maxWaitingMessages && this.#bytes <= maxWaitingBytes) return;
    if (this.#isFull) return;
    this.#isFull = true;
    this.#input.stop();
  }

  /** Its task runs. */
  messageHandled(size: number): void {
    this.#bytes -= size;
    if (--this.#messages > 0 || (!this.#isFull && this.#steps === undefined)) return;
    // A task of its own: what comes behind the message waits for all that its handler does, microtasks included.
    queueTask({ run: () => this.#allHandled() });
  }

  /** Takes a step of the input itself once the messages before it have been handled. */
  inOrder(step: () => void): void {
    if (this.#messages === 0 && !this.#isFull && this.#steps === undefined) step();
    // What lies in the input comes before what the network has told of its end.
    else this.#steps = [step, ...(this.#steps ?? [])];
  }

  /** Takes a step once all input that came before it has been read and handled. */
  behindInput(step: () => void): void {
    if (this.#messages === 0 && !this.isHeld && this.#steps === undefined) step();
    else this.#steps = [...(this.#steps ?? []), step];
  }

  /** Reading waits until `holder` releases it. */
  hold(holder: object): void {
    this.#holders ??= new Set();
    if (this.#holders.add(holder).size === 1 && !this.#isFull) this.#input.stop();
  }

  release(holder: object): void {
    if (this.#holders?.delete(holder) === true) this.#released();
  }

  releaseAll(): void {
    if (this.#holders === undefined || this.#holders.size === 0) return;
    this.#holders.clear();
    this.#released();
  }

  /** A holder has let go: reads on, and takes the steps that only waited for that. */
  #released(): void {
    this.#readOn();
    if (this.#steps !== undefined && this.#messages === 0) queueTask({ run: () => this.#allHandled() });
  }

  /** Reads on once nobody holds the input any longer. */
  #readOn(): void {
    if (this.isHeld) return;
    this.#input.readRest();
    // What was left of the last packet may have filled the queue again.
    if (!this.isHeld) this.#input.flow();
  }

  /** The messages that waited are through: reads on, and takes the steps that come behind the last of them. */
  #allHandled(): void {
    if (this.#isFull) {
      this.#isFull = false;
      this.#readOn();
    }
    if (this.#messages > 0 || this.isHeld) return;
    const steps = this.#steps ?? [];
    this.#steps = undefined;
    for (const step of steps) step();
  }
}
