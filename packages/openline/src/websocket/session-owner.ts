import type { CloseEventStatus } from "./fired-event.js";
import type { Arrival } from "./received-message-event.js";
import type { Session } from "./session.js";

/** The object that a session belongs to, as the session sees it. Each call but `outputTaken` is a task of its own. */
export interface SessionOwner {
  /** The connection is open. */
  opened(session: Session): void;
  /** A message has come while the connection was open. */
  message(session: Session, data: string | ArrayBuffer, arrival: Arrival): void;
  /** The peer has started the closing handshake. */
  closing(session: Session): void;
  /** The connection could not be opened, or was failed; `closed` follows. */
  failed(session: Session, error: Error): void;
  /** The connection is gone. */
  closed(session: Session, status: CloseEventStatus): void;
  /** The network has taken all that was handed to it. */
  outputTaken(session: Session): void;
}
