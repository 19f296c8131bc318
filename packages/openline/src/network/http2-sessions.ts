import { createHash } from "node:crypto";
import type { ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import type { DialOptions } from "./dial-options.js";

/** Milliseconds that a session outlives its last WebSocket, for the next one. It keeps no process alive meanwhile. */
const idleTime = 500;

/** What opening a session came to: the server may have chosen HTTP/1.1, perhaps on a stream that is there. */
export type Opened = ClientHttp2Session | { readonly http1: Duplex | undefined };

/** A session and those that use it or wait for it. */
export class SharedSession {
  readonly #key: string;
  readonly #opened: Promise<Opened>;
  readonly #cancel = new AbortController();
  #session: ClientHttp2Session | undefined;
  #users = 0;
  /** Streams that are open, of at most as many as the server allows. */
  #streams = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(key: string, open: (signal: AbortSignal) => Promise<Opened>) {
    this.#key = key;
    this.#opened = open(this.#cancel.signal).then(
      (opened) => this.#use(opened),
      (error: unknown) => {
        this.forget();
        throw error;
      },
    );
    // Those who wait for it hear of it; there may be none left.
    this.#opened.catch(() => {});
  }

  /** The session once it is open. Each call counts as a user until it calls `release`. */
  join(): Promise<Opened> {
    this.#users++;
    clearTimeout(this.#idleTimer);
    this.#session?.ref();
    return this.#opened;
  }

  /** The last user to leave ends the attempt to open it, or the session a little later. */
  release(): void {
    this.#users--;
    if (this.#users > 0) return;
    const session = this.#session;
    if (session === undefined) {
      this.forget();
      this.#cancel.abort();
    } else if (!session.destroyed) {
      session.unref();
      this.#idleTimer = setTimeout(() => {
        this.forget();
        session.close();
      }, idleTime).unref();
    }
  }

  /** Whether the server allows one more stream; as far as is known before the session is open. */
  get hasRoom(): boolean {
    return this.#streams < (this.#session?.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY);
  }

  streamOpened(): void {
    this.#streams++;
  }

  streamClosed(): void {
    this.#streams--;
    this.release();
  }

  /** Takes no new users. */
  forget(): void {
    const all = sessions.get(this.#key);
    all?.delete(this);
    if (all?.size === 0) sessions.delete(this.#key);
  }

  #use(opened: Opened): Opened {
    if ("http1" in opened) {
      this.forget();
    } else {
      this.#session = opened;
      opened.once("goaway", () => this.forget());
      opened.once("close", () => this.forget());
    }
    return opened;
  }
}

const sessions = new Map<string, Set<SharedSession>>();

/** A session with room for one more stream, or a new one. */
export function sharedSession(
  options: DialOptions,
  open: (signal: AbortSignal) => Promise<Opened>,
): { shared: SharedSession; isNew: boolean } {
  const key = keyOf(options);
  const all = sessions.get(key) ?? new Set();
  for (const shared of all) {
    if (shared.hasRoom) return { shared, isNew: false };
  }
  const shared = new SharedSession(key, open);
  sessions.set(key, all.add(shared));
  return { shared, isNew: true };
}

/**
 * The same for objects that may share a session: same origin, same way there, same TLS settings. As a digest, since
 * there are secrets among them.
 */
function keyOf(options: DialOptions): string {
  const { url, http2, address, tls, socketPath, proxy, createConnection } = options;
  const { secureContext: _, ...settings } = tls;
  const parts = [url.origin, url.host, http2, address, settings, socketPath, proxy, createConnection];
  return createHash("sha256").update(JSON.stringify(parts, identified)).digest("base64");
}

const identities = new WeakMap<object, number>();
let lastIdentity = 0;

/** Functions are the same only if they are the very same one. */
function identified(_name: string, value: unknown): unknown {
  if (typeof value !== "function") return value;
  const identity = identities.get(value) ?? ++lastIdentity;
  identities.set(value, identity);
  return `function ${identity}`;
}
