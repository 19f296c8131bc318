import { ConnectionObserver, type ObservedEvent } from "openline/testing";
import { maskHeaders, maskUrl } from "openline/tracing";
import { now } from "../recording/clock.js";
import type { Recorder } from "../recording/recorder.js";

/** Records one connection of a line, from its first byte to its end. */
export class LineRecorder {
  readonly #recorder: Recorder;
  readonly #observer: ConnectionObserver;
  /** A browser connects ahead of time: as long as nobody says anything, there is nothing to record. */
  #connection: number | undefined;

  constructor(recorder: Recorder, secure: boolean) {
    this.#recorder = recorder;
    this.#observer = new ConnectionObserver((event) => this.#record(event), { secure });
  }

  clientSent(bytes: Uint8Array): void {
    this.#observer.clientSent(bytes);
  }

  serverSent(bytes: Uint8Array): void {
    this.#observer.serverSent(bytes);
  }

  /** @param error what the network has said, for an end without a closing handshake. */
  ended(error: string | undefined): void {
    const isSilent = this.#observer.bytesSent === 0 && this.#observer.bytesReceived === 0;
    if (!isSilent || error !== undefined) this.#observer.ended(error);
  }

  #record(event: ObservedEvent): void {
    // Told again as the error of the end.
    if (event.kind === "problem") return;
    this.#connection ??= this.#recorder.newConnection();
    const base = { connection: this.#connection, time: now() };
    if (event.kind === "frame" || event.kind === "end") this.#recorder.append({ ...event, ...base });
    else if (event.kind === "response") {
      this.#recorder.append({ ...event, ...base, headers: maskHeaders(event.headers) });
    } else {
      this.#recorder.append({
        ...event,
        ...base,
        url: maskUrl(event.url),
        headers: maskHeaders(event.headers),
      });
    }
  }
}
