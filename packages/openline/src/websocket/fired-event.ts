import { inspect } from "node:util";
import { CloseEvent } from "./close-event.js";
import { findDispatchProperties } from "./dispatch-properties.js";
import { callHandler } from "./handler-attributes.js";
import { MessageEvent } from "./message-event.js";
import { standFor } from "./platform-class.js";
import { type Arrival, noPorts, plainMessageEvents } from "./received-message-event.js";

// A program may give an object a `dispatchEvent` of its own, which is none of our business.
const { dispatchEvent } = EventTarget.prototype;

const dispatchProperties = findDispatchProperties();

const messageEvents = dispatchProperties && plainMessageEvents(dispatchProperties);

/** The event that is being fired by us at this moment, unless it knows that itself. */
let firing: Event | undefined;

function beginFiring(event: Event): void {
  if (messageEvents?.mark(event, true) !== true) firing = event;
}

function endFiring(event: Event): void {
  if (messageEvents?.mark(event, false) !== true) firing = undefined;
}

/** Fires an event that only we could have made. A listener's exception is reported, and the others go on. [DOM] 2.10 */
export function fire(target: EventTarget, event: Event): void {
  beginFiring(event);
  try {
    dispatchEvent.call(target, event);
  } catch {
    // Only for an object that `Reflect.construct` has given a prototype of another kind: it can have no listeners.
  }
  endFiring(event);
}

/**
 * Fires an event that nothing but a handler attribute waits for: without a list of listeners to walk, a message costs
 * 30 ns less.
 */
export function fireAtHandler(handler: object | null, target: EventTarget, event: Event): void {
  if (dispatchProperties === undefined) {
    fire(target, event);
    return;
  }
  const state = event as unknown as Record<symbol, unknown>;
  beginFiring(event);
  state[dispatchProperties.target] = target;
  if (handler !== null) {
    state[dispatchProperties.dispatching] = true;
    try {
      callHandler(handler, target, event);
    } catch (error) {
      process.nextTick(reportException, error);
    }
    state[dispatchProperties.dispatching] = false;
  }
  endFiring(event);
}

/** In a tick of its own, like Node's dispatch: it becomes an uncaught exception. */
function reportException(error: unknown): void {
  throw error;
}

/** The value of `eventPhase` while an event is at its target. [DOM] 2.2 */
const atTarget = 2;

const { eventPhase, currentTarget, composedPath } = Object.getOwnPropertyDescriptors(Event.prototype);

/** Node's dispatch forgets the phase after the first listener: fired events are told of it here. */
const firedMembers: PropertyDescriptorMap & ThisType<Event> = {
  eventPhase: {
    get() {
      return firing === this ? atTarget : eventPhase.get?.call(this);
    },
    enumerable: true,
    configurable: true,
  },
  currentTarget: {
    get() {
      return firing === this ? this.target : currentTarget.get?.call(this);
    },
    enumerable: true,
    configurable: true,
  },
  composedPath: {
    value(this: Event) {
      return firing === this ? [this.target] : composedPath.value?.call(this);
    },
    enumerable: true,
    configurable: true,
    writable: true,
  },
};

/** Lets a class of fired events stand for the platform's class. */
function standTrustedFor(
  fired: typeof Event,
  platform: { readonly prototype: Event; readonly name: string },
): void {
  standFor(fired, platform);
  Object.defineProperties(fired.prototype, firedMembers);
}

/**
 * An event with the own property `isTrusted`, which can't be replaced: [DOM] 2.2. Only we fire trusted events; a program
 * that dispatches one again ends its trust for good.
 *
 * The accessors are the same for all events: of its own for each, they would cost a connection 600 bytes.
 */
class TrustedEvent extends Event {
  #isTrusted = true;
  #isDispatching = false;

  constructor(type: string) {
    super(type);
    Object.defineProperties(this, TrustedEvent.#ownMembers);
  }

  static readonly #ownMembers: PropertyDescriptorMap & ThisType<TrustedEvent> = {
    isTrusted: {
      get() {
        return this.#isTrusted;
      },
      enumerable: true,
    },
    ...(dispatchProperties && {
      [dispatchProperties.dispatching]: {
        get() {
          return this.#isDispatching;
        },
        set(value: boolean) {
          this.#isDispatching = value;
          if (value && firing !== this) this.#isTrusted = false;
        },
      },
    }),
  };
}

/** `open`, or `error`. */
class FiredEvent extends TrustedEvent {
  [inspect.custom](_depth: number, options: object): string {
    const { type, timeStamp } = this;
    const error = "error" in this ? { error: this.error } : {};
    return `Event ${inspect({ type, ...error, timeStamp }, options)}`;
  }
}
standTrustedFor(FiredEvent, Event);

/** `message`, where the fast kind of event isn't to be had. */
class FiredMessageEvent extends TrustedEvent {
  readonly #data: unknown;
  readonly #origin: string;

  constructor(data: unknown, origin: string) {
    super("message");
    this.#data = data;
    this.#origin = origin;
  }

  get data(): unknown {
    return this.#data;
  }

  get origin(): string {
    return this.#origin;
  }

  get lastEventId(): string {
    return "";
  }

  get source(): null {
    return null;
  }

  get ports(): readonly never[] {
    return noPorts;
  }
}
standTrustedFor(FiredMessageEvent as unknown as typeof Event, MessageEvent);

/** `close`. */
class FiredCloseEvent extends TrustedEvent {
  readonly #status: CloseEventStatus;

  constructor(status: CloseEventStatus) {
    super("close");
    this.#status = status;
  }

  get wasClean(): boolean {
    return this.#status.wasClean;
  }

  get code(): number {
    return this.#status.code;
  }

  get reason(): string {
    return this.#status.reason;
  }

  [inspect.custom](_depth: number, options: object): string {
    const { type, code, reason, wasClean, timeStamp } = this;
    return `CloseEvent ${inspect({ type, code, reason, wasClean, timeStamp }, options)}`;
  }
}
standTrustedFor(FiredCloseEvent as unknown as typeof Event, CloseEvent);

/** What a `close` event says. */
export interface CloseEventStatus {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** An `error` event: a plain `Event`, as in the standard, that also carries what went wrong. */
export interface ErrorEvent extends Event {
  /** What went wrong; its `code` is a stable name. Not part of the standard, and absent in browsers. */
  readonly error: Error & { readonly code: string };
}

export function openEvent(): Event {
  return new FiredEvent("open");
}

/** Makes a `message` event; the time stamp counts where the fast kind of event is to be had. */
export function messageEvent(data: unknown, arrival: Arrival): Event {
  return messageEvents?.create(data, arrival) ?? new FiredMessageEvent(data, arrival.origin);
}

export function errorEvent(error: Error): Event {
  return Object.defineProperty(new FiredEvent("error"), "error", { value: error, enumerable: true });
}

export function closeEvent(status: CloseEventStatus): CloseEvent {
  return new FiredCloseEvent(status);
}
