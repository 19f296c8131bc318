import {
  type CloseEventStatus,
  closeEvent,
  errorEvent,
  fire,
  fireAtHandler,
  messageEvent,
  openEvent,
} from "./fired-event.js";
import { HandlerAttributes, type HandlerType } from "./handler-attributes.js";
import type { Arrival } from "./received-message-event.js";
import type { Session } from "./session.js";
import type { SessionOwner } from "./session-owner.js";

/** Fires the events of a `WebSocket` object. [WS] 6 */
export class EventFiringOwner<O extends EventTarget> extends HandlerAttributes<O> implements SessionOwner {
  /** Told right before the `close` event. */
  onClosed: ((object: O) => void) | undefined;
  /** What the connection was failed with. */
  #failure: Error | undefined;

  opened(session: Session): void {
    const event = openEvent();
    // Messages that came with the handshake are told of after it.
    if (session.arrival !== undefined)
      session.arrival = { origin: session.origin, timeStamp: event.timeStamp };
    this.fire("open", this.onopen, event);
  }

  message(session: Session, data: string | ArrayBuffer, arrival: Arrival): void {
    const isBlob = typeof data !== "string" && session.binaryType === "blob";
    this.fire("message", this.onmessage, messageEvent(isBlob ? new Blob([data]) : data, arrival));
  }

  /** There is no event for it: `readyState` alone shows it. */
  closing(): void {}

  failed(_session: Session, error: Error): void {
    this.#failure = error;
    this.fire("error", this.onerror, errorEvent(error));
  }

  closed(session: Session, status: CloseEventStatus): void {
    this.onClosed?.(this.object);
    const event = closeEvent(status);
    session.ending = { event, error: this.#failure };
    this.fire("close", this.onclose, event);
  }

  /** There is no event for it: `bufferedAmount` alone shows it. */
  outputTaken(): void {}

  private fire(type: HandlerType, handler: object | null, event: Event): void {
    if (this.isAlone(type)) fireAtHandler(handler, this.object, event);
    else fire(this.object, event);
  }
}
