import {
  type CloseEvent,
  type Environment,
  noop,
  type SendData,
  type WebSocketConstructor,
  type WebSocketLike,
} from "./environment.js";
import { toMessage } from "./outgoing-message.js";

/** A value, or a function that is asked for it anew at each attempt. */
export type Source<T> = T | ((attempt: number, lastClose: CloseEvent | undefined) => T | PromiseLike<T>);

/** Subprotocols, or the options that the platform's constructor takes in their place, such as openline's `headers`. */
export type Protocols = string | readonly string[] | object | undefined;

/** The application's own ping, where the platform has none. */
export interface HeartbeatOptions {
  /** What is sent to ask for a sign of life. */
  readonly message: SendData;
  /** Tells an answer, which is then no `message` of the application's. Without it any message is a sign of life. */
  readonly isReply?: (data: unknown) => boolean;
}

/** What `new ReconnectingWebSocket(url, protocols, options)` takes. All times are milliseconds. */
export interface ReconnectingWebSocketOptions {
  /** The class of the connections. Default: openline's own in Node.js, the platform's in a browser. */
  readonly WebSocket?: WebSocketConstructor;
  /** The shortest delay before an attempt. Default 1,000. */
  readonly minDelay?: number;
  /** The longest delay before an attempt. Default 30,000. */
  readonly maxDelay?: number;
  /** How much longer than the last one the next delay may be. Default 4. */
  readonly factor?: number;
  /** How long a connection has to stay up before the delays start from the shortest again. Default 10,000. */
  readonly stableAfter?: number;
  /** How many attempts in a row may fail. Default Infinity. */
  readonly maxAttempts?: number;
  /** How long an attempt may take: the URL, the opening handshake and `onOpen`. Default 15,000. */
  readonly connectTimeout?: number;
  /**
   * After how much silence a probe is sent; Infinity for never. Default 20,000. A twentieth of it after a message has
   * been sent, a ping asks whether it has arrived.
   */
  readonly idle?: number;
  /** How long a probe's answer, or the closing handshake, may take. Default 10,000. */
  readonly timeout?: number;
  /** How much silence is death where no probe can be sent. Default Infinity. */
  readonly maxSilence?: number;
  /** The application's own probe and its answer, for pages, which can't send pings. */
  readonly heartbeat?: HeartbeatOptions;
  /** Whether there is a point in another attempt. Default: `isWorthRetrying`. */
  readonly shouldReconnect?: (closeEvent: CloseEvent, attempt: number) => boolean;
  /** Sends what has to come first on each connection. Queued messages wait for its promise. */
  readonly onOpen?: (connection: WebSocketLike) => unknown;
  /** `false` for the plain object's behaviour: `send` throws while CONNECTING. Default true. */
  readonly queue?: boolean;
  /** Most messages that wait for the line. Default 10,000. */
  readonly maxQueuedMessages?: number;
  /** Most bytes that wait for the line. Default 16 MiB. */
  readonly maxQueuedBytes?: number;
  /** What happens at these limits. Default `"throw"`: `send` throws a QuotaExceededError. */
  readonly overflow?: "throw" | "drop-oldest" | "drop-newest";
  /** Whether `lost` events show the messages that were on the wire, which have to be kept for that. Default false. */
  readonly keepSent?: boolean;
  /** Closes the object when it is aborted. */
  readonly signal?: AbortSignal;
}

type Optional = "heartbeat" | "signal";

/** The options of one object, checked and complete. */
export type Settings = Required<Omit<ReconnectingWebSocketOptions, Optional>> &
  Pick<ReconnectingWebSocketOptions, Optional>;

/** Each option's default, which is also an example of what it has to be. */
const defaults = {
  minDelay: 1000,
  maxDelay: 30_000,
  factor: 4,
  stableAfter: 10_000,
  maxAttempts: Infinity,
  connectTimeout: 15_000,
  idle: 20_000,
  timeout: 10_000,
  maxSilence: Infinity,
  onOpen: noop,
  queue: true,
  maxQueuedMessages: 10_000,
  maxQueuedBytes: 2 ** 24,
  overflow: "throw",
  keepSent: false,
} as const;
/** What the options without a default have to be like. */
const examples = { WebSocket: noop, shouldReconnect: noop, heartbeat: {}, signal: AbortSignal.prototype };
const overflows: readonly string[] = ["throw", "drop-oldest", "drop-newest"];

/** @throws TypeError that names the option, the value and what was expected. */
export function readOptions(
  options: ReconnectingWebSocketOptions,
  { WebSocket, isWorthRetrying: shouldReconnect }: Pick<Environment, "WebSocket" | "isWorthRetrying">,
): Settings {
  const settings: Settings = { WebSocket, shouldReconnect, ...defaults };
  check("", options, { ...defaults, ...examples }, settings as unknown as Record<string, unknown>);
  const { minDelay, maxDelay, overflow, heartbeat } = settings;
  if (maxDelay < minDelay || maxDelay === Infinity) refuse("maxDelay", maxDelay, `finite, from ${minDelay}`);
  if (!overflows.includes(overflow)) refuse("overflow", overflow, `one of ${overflows}`);
  if (heartbeat) {
    const { message } = heartbeat;
    // A message is its own example.
    if (toMessage(message) !== message) refuse("heartbeat.message", message, "text or bytes");
    check("heartbeat.", heartbeat, { message, isReply: noop });
  }
  return settings;
}

/** Takes the options that are given over into `settings`, if all are known and like their examples. */
function check(
  prefix: string,
  given: object,
  examples: Record<string, unknown>,
  settings: Record<string, unknown> = {},
): void {
  for (const [name, value] of Object.entries(given)) {
    if (!(name in examples)) throw new TypeError(`No option ${prefix}${name}`);
    if (value === undefined) continue;
    const type = typeof examples[name];
    const like = Object(examples[name]).constructor;
    const isLike = type === "object" ? value instanceof like : typeof value === type;
    if (!isLike || !(type !== "number" || value >= 1)) {
      refuse(prefix + name, value, type === "number" ? "a number from 1" : `of type ${like.name}`);
    }
    settings[name] = value;
  }
}

export function refuse(name: string, value: unknown, expected: string): never {
  const shown = typeof value === "string" ? `"${value}"` : String(value);
  throw new TypeError(`The option ${name} is ${shown}, but must be ${expected}`);
}
