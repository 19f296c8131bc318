import type { EndEvent, FrameEvent, RequestEvent, ResponseEvent } from "../recording/connection-event.js";

// What the page and the local server say to each other over the control connection, one JSON object a message. The page
// imports these types, so no Node module here.
//
// Beside the control connection there is HTTP, relative to the page's address:
//   recording.har                    the whole recording, as a file; `?connections=1,2` for these only
//   payload/CONNECTION/FRAME         the payload that a preview was cut from

/** One object under observation: the browser's own, or openline's in the server's process. The page chooses the name. */
export type SessionId = string;

/** What the page asks. `request` comes back in the answer: `line`, `done` or `refused`. */
export type PageRequest =
  | DialRequest
  | SendRequest
  | { readonly type: "ping"; readonly request: number; readonly session: SessionId }
  | {
      readonly type: "close";
      readonly request: number;
      readonly session: SessionId;
      readonly code?: number;
      readonly reason?: string;
    }
  /** `ReconnectingWebSocket`'s own method. */
  | { readonly type: "reconnect"; readonly request: number; readonly session: SessionId }
  | {
      readonly type: "binary-type";
      readonly request: number;
      readonly session: SessionId;
      readonly binaryType: "blob" | "arraybuffer";
    }
  /** Ends the session's object and its line. */
  | { readonly type: "forget"; readonly request: number; readonly session: SessionId }
  | {
      readonly type: "fault";
      readonly request: number;
      readonly target: FaultTarget;
      readonly fault: Fault;
    }
  /** Starts a script; `script` messages tell how it goes. A script that runs on the same target is stopped. */
  | {
      readonly type: "fault-script";
      readonly request: number;
      readonly target: FaultTarget;
      readonly script: string;
    }
  | { readonly type: "stop-script"; readonly request: number; readonly target: FaultTarget }
  /** Empties the recording. */
  | { readonly type: "clear"; readonly request: number }
  /** Has no answer: tells that the page is through with a batch, so that the next ones may come. */
  | { readonly type: "seen"; readonly batch: number };

/** Opens a line to `url` for this session; `through: "node"` also makes openline's object on it. */
export interface DialRequest {
  readonly type: "dial";
  readonly request: number;
  readonly session: SessionId;
  readonly through: "browser" | "node";
  readonly url: string;
  readonly protocols: readonly string[];
  /** Added to the opening handshake by the line, so the browser's own object can have them, too. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** `ReconnectingWebSocket` in place of `WebSocket`. */
  readonly reconnecting: boolean;
  /** Only with `reconnecting` and `through: "node"`. */
  readonly reconnectingOptions?: ReconnectingOptions;
  /** Only with `through: "node"`. Default "blob", as the standard says. */
  readonly binaryType?: "blob" | "arraybuffer";
}

/** Those of `ReconnectingWebSocket`'s options that are numbers. */
export interface ReconnectingOptions {
  readonly minDelay?: number;
  readonly maxDelay?: number;
  readonly factor?: number;
  readonly stableAfter?: number;
  readonly maxAttempts?: number;
  readonly connectTimeout?: number;
  readonly idle?: number;
  readonly timeout?: number;
}

/** Only with `through: "node"`; `done` comes once the last of `count` messages was given to `send`. */
export interface SendRequest {
  readonly type: "send";
  readonly request: number;
  readonly session: SessionId;
  readonly data: WireData;
  /** How often; from 1 to 1,000,000. */
  readonly count: number;
  /** Messages a second; as fast as it goes without. */
  readonly rate?: number;
}

/** Text as it is, anything else in base64. */
export type WireData = { readonly text: string } | { readonly base64: string };

/** The beginning of a payload, or all of it. */
export type Preview = WireData & {
  /** Whether it goes on: the rest is at `payload/CONNECTION/FRAME`. */
  readonly isCut?: true;
};

/** A session's line, or all lines (with `inspect`, the application's). */
export type FaultTarget = { readonly session: SessionId } | { readonly all: true };

export type FaultDirection = "to-server" | "to-client" | "both";

export type Fault =
  | { readonly kind: "delay"; readonly milliseconds: number; readonly direction: FaultDirection }
  /** `null` for as fast as it goes. */
  | {
      readonly kind: "throttle";
      readonly bytesPerSecond: number | null;
      readonly direction: FaultDirection;
    }
  | { readonly kind: "hold" | "release"; readonly direction: FaultDirection }
  | { readonly kind: "cut" | "reset" | "cut-inside-frame" | "drop-handshakes" | "heal" }
  /** New connections get this HTTP status in the server's place. */
  | { readonly kind: "answer"; readonly status: number }
  /** The embedded server goes away (with 1001, or as in a crash), and comes back after so many milliseconds. */
  | { readonly kind: "restart-server"; readonly crash: boolean; readonly downFor: number };

