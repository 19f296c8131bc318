import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { BytePipe, type PipeConditions } from "./byte-pipe.js";
import { type Directions, includes } from "./direction.js";
import type { PassageObserver } from "./passage-observer.js";
import { resetSocket } from "./reset-socket.js";

/** What `FaultyProxy.start` takes. */
export interface FaultyProxyOptions {
  /** The server's port, on `host`. Needed unless there is `connect`. */
  readonly port?: number;
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** The port to listen on, on 127.0.0.1. Default: a free one. */
  readonly listenPort?: number;
  /** Makes the connection to the server, over TLS say, in place of one to `port` on `host`. */
  readonly connect?: () => Socket;
  /** Follows each connection on which something comes; only then the server is connected to. */
  readonly observe?: () => PassageObserver;
}

/** What becomes of a new connection. */
type Reception =
  | { readonly kind: "forward" }
  | { readonly kind: "silence" }
  | { readonly kind: "answer"; readonly text: string };

/** The two ends of one connection, and the pipes between them. */
interface Passage {
  readonly client: Socket;
  readonly server: Socket | undefined;
  readonly toServer: BytePipe | undefined;
  readonly toClient: BytePipe | undefined;
  readonly observer: PassageObserver | undefined;
}

function newConditions(): PipeConditions {
  return { delay: 0, rate: Infinity, isHeld: false, changed: new EventTarget() };
}

/**
 * A TCP proxy between a client and a server that does to their connections what networks do: delays, throttles, holds
 * bytes without a word (half-open), cuts, resets, cuts inside a frame, drops handshakes, answers in the server's place.
 */
export class FaultyProxy {
  readonly #listener: Server;
  readonly #connect: () => Socket;
  readonly #observe: (() => PassageObserver) | undefined;
  readonly #passages = new Set<Passage>();
  /** What each passage's network said first. */
  readonly #errors = new WeakMap<Passage, Error>();
  readonly #conditions = { "to-server": newConditions(), "to-client": newConditions() };
  #reception: Reception = { kind: "forward" };
  #accepted = 0;
  #onLeave = () => {};

