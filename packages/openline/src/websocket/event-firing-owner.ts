import {
  type CloseEventStatus,
  closeEvent,
  errorEvent,
  fire,
  messageEvent,
  openEvent,
} from "./fired-event.js";
import type { Session } from "./session.js";
import type { SessionOwner } from "./session-owner.js";

/** Fires the events of a `WebSocket` object. [WS] 6 */
export class EventFiringOwner implements SessionOwner {
  readonly #object: EventTarget;
  #error: Error | undefined;

  constructor(object: EventTarget) {
    this.#object = object;
  }

  opened(session: Session): void {
    const event = openEvent();
    // Messages that came with the handshake are told of after it.
    session.arrival = Math.max(session.arrival, event.timeStamp);
    fire(this.#object, event);
  }

  message(session: Session, data: string | ArrayBuffer): void {
    const isBlob = typeof data !== "string" && session.binaryType === "blob";
    fire(this.#object, messageEvent(isBlob ? new Blob([data]) : data, session.origin, session.arrival));
  }

  /** There is no event for it: `readyState` alone shows it. */
  closing(): void {}

  failed(_session: Session, error: Error): void {
    this.#error = error;
    fire(this.#object, errorEvent(error));
  }

  closed(session: Session, status: CloseEventStatus): void {
    const event = closeEvent(status);
    session.ending = { event, error: this.#error };
    fire(this.#object, event);
  }

  /** There is no event for it: `bufferedAmount` alone shows it. */
  outputTaken(): void {}
}
