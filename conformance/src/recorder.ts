import { within } from "./guard.js";
import type { SubjectSocket } from "./subject/subject.js";

export interface CloseRecord {
  readonly code: unknown;
  readonly reason: unknown;
  readonly wasClean: unknown;
}

/** Writes down every event of an object and sends each message back. */
export class Recorder {
  readonly messages: (string | ArrayBuffer)[] = [];
  /** `open`, `message`, `error`, `close` in the order of their events. */
  readonly order: string[] = [];
  /** What stands in the `error` event's `error`. */
  error: { readonly code?: unknown; readonly message?: unknown } | undefined;
  readonly closed: Promise<CloseRecord>;
  readonly opened: Promise<void>;

  constructor(socket: SubjectSocket, echo: boolean) {
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", (event) => {
      this.order.push("message");
      const { data } = event as { data: unknown };
      if (typeof data !== "string" && !(data instanceof ArrayBuffer))
        throw new TypeError(`data is ${String(data)}`);
      this.messages.push(data);
      if (echo && socket.readyState === 1)
        socket.send(typeof data === "string" ? data : new Uint8Array(data));
    });
    socket.addEventListener("error", (event) => {
      this.order.push("error");
      this.error = (event as { error?: { code?: unknown; message?: unknown } }).error;
    });
    this.opened = new Promise((resolve) => {
      socket.addEventListener("open", () => {
        this.order.push("open");
        resolve();
      });
    });
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", (event) => {
        this.order.push("close");
        const { code, reason, wasClean } = event as CloseRecord;
        resolve({ code, reason, wasClean });
      });
    });
  }

  async close(): Promise<CloseRecord> {
    return within(this.closed, "the close event");
  }
}
