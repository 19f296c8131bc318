/** Gives a prototype the attributes `onopen` … for these types of events. HTML 8.1.8.1 */
export function defineHandlerAttributes(prototype: EventTarget, types: readonly string[]): void {
  const listeners = new WeakMap<
    EventTarget,
    Map<string, { handler: unknown; handleEvent(event: Event): void }>
  >();
  for (const type of types) {
    Object.defineProperty(prototype, `on${type}`, {
      configurable: true,
      enumerable: true,
      get(this: EventTarget) {
        return listeners.get(this)?.get(type)?.handler ?? null;
      },
      // The first value takes its place among the listeners; later ones keep it, until null gives it up.
      set(this: EventTarget, value: unknown) {
        const own = listeners.get(this) ?? new Map();
        listeners.set(this, own);
        const listener = own.get(type);
        if (typeof value !== "function") {
          this.removeEventListener(type, listener ?? null);
          own.delete(type);
        } else if (listener) {
          listener.handler = value;
        } else {
          const added = {
            handler: value,
            handleEvent: (event: Event) => (added.handler as (event: Event) => void).call(this, event),
          };
          own.set(type, added);
          this.addEventListener(type, added);
        }
      },
    });
  }
}
