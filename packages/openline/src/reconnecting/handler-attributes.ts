type Handler = ((event: Event) => unknown) | null;

/** The values of an object's attributes `onopen` …, by the type of the event. */
export type Handlers = Record<string, Handler>;

/** Gives a prototype the attributes for these types of events. HTML 8.1.8.1 */
export function defineHandlerAttributes<T extends EventTarget>(
  prototype: T,
  types: readonly string[],
  handlersOf: (object: T) => Handlers,
): void {
  for (const type of types) {
    Object.defineProperty(prototype, `on${type}`, {
      enumerable: true,
      get(this: T) {
        return handlersOf(this)[type] ?? null;
      },
      set(this: T, value: unknown) {
        const handlers = handlersOf(this);
        // The first value takes its place among the listeners, and later ones keep it.
        if (!(type in handlers)) this.addEventListener(type, (event) => handlers[type]?.call?.(this, event));
        // An object that can't be called is kept, but never called.
        handlers[type] = value as Handler;
      },
    });
  }
}
