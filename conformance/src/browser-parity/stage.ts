import type { Line, OpenStream, Stage } from "./scene.js";
import type { EventObject, Platform, WebSocketObject } from "./web-interface.js";

export interface Signals {
  tell(step: string): void;
  told(step: string): Promise<void>;
}

export interface RecordingStage {
  readonly stage: Stage;
  readonly uncaught: (error: unknown) => void;
  /** The transcript as JSON, once the contents of all recorded Blobs are read. */
  transcript(): Promise<string>;
}

/**
 * Makes the stage of one scene. Its source text is sent to the page, so it refers to nothing outside itself but to
 * what Node and browsers both have.
 */
export function createStage(platform: Platform, port: number, signals: Signals): RecordingStage {
  const { WebSocket, WebSocketStream, WebSocketError, CloseEvent, MessageEvent } = platform;
  const client: Line[] = [];
  const uncaught: unknown[] = [];
  const reads: Promise<unknown>[] = [];

  const hex = (bytes: Uint8Array): string => {
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.length <= 64 ? digits : `${digits.slice(0, 64)}... ${bytes.length} bytes`;
  };

  const plainObject = (value: object): unknown => {
    if (value instanceof Error || value instanceof DOMException) {
      return {
        exception: value.name,
        code: value instanceof DOMException ? value.code : undefined,
        DOMException: value instanceof DOMException,
        TypeError: value instanceof TypeError,
        hasMessage: value.message !== "",
        ...(value instanceof WebSocketError ? { closeCode: value.closeCode, reason: value.reason } : {}),
      };
    }
    if (value instanceof Blob) {
      const line: Record<string, unknown> = { Blob: "", size: value.size, type: value.type };
      reads.push(
        value.arrayBuffer().then((buffer) => {
          line["Blob"] = hex(new Uint8Array(buffer));
        }),
      );
      return line;
    }
    if (value instanceof Uint8Array) return { Uint8Array: hex(value) };
    if (value instanceof ArrayBuffer) return { ArrayBuffer: hex(new Uint8Array(value)) };
    if (value instanceof WebSocket) return "<WebSocket>";
    if (value instanceof Event) return `<${Object.prototype.toString.call(value)} ${value.type}>`;
    if (Array.isArray(value)) return value.map(plain);
    if (Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
    }
    return Object.prototype.toString.call(value);
  };

  const plain = (value: unknown): unknown => {
    if (value === undefined) return "<undefined>";
    if (typeof value === "number" && !Number.isFinite(value)) return `<${value}>`;
    if (typeof value === "bigint") return `<${value}n>`;
    if (typeof value === "symbol") return `<${String(value)}>`;
    if (typeof value === "function") return `<function ${value.name}>`;
    if (typeof value === "string") {
      const text = value.replaceAll(`:${port}`, ":PORT");
      return text.length <= 200 ? text : `${text.slice(0, 200)}... ${text.length} units`;
    }
    return typeof value === "object" && value !== null ? plainObject(value) : value;
  };

  const record = (label: string, ...values: unknown[]): void => {
    client.push([label, ...values.map(plain)]);
  };

  const attempt = <T>(label: string, run: () => T): T | undefined => {
    try {
      const result = run();
      record(label, result);
      return result;
    } catch (error) {
      record(label, "throws", error);
      return undefined;
    }
  };

  const descriptors = (label: string, target: object, except: readonly string[] = []): void => {
    const shape = (f: unknown) => (typeof f === "function" ? [f.name, f.length, "prototype" in f] : "none");
    const keys = Reflect.ownKeys(target)
      .filter((key) => !except.includes(String(key)))
      .sort((a, b) => (String(a) < String(b) ? -1 : 1));
    record(`${label} keys`, keys);
    for (const key of keys) {
      const descriptor = Object.getOwnPropertyDescriptor(target, key) ?? {};
      const { value, get, set, enumerable, configurable, writable } = descriptor;
      const shown = typeof value === "object" ? "object" : typeof value === "function" ? shape(value) : value;
      record(`${label} ${String(key)}`, {
        shown,
        get: shape(get),
        set: shape(set),
        enumerable,
        configurable,
        writable,
      });
    }
  };

  const state = (label: string, ws: WebSocketObject): void => {
    const { readyState, bufferedAmount, url, protocol, extensions, binaryType } = ws;
    record(label, { readyState, bufferedAmount, url, protocol, extensions, binaryType });
  };

  const seen = (label: string, event: EventObject, ws: WebSocketObject): void => {
    const fields: Record<string, unknown> = {
      type: event.type,
      tag: Object.prototype.toString.call(event),
      instanceOf: Object.entries({ Event, MessageEvent, CloseEvent })
        .filter(([, type]) => event instanceof type)
        .map(([name]) => name),
      isTrusted: event.isTrusted,
      bubbles: event.bubbles,
      cancelable: event.cancelable,
      composed: event.composed,
      cancelBubble: event.cancelBubble,
      defaultPrevented: event.defaultPrevented,
      returnValue: event.returnValue,
      eventPhase: event.eventPhase,
      targetIsIt: event.target === ws,
      currentTargetIsIt: event.currentTarget === ws,
      srcElementIsIt: event.srcElement === ws,
      pathIsIt: event.composedPath().length === 1 && event.composedPath()[0] === ws,
      timeStamp: typeof event.timeStamp,
    };
    for (const name of ["data", "origin", "lastEventId", "source", "code", "reason", "wasClean"] as const) {
      if (name in event) fields[name] = event[name];
    }
    if (event.ports !== undefined) fields["ports"] = event.ports.length;
    fields["readyState"] = ws.readyState;
    fields["bufferedAmount"] = ws.bufferedAmount;
    record(label, fields);
  };

  const watch = (ws: WebSocketObject): void => {
    for (const type of ["open", "message", "error", "close"]) {
      ws.addEventListener(type, (event) => seen("event", event, ws));
    }
  };

  const closed = (label: string, ws: WebSocketObject): Promise<void> =>
    new Promise((resolve) => {
      const listener = (event: EventObject) => {
        seen(label, event, ws);
        resolve();
      };
      ws.addEventListener("close", listener, { once: true });
    });

  const next = (target: WebSocketObject, type: string): Promise<EventObject> =>
    new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));

  const outcomes = async (
    label: string,
    promises: Readonly<Record<string, Promise<unknown>>> | readonly Promise<unknown>[],
  ): Promise<void> => {
    const names = Object.keys(promises);
    const settled = await Promise.allSettled(Object.values(promises));
    for (const [index, outcome] of settled.entries()) {
      if (outcome.status === "fulfilled") record(`${label} ${names[index]}`, "is", outcome.value);
      else record(`${label} ${names[index]}`, "rejects", outcome.reason);
    }
  };

  const openStream = async (options?: unknown): Promise<OpenStream> => {
    const stream = new WebSocketStream(`ws://127.0.0.1:${port}/`, options);
    const { readable, writable } = await stream.opened;
    return { stream, reader: readable.getReader(), writer: writable.getWriter() };
  };

  const ends = ({ stream, reader, writer }: OpenStream): Promise<void> =>
    outcomes("end", { stream: stream.closed, reader: reader.closed, writer: writer.closed });

  const tasks = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
  };

  const until = async (condition: () => boolean): Promise<void> => {
    const guard = performance.now() + 30_000;
    while (!condition()) {
      if (performance.now() > guard) throw new Error(`never came true: ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };

  return {
    stage: {
      WebSocket,
      WebSocketStream,
      WebSocketError,
      CloseEvent,
      MessageEvent,
      url: `ws://127.0.0.1:${port}/`,
      port,
      record,
      attempt,
      descriptors,
      state,
      closed,
      watch,
      next,
      outcomes,
      openStream,
      ends,
      tasks,
      until,
      tell: signals.tell,
      told: signals.told,
    },
    uncaught: (error) => uncaught.push(plain(error)),
    transcript: async () => {
      await Promise.all(reads);
      return JSON.stringify({ client, uncaught });
    },
  };
}
