import { CloseEvent } from "../index.js";

/** An object with the interface of `WebSocket` that isn't ours, moved by hand. */
export class ForeignSocket extends EventTarget {
  readyState = 0;
  bufferedAmount = 0;
  readonly #listeners = new Map<string, Set<unknown>>();

  override addEventListener(...args: Parameters<EventTarget["addEventListener"]>): void {
    const [type, listener] = args;
    this.#listeners.set(type, (this.#listeners.get(type) ?? new Set()).add(listener));
    super.addEventListener(...args);
  }

  override removeEventListener(...args: Parameters<EventTarget["removeEventListener"]>): void {
    const [type, listener] = args;
    this.#listeners.get(type)?.delete(listener);
    super.removeEventListener(...args);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  message(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  close(code: number, wasClean: boolean, reason = ""): void {
    this.readyState = 3;
    if (!wasClean) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(new CloseEvent("close", { code, wasClean, reason }));
  }

  /** How many listeners have been left behind. */
  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, { size }) => sum + size, 0);
  }
}
