/** What every event's constructor takes. [DOM] 2.2 */
export interface EventOptions {
  bubbles?: boolean;
  cancelable?: boolean;
  composed?: boolean;
}

/** What `new CloseEvent(type, init)` takes. [WS] 7 */
export interface CloseEventInit extends EventOptions {
  wasClean?: boolean;
  code?: number;
  reason?: string;
}

/** The event that a connection ends with. [WS] 7 */
export interface CloseEvent extends Event {
  /** Whether the closing handshake was completed. */
  readonly wasClean: boolean;
  /** The close code: the peer's, 1005 where it gave none, 1006 where the connection just broke. */
  readonly code: number;
  /** The peer's reason, "" where it gave none. */
  readonly reason: string;
}

interface CloseEventConstructor {
  new (type: string, init?: CloseEventInit): CloseEvent;
  readonly prototype: CloseEvent;
  readonly name: string;
}

/** For Node.js releases before 23, which have no `CloseEvent`. */
class OwnCloseEvent extends Event implements CloseEvent {
  readonly #wasClean: boolean;
  readonly #code: number;
  readonly #reason: string;

  constructor(type: string, init: CloseEventInit = {}) {
    if (arguments.length === 0) throw new TypeError("CloseEvent: 1 argument required, but only 0 present");
    if (init !== null && init !== undefined && typeof init !== "object" && typeof init !== "function") {
      throw new TypeError(`CloseEvent: the second argument is ${String(init)}, not an object`);
    }
    // [IDL] 3.2.17: a dictionary may be any object, a function too, and its parent's members are read first.
    const { bubbles = false, cancelable = false, composed = false } = init ?? {};
    super(type, { bubbles, cancelable, composed });
    const { code, reason, wasClean } = init ?? {};
    this.#code = code === undefined ? 0 : +code & 0xffff;
    this.#reason = reason === undefined ? "" : `${reason}`.toWellFormed();
    this.#wasClean = Boolean(wasClean);
  }

  get wasClean(): boolean {
    return this.#wasClean;
  }

  get code(): number {
    return this.#code;
  }

  get reason(): string {
    return this.#reason;
  }
}

Object.defineProperty(OwnCloseEvent, "name", { value: "CloseEvent", configurable: true });
Object.defineProperties(OwnCloseEvent.prototype, {
  wasClean: { enumerable: true },
  code: { enumerable: true },
  reason: { enumerable: true },
  [Symbol.toStringTag]: { value: "CloseEvent", configurable: true },
});

/** The platform's `CloseEvent` where it has one. [WS] 7 */
export const CloseEvent: CloseEventConstructor =
  (globalThis as { CloseEvent?: CloseEventConstructor }).CloseEvent ?? OwnCloseEvent;
