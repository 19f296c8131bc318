import type { ConnectionEvent, FrameEvent } from "../recording/connection-event.js";

// What the page and the local server say to each other over the control connection, as JSON. The page imports the types,
// so no Node module here.

/** One object under observation: the browser's own, or openline's in the server's process. */
export type SessionId = string;

/** What the page asks. `request` comes back in the answer. */
export type PageRequest =
  | {
      /** Opens a line to `url` for this session; `through: "node"` also makes openline's object on it. */
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
    }
  | {
      readonly type: "send";
      readonly request: number;
      readonly session: SessionId;
      readonly data: WireData;
      readonly count: number;
    }
  | { readonly type: "ping"; readonly request: number; readonly session: SessionId }
  | {
      readonly type: "close";
      readonly request: number;
      readonly session: SessionId;
      readonly code?: number;
      readonly reason?: string;
    }
  | { readonly type: "reconnect"; readonly request: number; readonly session: SessionId }
  /** Ends the session's object and its line. */
  | { readonly type: "forget"; readonly request: number; readonly session: SessionId }
  | { readonly type: "fault"; readonly request: number; readonly target: FaultTarget; readonly fault: Fault }
  | {
      readonly type: "fault-script";
      readonly request: number;
      readonly target: FaultTarget;
      readonly script: string;
    }
  /** The payload that a preview was cut from. */
  | {
      readonly type: "payload";
      readonly request: number;
      readonly connection: number;
      readonly frame: number;
    };

/** Text as it is, anything else in base64. */
export type WireData = { readonly text: string } | { readonly base64: string };

/** A session's line, or all lines (with `inspect`, the application's). */
export type FaultTarget = { readonly session: SessionId } | { readonly all: true };

export type FaultDirection = "to-server" | "to-client" | "both";

export type Fault =
  | { readonly kind: "delay"; readonly milliseconds: number; readonly direction: FaultDirection }
  /** `null` for as fast as it goes. */
  | { readonly kind: "throttle"; readonly bytesPerSecond: number | null; readonly direction: FaultDirection }
  | { readonly kind: "hold" | "release"; readonly direction: FaultDirection }
  | { readonly kind: "cut" | "reset" | "cut-inside-frame" | "drop-handshakes" | "heal" }
  | { readonly kind: "answer"; readonly status: number }
  /** The embedded server goes away (with 1001, or as in a crash), and comes back after so many milliseconds. */
  | { readonly kind: "restart-server"; readonly crash: boolean; readonly downFor: number };

/** What the server says. */
export type ServerMessage =
  | {
      readonly type: "hello";
      readonly version: string;
      readonly mode: "workbench" | "inspect";
      /** The embedded echo server; absent with `inspect`. */
      readonly echoUrl?: string;
      /** With `inspect`: where the application is to connect to, and where that leads. */
      readonly inspect?: { readonly proxyUrl: string; readonly targetUrl: string };
    }
  /** The answer to a `dial`: what the object is to be constructed with. */
  | { readonly type: "line"; readonly request: number; readonly session: SessionId; readonly url: string }
  | { readonly type: "done"; readonly request: number; readonly value?: unknown }
  | { readonly type: "refused"; readonly request: number; readonly message: string }
  /** What has passed on the lines, in batches. */
  | { readonly type: "wire"; readonly events: readonly WireEvent[] }
  /** What openline's objects did. */
  | { readonly type: "object"; readonly reports: readonly ObjectReport[] }
  /** Whether the embedded server is there. */
  | { readonly type: "server"; readonly isUp: boolean };

/** A frame as the page gets it: long payloads are cut, and asked for with `payload`. */
export interface WireFrame extends Omit<FrameEvent, "payload"> {
  /** The frame's number on its connection, from 0. */
  readonly frame: number;
  readonly data?: WireData;
  /** Bytes of the message before compression; set where `data` was cut. */
  readonly size?: number;
}

export type WireEvent = (Exclude<ConnectionEvent, FrameEvent> | WireFrame) & {
  /** Absent with `inspect`. */
  readonly session?: SessionId;
};

/** Something happened to an object: it was made, fired an event, or was told something. */
export interface ObjectReport {
  readonly session: SessionId;
  /** Milliseconds since 1970, with fractions. */
  readonly time: number;
  /** An event's type; or `"construct"`, `"send"`, `"close()"`, `"exception"`, `"sample"` for no more than the properties. */
  readonly what: string;
  /** The event's fields, in the order in which Chromium's console shows them; or what the call was given. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** The object right after. */
  readonly properties: ObjectProperties;
}

export type FieldValue = string | number | boolean | null | WireData;

export interface ObjectProperties {
  readonly url: string;
  readonly readyState: 0 | 1 | 2 | 3;
  readonly protocol: string;
  readonly extensions: string;
  readonly bufferedAmount: number;
  readonly binaryType: string;
}
