type Handler = ((event: Event) => unknown) | null;

/** Gives a prototype the attributes for these types of events: `onopen` … HTML 8.1.8.1 */
export function defineHandlerAttributes(prototype: EventTarget, types: readonly string[]): void {
  for (const type of types) {
    const handlers = new WeakMap<EventTarget, Handler>();
    Object.defineProperty(prototype, `on${type}`, {
      enumerable: true,
      get(this: EventTarget) {
        return handlers.get(this) ?? null;
      },
      set(this: EventTarget, value: Handler) {
        // The first value takes its place among the listeners, and later ones keep it.
        if (!handlers.has(this)) {
          this.addEventListener(type, (event) => handlers.get(this)?.call?.(this, event));
        }
        // An object that can't be called is kept, but never called.
        handlers.set(this, value);
      },
    });
  }
}
