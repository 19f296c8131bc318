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
      const item = this.#items[0];
      if (item === undefined) return;
      if (typeof item === "string") {
        this.#bytes -= Buffer.byteLength(item);
        this.#target.sendText(item);
      } else if (item instanceof Uint8Array) {
        this.#bytes -= item.length;
        this.#target.sendBytes(item);
      } else if (item instanceof Blob) {
        try {
          const data = Buffer.from(await item.arrayBuffer()) as Bytes;
          this.#bytes -= item.size;
          this.#target.sendBytes(data);
        } catch (error) {
          this.#target.blobFailed(error);
          return;
        }
      } else {
        this.#target.startClosing(item);
      }
      this.#items.shift();
    }
  }
}
