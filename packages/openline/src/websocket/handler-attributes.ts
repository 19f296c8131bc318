/** The types of events that a `WebSocket` has handler attributes for. */
export type HandlerType = "open" | "message" | "error" | "close";

/** The values of an object's handler attributes (`onopen` …), null for those without. HTML 8.1.8.1 */
export class HandlerAttributes {
  open: object | null = null;
  message: object | null = null;
  error: object | null = null;
  close: object | null = null;
}

/** One listener for all objects and each type: an attribute costs an object no closure of its own. */
type SharedListener = (this: unknown, event: Event) => void;

/** Makes the shared listeners. @param attributesOf gives an object's attributes, if it has ever set one. */
export function createHandlerListeners(
  attributesOf: (object: object) => HandlerAttributes | undefined,
): Record<HandlerType, SharedListener> {
  const listenerFor = (type: HandlerType): SharedListener =>
    function (event) {
      const value = attributesOf(this as object)?.[type];
      // An object that isn't callable is kept, but never called.
      if (typeof value === "function" && value.call(this, event) === false) event.preventDefault();
    };
  return {
    open: listenerFor("open"),
    message: listenerFor("message"),
    error: listenerFor("error"),
    close: listenerFor("close"),
  };
}

/** Sets an attribute. The first value takes its place among the listeners; later ones keep it, until null gives it up. */
export function setHandler(
  target: EventTarget,
  attributes: HandlerAttributes,
  type: HandlerType,
  value: unknown,
  listener: SharedListener,
): void {
  const before = attributes[type];
  const after = (typeof value === "function" || typeof value === "object") && value !== null ? value : null;
  attributes[type] = after;
  if (before === null && after !== null) target.addEventListener(type, listener);
  else if (before !== null && after === null) target.removeEventListener(type, listener);
}
