import { now } from "../recording/clock.js";
import type { FieldValue, ObjectProperties, ObjectReport, SessionId } from "./control-protocol.js";
import { eventFields, shownValue } from "./event-fields.js";

// The same for openline's objects in the server and for the browser's own in the page, so no Node module here.

/** An object with the interface of `WebSocket`, also one that reconnects. */
export interface WatchableObject {
  readonly url: string;
  readonly readyState: number;
  readonly protocol: string;
  readonly extensions: string;
  readonly bufferedAmount: number;
  readonly binaryType: string;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

/** How `watchObject` watches. */
export interface WatchOptions {
  readonly session: SessionId;
  readonly report: (report: ObjectReport) => void;
  /** Asked before each `message` event is made into a report; `false` leaves it out. Default: there always is. */
  readonly hasRoom?: () => boolean;
  /** What a URL is shown as. Default: as it is. */
  readonly showUrl?: (url: string) => string;
}

/** The events of both classes; an object never fires those that it doesn't know. */
const eventTypes = ["open", "message", "error", "close", "reconnecting", "up", "down", "lost"];

/** Reports what an object does: every event as it fires, and what it is told through `tell`. */
export class ObjectWatch {
  readonly #object: WatchableObject;
  readonly #options: WatchOptions;
  #last: ObjectProperties | undefined;
  #shownUrl: { readonly url: string; readonly shown: string } | undefined;
  readonly #onEvent = (event: Event): void => {
    const { hasRoom = () => true } = this.#options;
    if (event.type === "message" && !hasRoom()) return;
    this.#report(event.type, eventFields(event));
  };

  /** Reports `"construct"` with `given`, and goes on until `stop`. */
  constructor(object: WatchableObject, options: WatchOptions, given: Readonly<Record<string, unknown>>) {
    this.#object = object;
    this.#options = options;
    for (const type of eventTypes) object.addEventListener(type, this.#onEvent);
    this.tell("construct", given);
  }

  get readyState(): number {
    return this.#object.readyState;
  }

  /** The object was told something: what, and with which arguments. */
  tell(what: string, given: Readonly<Record<string, unknown>>): void {
    const fields = Object.entries(given).map(([name, value]) => [name, shownValue(value)] as const);
    this.#report(what, Object.fromEntries(fields));
  }

  /** The object has thrown. */
  tellException(error: unknown, method: string): void {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    this.tell("exception", { method, name, message });
  }

  /** Reports the properties, if any has changed since the last report. */
  sample(): void {
    const properties = this.#properties();
    const last = this.#last;
    const names = Object.keys(properties) as (keyof ObjectProperties)[];
    if (last === undefined || names.some((name) => last[name] !== properties[name]))
      this.#report("sample", {});
  }

  stop(): void {
    for (const type of eventTypes) this.#object.removeEventListener(type, this.#onEvent);
  }

  #report(what: string, fields: Readonly<Record<string, FieldValue>>): void {
    const properties = this.#properties();
    this.#last = properties;
    this.#options.report({ session: this.#options.session, time: now(), what, fields, properties });
  }

  #properties(): ObjectProperties {
    const { url, readyState, protocol, extensions, bufferedAmount, binaryType } = this.#object;
    return {
      url: this.#showUrl(url),
      readyState: readyState as ObjectProperties["readyState"],
      protocol,
      extensions,
      bufferedAmount,
      binaryType,
    };
  }
  /** There may be a report for each message, and the URL hardly ever changes. */
  #showUrl(url: string): string {
    const { showUrl } = this.#options;
    if (showUrl === undefined) return url;
    if (this.#shownUrl?.url !== url) this.#shownUrl = { url, shown: showUrl(url) };
    return this.#shownUrl.shown;
  }
}
