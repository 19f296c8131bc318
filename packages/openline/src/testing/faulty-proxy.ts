import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { BytePipe, type PipeConditions } from "./byte-pipe.js";
import { type Directions, includes } from "./direction.js";

/** What `FaultyProxy.start` takes. */
export interface FaultyProxyOptions {
  /** The server's port, on `host`. */
  readonly port: number;
  /** Default "127.0.0.1". */
  readonly host?: string;
  /** The port to listen on, on 127.0.0.1. Default: a free one. */
  readonly listenPort?: number;
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
  readonly #target: { readonly port: number; readonly host: string };
  readonly #passages = new Set<Passage>();
  readonly #conditions = { "to-server": newConditions(), "to-client": newConditions() };
  #reception: Reception = { kind: "forward" };
  #accepted = 0;

  private constructor(listener: Server, target: { port: number; host: string }) {
    this.#listener = listener;
    this.#target = target;
    listener.on("connection", (client) => this.#receive(client));
  }

  /** Listens on 127.0.0.1, and resolves once it does. */
  static async start({ port, host = "127.0.0.1", listenPort = 0 }: FaultyProxyOptions): Promise<FaultyProxy> {
    const listener = createServer({ allowHalfOpen: true, noDelay: true });
    const proxy = new FaultyProxy(listener, { port, host });
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
    for (const passage of this.#passages) this.#end(passage, (socket) => socket.resetAndDestroy());
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
      this.#forward(client);
      return;
    }
    const passage: Passage = { client, server: undefined, toServer: undefined, toClient: undefined };
    this.#watch(passage, client);
    client.resume();
    client.on("end", () => client.end());
    // An answer before the request would be none.
    if (reception.kind === "answer") client.once("data", () => client.end(reception.text));
  }

  #forward(client: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true });
    const cut = () => this.#end(passage, (socket) => socket.end(() => socket.destroy()));
    const passage: Passage = {
      client,
      server,
      toServer: new BytePipe(client, server, this.#conditions["to-server"], cut),
      toClient: new BytePipe(server, client, this.#conditions["to-client"], cut),
    };
    this.#watch(passage, client);
    this.#watch(passage, server);
    const end = Promise.all([passage.toServer?.run(), passage.toClient?.run()]);
    end.catch(() => this.#break(passage));
  }

  #watch(passage: Passage, socket: Socket): void {
    this.#passages.add(passage);
    // The error is followed by `close`.
    socket.on("error", () => {});
    socket.on("close", () => this.#break(passage));
  }

  /** One end is gone: so is the other, unless the connection is held and nobody may know. */
  #break(passage: Passage): void {
    const { client, server } = passage;
    const isOver = client.destroyed && (server === undefined || server.destroyed);
    if (isOver) {
      this.#passages.delete(passage);
    } else if (client.errored || server?.errored) {
      this.#whenFree(client.destroyed ? "to-server" : "to-client", () => {
        if (this.#passages.has(passage)) this.#end(passage, (socket) => socket.resetAndDestroy());
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
      if (socket !== undefined && !socket.destroyed) end(socket);
    }
  }
}
