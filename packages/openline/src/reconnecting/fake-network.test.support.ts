import { CloseEvent } from "../websocket/close-event.js";
import type { Environment, Page, SendData, WebSocketLike } from "./environment.js";
import type { FakeClock } from "./fake-clock.test.support.js";
import { watchTaking } from "./movement.js";
import { isWorthRetrying } from "./refusal.js";

/** A connection whose peer, and whose network, is the test. */
export class FakeConnection extends EventTarget implements WebSocketLike {
  readonly url: string;
  readonly protocols: unknown;
  readonly sent: SendData[] = [];
  readonly closeCalls: [code: number | undefined, reason: string | undefined][] = [];
  /** Resolves or rejects the pings, in their order. */
  readonly pings: (PromiseWithResolvers<unknown> & { readonly sentBefore: number })[] = [];
  readyState = 0;
  protocol = "";
  extensions = "";
  bufferedAmount = 0;
  binaryType = "blob";
  isTerminated = false;

  constructor(url: string | URL, protocols?: unknown) {
    super();
    this.url = String(new URL(url));
    this.protocols = protocols;
  }

  send(data: SendData): void {
    if (this.readyState === 0) throw new DOMException("still CONNECTING", "InvalidStateError");
    if (this.readyState === 1) this.sent.push(data);
  }

  close(code?: number, reason?: string): void {
    if (code !== undefined && code !== 1000 && !(code >= 3000 && code <= 4999)) {
      throw new DOMException("wrong code", "InvalidAccessError");
    }
    if (Buffer.byteLength(reason ?? "") > 123) throw new DOMException("long reason", "SyntaxError");
    this.closeCalls.push([code, reason]);
    if (this.readyState < 2) this.readyState = 2;
  }

  accept(protocol = ""): void {
    this.readyState = 1;
    this.protocol = protocol;
    this.dispatchEvent(new Event("open"));
  }

  receive(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data, origin: "ws://fake" }));
  }

  /** The connection is lost, or could not be opened. */
  fail(error: unknown = new Error("fake failure")): void {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("error"), { error }));
    this.#closed(1006, "", false);
  }

  /** The closing handshake is through. */
  finish(code = 1000, reason = ""): void {
    this.readyState = 3;
    this.#closed(code, reason, true);
  }

  #closed(code: number, reason: string, wasClean: boolean): void {
    this.dispatchEvent(new CloseEvent("close", { code, reason, wasClean }));
  }
}

interface PromiseWithResolvers<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((...both) => {
    [resolve, reject] = both;
  });
  return { promise, resolve, reject };
}

/** All connections that were tried, and the platform they are tried on. */
export class FakeNetwork {
  readonly connections: FakeConnection[] = [];
  /** What becomes of a new connection; nothing unless a test says so. */
  onDial: (connection: FakeConnection) => void = () => {};
  readonly environment: Environment;

  constructor(clock: FakeClock, { canPing = false, page }: { canPing?: boolean; page?: Page } = {}) {
    const dialled = (connection: FakeConnection) => {
      this.connections.push(connection);
      this.onDial(connection);
    };
    this.environment = {
      clock,
      CloseEvent,
      isWorthRetrying,
      watchMovement: watchTaking,
      ...(page && { page }),
      WebSocket: class extends FakeConnection {
        constructor(url: string | URL, protocols?: unknown) {
          super(url, protocols);
          dialled(this);
        }
      },
      ...(canPing && {
        pinger: (connection) => () => {
          const { pings, sent } = connection as FakeConnection;
          const ping = { ...withResolvers<unknown>(), sentBefore: sent.length };
          pings.push(ping);
          return ping.promise;
        },
      }),
      terminate: (connection) => {
        (connection as FakeConnection).isTerminated = true;
        connection.close();
      },
    };
  }

  /** The connection that was tried last. */
  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error("No connection was tried");
    return last;
  }
}