/** The faults that last, as they are on a line. */
export interface FaultState {
  readonly toServer: DirectionFaults;
  readonly toClient: DirectionFaults;
  /** What becomes of new connections: a number is the HTTP status that they are answered with. */
  readonly handshakes: "pass" | "drop" | number;
}

export interface DirectionFaults {
  /** Milliseconds that each byte takes longer. */
  readonly delay: number;
  readonly bytesPerSecond: number | null;
  readonly isHeld: boolean;
}

/** What the server says. */
export type ServerMessage =
  | HelloMessage
  /** The answer to a `dial`: what the object is to be constructed with, or was. */
  | {
      readonly type: "line";
      readonly request: number;
      readonly session: SessionId;
      readonly url: string;
    }
  /** `value` is a ping's round-trip time in milliseconds; nothing otherwise. */
  | { readonly type: "done"; readonly request: number; readonly value?: number }
  | { readonly type: "refused"; readonly request: number; readonly message: string }
  | BatchMessage
  /** The faults on a line have changed. No session: the application's lines, with `inspect`. */
  | { readonly type: "faults"; readonly session?: SessionId; readonly state: FaultState }
  | ScriptMessage
  /** Whether the embedded server is there. */
  | { readonly type: "server"; readonly isUp: boolean };

/** The first message. */
export interface HelloMessage {
  readonly type: "hello";
  readonly version: string;
  readonly mode: "workbench" | "inspect";
  /** The embedded server's places, the echo first; empty with `inspect`. */
  readonly places: readonly Place[];
  /** With `inspect`: where the application is to connect to, and where that leads. */
  readonly inspect?: { readonly proxyUrl: string; readonly targetUrl: string };
}

/** A URL of the embedded server at which there is something to look at. */
export interface Place {
  readonly name: "echo" | "ticker" | "binary" | "big" | "burst" | "closing";
  readonly url: string;
}

/** What has happened since the last batch; at most 20 a second. The page answers each with `seen`. */
export interface BatchMessage {
  readonly type: "batch";
  readonly batch: number;
  /** What has passed on the lines. */
  readonly wire: readonly WireEvent[];
  /** What openline's objects did. */
  readonly reports: readonly ObjectReport[];
  /** What there was no room for, because the page was too slow: it stands in the recording only. */
  readonly missed: readonly Missed[];
}

/** Frames that the page isn't told one by one, or reports of `message` events where `what` is "reports". */
export interface Missed {
  readonly what: "sent" | "received" | "reports";
  readonly session?: SessionId;
  /** Frames or reports. */
  readonly count: number;
  /** Of the frames, as `length` counts them. */
  readonly bytes: number;
}

/** How a script goes: with the number of the line that begins, from 1; or how it ended. */
export type ScriptMessage = { readonly type: "script"; readonly target: FaultTarget } & (
  | { readonly line: number }
  | { readonly ended: "finished" | "stopped" }
  | { readonly ended: "failed"; readonly message: string }
);

/** A frame as the page gets it: long payloads are cut. */
export interface WireFrame extends Omit<FrameEvent, "payload"> {
  /** The frame's number on its connection, from 0. */
  readonly frame: number;
  /** Where the event has a payload. */
  readonly data?: Preview;
  /** Bytes of the payload, inflated, where the event has one. */
  readonly size?: number;
}

/** No session: the application's, with `inspect`. */
export type WireEvent = (RequestEvent | ResponseEvent | WireFrame | EndEvent) & {
  readonly session?: SessionId;
};

/** Something happened to an object: it was made, fired an event, or was told something. */
export interface ObjectReport {
  readonly session: SessionId;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /**
   * An event's type; or `"construct"`, `"send"`, `"close()"`, `"reconnect()"`, `"binaryType"`, `"exception"`, or
   * `"sample"` for no more than the properties.
   */
  readonly what: string;
  /** The event's fields, in the order in which Chromium's console shows them; or what the call was given. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The object right after. */
  readonly properties: ObjectProperties;
}

/** `undefined` is for the page's own objects: JSON has none. */
export type FieldValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | (Preview & { readonly size: number })
  | ObjectValue;

/** An object as a console shows it: `Blob {size: 5, type: ""}`. */
export interface ObjectValue {
  /** Its interface's name, or what else a console shows without quotes: `undefined`. */
  readonly object: string;
  readonly fields?: Readonly<Record<string, FieldValue>>;
}

export interface ObjectProperties {
  readonly url: string;
  readonly readyState: 0 | 1 | 2 | 3;
  readonly protocol: string;
  readonly extensions: string;
  readonly bufferedAmount: number;
  readonly binaryType: string;
}
