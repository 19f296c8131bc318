import { ListenerTable } from "./listener-table.js";

/** The types of events that a `WebSocket` has handler attributes for. */
export type HandlerType = "open" | "message" | "error" | "close";

type HandlerName = `on${HandlerType}`;

const names: Readonly<Record<HandlerType, HandlerName>> = {
  open: "onopen",
  message: "onmessage",
  error: "onerror",
  close: "onclose",
};

/** One listener for all objects and each type: an attribute costs an object no closure of its own. */
type SharedListener = (this: unknown, event: Event) => void;

let attributesOf: (object: object) => HandlerAttributes<EventTarget> | undefined = () => undefined;

/** @param find gives an object's attributes, if it has any. */
export function provideHandlerAttributes(
  find: (object: object) => HandlerAttributes<EventTarget> | undefined,
): void {
  attributesOf = find;
}

function listenerFor(type: HandlerType): SharedListener {
  return function (event) {
    const value = attributesOf(this as object)?.[names[type]];
    if (value != null) callHandler(value, this, event);
  };
}

const sharedListeners: Readonly<Record<HandlerType, SharedListener>> = {
  open: listenerFor("open"),
  message: listenerFor("message"),
  error: listenerFor("error"),
  close: listenerFor("close"),
};

/** Calls a handler. HTML 8.1.8.1 */
export function callHandler(handler: object, object: unknown, event: Event): void {
  // An object that isn't callable is kept, but never called.
  if (typeof handler === "function" && handler.call(object, event) === false) event.preventDefault();
}

/**
 * The handler attributes of an object (`onopen` …), null for those without a value. HTML 8.1.8.1
 *
 * A handler is registered among the object's listeners only once there are others, whose order counts: a connection
 * with four handlers saves 450 bytes.
 */
export class HandlerAttributes<O extends EventTarget> extends ListenerTable {
  onopen: object | null = null;
  onmessage: object | null = null;
  onerror: object | null = null;
  onclose: object | null = null;
  protected readonly object: O;
  /** The types whose handlers have a place among the listeners. */
  #registered: Set<HandlerType> | undefined;

  constructor(object: O) {
    super(object);
    this.object = object;
  }

  /** Sets an attribute. The first value takes its place among the listeners; later ones keep it, until null gives it up. */
  assign(type: HandlerType, value: unknown): void {
    const name = names[type];
    const before = this[name];
    const after = (typeof value === "function" || typeof value === "object") && value !== null ? value : null;
    this[name] = after;
    if (after === null) {
      if (this.#registered?.delete(type) === true) {
        this.object.removeEventListener(type, sharedListeners[type]);
      }
    } else if (before === null && (!ListenerTable.inUse || this.includes(type))) {
      this.register(type);
    }
  }

  /** Whether the handler is the only one to hear of an event of this type, if there is one. */
  protected isAlone(type: HandlerType): boolean {
    return ListenerTable.inUse && !this.includes(type);
  }

  /** Perhaps to add one: from now on the handler is one of them. */
  protected override beforeLookup(type: string): void {
    if (!isHandlerType(type) || this[names[type]] === null || this.#registered?.has(type) === true) return;
    this.register(type);
  }

  // Not #register: a private method costs each object 8 bytes.
  private register(type: HandlerType): void {
    this.#registered ??= new Set();
    this.#registered.add(type);
    this.object.addEventListener(type, sharedListeners[type]);
  }
}

function isHandlerType(type: string): type is HandlerType {
  return Object.hasOwn(names, type);
}
