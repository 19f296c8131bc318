/** What a handler attribute may hold: a function, or an object that is kept but never called. HTML 8.1.8.1 */
export type HandlerValue = object | null;

/** One handler attribute's value and its place among the listeners. */
interface Handler {
  value: object;
  readonly listener: (event: Event) => void;
}

/** The values of an object's handler attributes (`onopen` …). HTML 8.1.8.1 */
export class HandlerAttributes {
  readonly #target: EventTarget;
  readonly #handlers = new Map<string, Handler>();

  constructor(target: EventTarget) {
    this.#target = target;
  }

  get(type: string): HandlerValue {
    return this.#handlers.get(type)?.value ?? null;
  }

  /** The first value takes its place among the listeners; later ones keep it, until null gives it up. */
  set(type: string, value: unknown): void {
    const handler = this.#handlers.get(type);
    if ((typeof value !== "function" && typeof value !== "object") || value === null) {
      if (handler === undefined) return;
      this.#handlers.delete(type);
      this.#target.removeEventListener(type, handler.listener);
    } else if (handler !== undefined) {
      handler.value = value;
    } else {
      this.#add(type, value);
    }
  }

  #add(type: string, value: object): void {
    const target = this.#target;
    const handler: Handler = {
      value,
      listener(event) {
        if (typeof handler.value === "function") handler.value.call(target, event);
      },
    };
    this.#handlers.set(type, handler);
    target.addEventListener(type, handler.listener);
  }
}
