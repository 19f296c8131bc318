import { inspect } from "node:util";
import type { DispatchProperties } from "./dispatch-properties.js";
import { MessageEvent } from "./message-event.js";
import { standFor } from "./platform-class.js";

/** What `ports` gives: no message of a WebSocket brings any. */
export const noPorts: readonly never[] = Object.freeze([]);

/** What the messages of one packet have in common: their events share it. */
export interface Arrival {
  readonly origin: string;
  /** When the packet came, as `performance.now()` counts. */
  readonly timeStamp: number;
}

/** Makes `message` events of received messages. */
export interface MessageEvents {
  create(data: unknown, arrival: Arrival): Event;
  /**
   * Notes on the event itself that we begin or end firing it: Node's dispatch forgets it after the first listener.
   * @returns false where it is no event of this kind.
   */
  mark(event: Event, isFiring: boolean): boolean;
}

/**
 * `message` events that are plain objects of the platform's prototype chain, with members of their own. Node's
 * constructor takes 45 ns, mostly to look at the clock; this one takes 5 and is told the time at which the packet came.
 */
export function plainMessageEvents({ target, dispatching, stopped }: DispatchProperties): MessageEvents {
  class PlainMessageEvent {
    /** [DOM] 2.2: an event's own property. */
    isTrusted = true;
    // What Node's dispatch writes, and what `stopImmediatePropagation` tells it.
    [state: symbol]: unknown;
    #isFiring = false;
    #dispatching = false;
    readonly #data: unknown;
    readonly #arrival: Arrival;
    #cancelBubble = false;

    constructor(data: unknown, arrival: Arrival) {
      this.#data = data;
      this.#arrival = arrival;
    }

    static mark(event: object, isFiring: boolean): boolean {
      if (!(#isFiring in event)) return false;
      event.#isFiring = isFiring;
      return true;
    }

    get type() {
      return "message";
    }

    get data() {
      return this.#data;
    }

    get origin() {
      return this.#arrival.origin;
    }

    get lastEventId() {
      return "";
    }

    get source() {
      return null;
    }

    get ports() {
      return noPorts;
    }

    get timeStamp() {
      return this.#arrival.timeStamp;
    }

    // Node's dispatch sets this first of all: only a program's own dispatch finds us not firing.
    get [dispatching](): boolean {
      return this.#dispatching;
    }

    set [dispatching](value: boolean) {
      this.#dispatching = value;
      if (value && !this.#isFiring) this.isTrusted = false;
    }

    get target() {
      return this[target] ?? null;
    }

    get srcElement() {
      return this[target] ?? null;
    }

    get currentTarget() {
      return this.eventPhase === 0 ? null : this.target;
    }

    get eventPhase() {
      return this.#isFiring || this.#dispatching ? 2 : 0;
    }

    composedPath() {
      return this.eventPhase === 0 ? [] : [this.target];
    }

    stopPropagation() {
      this.#cancelBubble = true;
    }

    stopImmediatePropagation() {
      this.#cancelBubble = true;
      this[stopped] = true;
    }

    get cancelBubble() {
      return this.#cancelBubble;
    }

    set cancelBubble(value) {
      if (value) this.#cancelBubble = true;
    }

    get bubbles() {
      return false;
    }

    get cancelable() {
      return false;
    }

    get composed() {
      return false;
    }

    get defaultPrevented() {
      return false;
    }

    get returnValue() {
      return true;
    }

    // A message event can't be cancelled.
    set returnValue(_value) {}

    preventDefault() {}

    [inspect.custom](_depth: number, options: object) {
      const { type, data, origin, timeStamp } = this;
      return `MessageEvent ${inspect({ type, data, origin, timeStamp }, options)}`;
    }
  }
  standFor(PlainMessageEvent as unknown as typeof MessageEvent, MessageEvent);
  return {
    create: (data, arrival) => new PlainMessageEvent(data, arrival) as unknown as Event,
    mark: PlainMessageEvent.mark,
  };
}
