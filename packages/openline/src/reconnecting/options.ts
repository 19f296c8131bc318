import type { CloseEvent, SendData, WebSocketConstructor, WebSocketLike } from "./environment.js";

/** A value, or a function that is asked for it anew at each attempt. */
export type Source<T> = T | ((attempt: number, lastClose: CloseEvent | undefined) => T | PromiseLike<T>);

/** Subprotocols, or the options that the platform's constructor takes in their place, such as openline's `headers`. */
export type Protocols = string | readonly string[] | object | undefined;

/** Messages that wait for the line. */
export interface QueueOptions {
  /** Most messages that wait. Default 10,000. */
  readonly maxMessages?: number;
  /** Most bytes that wait. Default 16 MiB. */
  readonly maxBytes?: number;
  /** What happens at the limit. Default `"throw"`: a QuotaExceededError. */
  readonly overflow?: "throw" | "drop-oldest" | "drop-newest";
}

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
  /** After how much silence a probe is sent; Infinity for never. Default 20,000. */
  readonly idle?: number;
  /** How long a probe's answer, or the closing handshake, may take. Default 10,000. */
  readonly timeout?: number;
  /** How much silence is death where no probe can be sent. Default Infinity. */
  readonly maxSilence?: number;
  readonly heartbeat?: HeartbeatOptions;
  /** Whether there is a point in another attempt. Default: `isWorthRetrying`. */
  readonly shouldReconnect?: (closeEvent: CloseEvent, attempt: number) => boolean;
  /** Sends what has to come first on each connection. Queued messages wait for its promise. */
  readonly onOpen?: (connection: WebSocketLike) => unknown;
  /** `false` for the plain object's behaviour: `send` throws while CONNECTING. */
  readonly queue?: false | QueueOptions;
  /** Whether `lost` events show the messages that were on the wire, which have to be kept for that. Default false. */
  readonly keepSent?: boolean;
  /** Closes the object when it is aborted. */
  readonly signal?: AbortSignal;
}

export type Settings = Required<
  Omit<
    ReconnectingWebSocketOptions,
    "WebSocket" | "heartbeat" | "shouldReconnect" | "onOpen" | "queue" | "signal"
  >
> &
  Pick<ReconnectingWebSocketOptions, "WebSocket" | "heartbeat" | "shouldReconnect" | "onOpen" | "signal"> & {
    readonly queue: false | Required<QueueOptions>;
  };

export const defaultQueue: Required<QueueOptions> = {
  maxMessages: 10_000,
  maxBytes: 2 ** 24,
  overflow: "throw",
};

/** The longest delay that timers take. */
const maxTime = 2 ** 31 - 1;

type Check = readonly [passes: (value: unknown) => boolean, expected: string];

const between = (least: number, most: number, orInfinity?: boolean): Check => [
  (value) =>
    typeof value === "number" &&
    ((value >= least && value <= most) || (orInfinity === true && value === Infinity)),
  `a number from ${least} to ${most}${orInfinity ? ", or Infinity" : ""}`,
];
const time = between(1, maxTime);
const timeOrNever = between(1, maxTime, true);
const count = between(0, Number.MAX_SAFE_INTEGER, true);
const isA = (type: string): Check => [(value) => typeof value === type, `a ${type}`];
const isFunction = isA("function");
const isObject: Check = [(value) => typeof value === "object" && value !== null, "an object"];
const overflows = ["throw", "drop-oldest", "drop-newest"];

const checks: Readonly<Record<keyof ReconnectingWebSocketOptions, Check>> = {
  WebSocket: isFunction,
  minDelay: time,
  maxDelay: time,
  factor: between(1, 1000),
  stableAfter: between(0, maxTime),
  maxAttempts: between(1, Number.MAX_SAFE_INTEGER, true),
  connectTimeout: timeOrNever,
  idle: timeOrNever,
  timeout: time,
  maxSilence: timeOrNever,
  heartbeat: isObject,
  shouldReconnect: isFunction,
  onOpen: isFunction,
  queue: [(value) => value === false || isObject[0](value), "false or an object"],
  keepSent: isA("boolean"),
  signal: [(value) => value instanceof AbortSignal, "an AbortSignal"],
};
const queueChecks: Readonly<Record<keyof QueueOptions, Check>> = {
  maxMessages: count,
  maxBytes: count,
  overflow: [(value) => overflows.includes(value as string), `one of ${overflows.join(", ")}`],
};
const heartbeatChecks: Readonly<Record<keyof HeartbeatOptions, Check>> = {
  message: [(value) => typeof value === "string" || isObject[0](value), "a message"],
  isReply: isFunction,
};

/** @throws TypeError that names the option, the value and what was expected. */
export function readOptions(options: ReconnectingWebSocketOptions): Settings {
  const settings = {
    minDelay: 1000,
    maxDelay: 30_000,
    factor: 4,
    stableAfter: 10_000,
    maxAttempts: Infinity,
    connectTimeout: 15_000,
    idle: 20_000,
    timeout: 10_000,
    maxSilence: Infinity,
    keepSent: false,
    ...checked("", options, checks),
  };
  const { minDelay, maxDelay, queue, heartbeat } = settings;
  if (maxDelay < minDelay) refuse("maxDelay", maxDelay, `at least minDelay, which is ${minDelay}`);
  if (heartbeat !== undefined) {
    checked("heartbeat.", heartbeat, heartbeatChecks);
    if (heartbeat.message === undefined) refuse("heartbeat.message", undefined, "a message");
  }
  return {
    ...settings,
    queue: queue !== false && {
      ...defaultQueue,
      ...(queue && checked("queue.", queue, queueChecks)),
    },
  };
}

/** The options that are given, all of them known and right. */
function checked<T extends object>(prefix: string, options: T, known: Readonly<Record<string, Check>>): T {
  if (!isObject[0](options)) throw new TypeError(`The options are ${shown(options)}, but must be an object`);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const check = Object.hasOwn(known, name) ? known[name] : undefined;
    if (check === undefined) {
      throw new TypeError(`There is no option ${prefix}${name}; there are ${Object.keys(known).join(", ")}`);
    }
    const [passes, expected] = check;
    if (!passes(value)) refuse(prefix + name, value, expected);
  }
  return Object.fromEntries(given) as T;
}

function refuse(name: string, value: unknown, expected: string): never {
  throw new TypeError(`The option ${name} is ${shown(value)}, but must be ${expected}`);
}

function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
