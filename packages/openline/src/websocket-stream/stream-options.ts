import {
  defaultSettings,
  readSettings,
  type WebSocketOptions,
  type WebSocketSettings,
} from "../websocket/websocket-options.js";

/** What `new WebSocketStream(url, options)` takes: the proposal's options, and those of our `WebSocket`. */
export interface WebSocketStreamOptions extends Omit<WebSocketOptions, "protocols" | "signal"> {
  /** Subprotocols to ask for. */
  readonly protocols?: Iterable<string> | undefined;
  /** Aborts the opening handshake; without effect once the connection is open. */
  readonly signal?: AbortSignal | undefined;
}

/** Options, converted and checked. */
export interface StreamSettings {
  readonly subprotocols: readonly string[];
  readonly signal: AbortSignal | undefined;
  readonly settings: WebSocketSettings;
}

/**
 * [IDL] 3.2.17, conversion to the dictionary `WebSocketStreamOptions`.
 * @throws TypeError for what is no dictionary, and for a wrong option.
 */
export function readStreamOptions(options: unknown): StreamSettings {
  if (options === undefined || options === null) {
    return { subprotocols: [], signal: undefined, settings: defaultSettings };
  }
  if (typeof options !== "object" && typeof options !== "function") {
    throw new TypeError("WebSocketStream: the options are not an object");
  }
  const { protocols, signal, ...rest } = options as WebSocketStreamOptions;
  return {
    subprotocols: readProtocols(protocols),
    signal: readSignal(signal),
    settings: readSettings(rest),
  };
}

/** [IDL] 3.2.21, conversion to a sequence of strings: unlike for a `WebSocket`, a single string is none. */
function readProtocols(protocols: unknown): string[] {
  if (protocols === undefined) return [];
  if ((typeof protocols !== "object" && typeof protocols !== "function") || protocols === null) {
    throw new TypeError("The option protocols must be a list of strings");
  }
  return Array.from(iterate(protocols), (item) => `${item}`.toWellFormed());
}

function iterate(list: object): Iterable<unknown> {
  if (typeof (list as Partial<Iterable<unknown>>)[Symbol.iterator] === "function")
    return list as Iterable<unknown>;
  throw new TypeError("The option protocols must be a list of strings, but is not iterable");
}

function readSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined || signal instanceof AbortSignal) return signal;
  throw new TypeError("The option signal must be an AbortSignal");
}
