import type { Bytes } from "../protocol/buffer.js";

/** What follows the last message. */
export interface ClosingRequest {
  readonly code: number | undefined;
  readonly reason: string;
}

/** Where the queue's contents go, in their order. */
export interface SendQueueTarget {
  sendText(data: string): void;
  sendBytes(data: Bytes): void;
  startClosing(request: ClosingRequest): void;
  /** A Blob could not be read: its file has changed, say. */
  blobFailed(error: unknown): void;
}

/** Keeps the order while a Blob is being read, which takes longer than the call to `send`. [WS] 3.1, send */
export class SendQueue {
  readonly #target: SendQueueTarget;
  #items: (string | Bytes | Blob | ClosingRequest)[] = [];
  /** The first item that has not been handed on. Not `shift`, which takes time in proportion to the rest. */
  #next = 0;
  /** Bytes of the messages in the queue. */
  #bytes = 0;

  constructor(target: SendQueueTarget) {
    this.#target = target;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param size bytes of the message that `item` is. */
  push(item: string | Bytes | Blob | ClosingRequest, size: number): void {
    this.#items.push(item);
    this.#bytes += size;
    if (this.#items.length === 1) void this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      const item = this.#items[this.#next];
      if (item === undefined) break;
      const data = item instanceof Blob ? await this.#read(item) : item;
      if (data === undefined) return;
      this.#hand(data);
      this.#next++;
    }
    this.#items = [];
    this.#next = 0;
  }

  #hand(item: string | Bytes | ClosingRequest): void {
    if (typeof item === "string") {
      this.#bytes -= Buffer.byteLength(item);
      this.#target.sendText(item);
    } else if (item instanceof Uint8Array) {
      this.#bytes -= item.length;
      this.#target.sendBytes(item);
    } else {
      this.#target.startClosing(item);
    }
  }

  async #read(blob: Blob): Promise<Bytes | undefined> {
    try {
      return Buffer.from(await blob.arrayBuffer()) as Bytes;
    } catch (error) {
      this.#target.blobFailed(error);
      return undefined;
    }
  }
}