  private constructor(listener: Server, connectToServer: () => Socket, observe?: () => PassageObserver) {
    this.#listener = listener;
    this.#connect = connectToServer;
    this.#observe = observe;
    listener.on("connection", (client) => this.#receive(client));
  }

  /** Listens on 127.0.0.1, and resolves once it does. */
  static async start(options: FaultyProxyOptions): Promise<FaultyProxy> {
    const { port, host = "127.0.0.1", listenPort = 0, observe } = options;
    if (port === undefined && options.connect === undefined) {
      throw new TypeError("A FaultyProxy needs the option port or the option connect");
    }
    const connectToServer =
      options.connect ?? (() => connect({ port: port ?? 0, host, allowHalfOpen: true, noDelay: true }));
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new FaultyProxy(listener, connectToServer, observe);
    await once(listener.listen(listenPort, "127.0.0.1"), "listening");
    return proxy;
  }

  /** The port to connect to. */
  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** `ws:` URL of the proxy. */
  get url(): string {
    return `ws://127.0.0.1:${this.port}/`;
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#passages.size;
  }

  /** How many connections there have been. */
  get accepted(): number {
    return this.#accepted;
  }

  /** Each byte takes so many milliseconds longer. */
  delay(milliseconds: number, directions: Directions = "both"): void {
    this.#change(directions, { delay: milliseconds });
  }

  /** So many bytes a second pass on each connection; Infinity for as fast as it goes. */
  throttle(bytesPerSecond: number, directions: Directions = "both"): void {
    this.#change(directions, { rate: bytesPerSecond });
  }

  /** Nothing passes any more, not even an end: each side believes that the connection is there. */
  hold(directions: Directions = "both"): void {
    this.#change(directions, { isHeld: true });
  }

  /** What was held passes, late as it is. */
  release(directions: Directions = "both"): void {
    this.#change(directions, { isHeld: false });
  }

  /** Ends all connections, in both directions, without a closing handshake. */
  cut(): void {
    for (const passage of this.#passages) this.#end(passage, (socket) => socket.end(() => socket.destroy()));
  }

  /** Resets all connections. */
  reset(): void {
    for (const passage of this.#passages) this.#end(passage, resetSocket);
  }

  /** Cuts each connection in the midst of the next frame that passes. */
  cutInsideFrame(direction: Exclude<Directions, "both"> = "to-client"): void {
    for (const { toServer, toClient } of this.#passages) {
      (direction === "to-server" ? toServer : toClient)?.cutInsideNext();
    }
  }

  /** New connections are accepted, and their handshakes never answered. */
  dropHandshakes(): void {
    this.#reception = { kind: "silence" };
  }

  /** New connections get this HTTP answer in the server's place. */
  answer(status: number, headers: Readonly<Record<string, string>> = {}): void {
    const lines = Object.entries({ ...headers, Connection: "close", "Content-Length": "0" }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    this.#reception = { kind: "answer", text: [`HTTP/1.1 ${status} Fault`, ...lines, "", ""].join("\r\n") };
  }

  /** New connections reach the server again. */
  forward(): void {
    this.#reception = { kind: "forward" };
  }

  /** Back to a proxy without faults; what is gone is gone. */
  heal(): void {
    this.#change("both", { delay: 0, rate: Infinity, isHeld: false });
    this.forward();
  }

  /** Resets all connections and stops to listen. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    this.reset();
    await closed;
    while (this.#passages.size > 0) await new Promise<void>((resolve) => (this.#onLeave = resolve));
  }

  #change(directions: Directions, change: Partial<PipeConditions>): void {
    for (const direction of ["to-server", "to-client"] as const) {
      if (!includes(directions, direction)) continue;
      const conditions = this.#conditions[direction];
      Object.assign(conditions, change);
      conditions.changed.dispatchEvent(new Event("change"));
    }
  }

  #receive(client: Socket): void {
    this.#accepted++;
    const reception = this.#reception;
    if (reception.kind === "forward") {
      if (this.#observe === undefined) this.#forward(client);
      else this.#forwardOnceAsked(client);
      return;
    }
    const observer = this.#observe?.();
    const passage: Passage = {
      client,
      server: undefined,
      toServer: undefined,
      toClient: undefined,
      observer,
    };
    this.#watch(passage, client);
    client.on("data", (bytes) => observer?.toServer(bytes));
    client.on("end", () => client.end());
    // An answer before the request would be none.
    if (reception.kind === "answer")
      client.once("data", () => this.#answer(passage, Buffer.from(reception.text)));
  }

  #answer({ client, observer }: Passage, answer: Uint8Array): void {
    observer?.toClient(answer);
    client.end(answer);
  }

  /** Browsers connect ahead of time, and a request may be one that somebody refuses. */
  #forwardOnceAsked(client: Socket): void {
    const passage = {
      client,
      server: undefined,
      toServer: undefined,
      toClient: undefined,
      observer: undefined,
    };
    this.#watch(passage, client);
    client.once("readable", () => {
      if (!this.#passages.delete(passage)) return;
      if (client.readableLength > 0) this.#forward(client);
      else client.destroy();
    });
  }

  #forward(client: Socket): void {
    const server = this.#connect();
    const observer = this.#observe?.();
    const { "to-server": toServer, "to-client": toClient } = this.#conditions;
    const cut = () => this.#end(passage, (socket) => socket.end(() => socket.destroy()));
    const passage: Passage = {
      client,
      server,
      toServer: new BytePipe(client, server, toServer, cut, (bytes) => this.#toServer(passage, bytes)),
      toClient: new BytePipe(server, client, toClient, cut, (bytes) => {
        observer?.toClient(bytes);
        return bytes;
      }),
      observer,
    };
    this.#watch(passage, client);
    this.#watch(passage, server);
    const end = Promise.all([passage.toServer?.run(), passage.toClient?.run()]);
    end.catch(() => this.#break(passage));
  }

  #toServer(passage: Passage, bytes: Buffer): Uint8Array {
    const given = passage.observer?.toServer(bytes) ?? bytes;
    if (!("answer" in given)) return given;
    passage.toServer?.stop();
    passage.toClient?.stop();
    passage.server?.destroy();
    // Bytes that nobody reads would make a reset of the end.
    passage.client.resume();
    this.#answer(passage, given.answer);
    return noBytes;
  }

  #watch(passage: Passage, socket: Socket): void {
    this.#passages.add(passage);
    // The error is followed by `close`.
    socket.on("error", (error) => {
      if (!this.#errors.has(passage)) this.#errors.set(passage, error);
    });
    socket.on("close", () => this.#break(passage));
  }

  /** One end is gone: so is the other, unless the connection is held and nobody may know. */
  #break(passage: Passage): void {
    const { client, server } = passage;
    const isOver = client.destroyed && (server === undefined || server.destroyed);
    if (isOver) {
      if (this.#passages.delete(passage)) passage.observer?.ended(this.#errors.get(passage));
      this.#onLeave();
    } else if (client.errored || server?.errored) {
      this.#whenFree(client.destroyed ? "to-server" : "to-client", () => {
        if (this.#passages.has(passage)) this.#end(passage, resetSocket);
      });
    }
  }

  #whenFree(direction: Exclude<Directions, "both">, act: () => void): void {
    const conditions = this.#conditions[direction];
    if (!conditions.isHeld) act();
    else conditions.changed.addEventListener("change", () => this.#whenFree(direction, act), { once: true });
  }

  #end(passage: Passage, end: (socket: Socket) => void): void {
    const { client, server, toServer, toClient } = passage;
    toServer?.stop();
    toClient?.stop();
    for (const socket of [client, server]) {
      if (socket === undefined || socket.destroyed) continue;
      // There is nothing to end or to reset yet, and perhaps there never will be.
      if (socket.connecting) socket.destroy();
      else end(socket);
    }
  }
}

const noBytes = new Uint8Array(0);
