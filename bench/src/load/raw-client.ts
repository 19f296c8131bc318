import { Buffer } from "node:buffer";
import { connect } from "node:net";
import { readHead, upgradeRequest } from "../peer/handshake.js";

/** A connection whose frames are all prepared. */
export interface RawClient {
  write(bytes: Buffer): void;
}

export interface RawClientOptions {
  readonly port: number;
  readonly offersDeflate: boolean;
  readonly onBytes: (count: number) => void;
}

interface BunSocket {
  write(bytes: Uint8Array | string): number;
}

interface BunGlobal {
  connect(options: {
    readonly hostname: string;
    readonly port: number;
    readonly socket: {
      readonly open: (socket: BunSocket) => void;
      readonly data: (socket: BunSocket, bytes: Uint8Array) => void;
      readonly error: (socket: BunSocket, error: Error) => void;
      readonly connectError: (socket: BunSocket, error: Error) => void;
      readonly close: () => void;
    };
  }): Promise<unknown>;
}

/**
 * A raw TCP connection that has left the opening handshake behind. Under Bun it uses Bun's own sockets: they cost
 * less than Node's do, so that one process of load is enough for the servers measured here.
 */
export function openRawClient(options: RawClientOptions): Promise<RawClient> {
  const { Bun } = globalThis as { Bun?: BunGlobal };
  return Bun === undefined ? openWithNode(options) : openWithBun(Bun, options);
}

function openWithNode({ port, offersDeflate, onBytes }: RawClientOptions): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    const handshake = new Handshake(onBytes, () => resolve(socket));
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    socket.once("error", reject);
    socket.once("connect", () => socket.write(upgradeRequest("/", port, offersDeflate)));
    socket.on("data", (chunk) => handshake.push(chunk));
  });
}

function openWithBun(bun: BunGlobal, { port, offersDeflate, onBytes }: RawClientOptions): Promise<RawClient> {
  return new Promise((resolve, reject) => {
    let opened: RawClient | undefined;
    const handshake = new Handshake(onBytes, () => opened !== undefined && resolve(opened));
    const write = (socket: BunSocket, bytes: Uint8Array | string): void => {
      if (socket.write(bytes) !== bytes.length)
        throw new Error("the server doesn't read what the load sends");
    };
    const connected = bun.connect({
      hostname: "127.0.0.1",
      port,
      socket: {
        open: (socket) => {
          opened = { write: (bytes) => write(socket, bytes) };
          write(socket, upgradeRequest("/", port, offersDeflate));
        },
        data: (_, bytes) => handshake.push(bytes),
        error: (_, error) => reject(error),
        connectError: (_, error) => reject(error),
        close: () => reject(new Error("the server closed a connection")),
      },
    });
    connected.catch(reject);
  });
}

/** Waits for the end of the server's answer; from then on only counts. */
class Handshake {
  #received: Buffer | undefined = Buffer.alloc(0);
  readonly #onBytes: (count: number) => void;
  readonly #onOpen: () => void;

  constructor(onBytes: (count: number) => void, onOpen: () => void) {
    this.#onBytes = onBytes;
    this.#onOpen = onOpen;
  }

  push(bytes: Uint8Array): void {
    if (this.#received === undefined) {
      this.#onBytes(bytes.length);
      return;
    }
    this.#received = Buffer.concat([this.#received, bytes]);
    const answer = readHead(this.#received);
    if (answer === undefined) return;
    const [status] = answer.head.split("\r\n");
    if (!status?.startsWith("HTTP/1.1 101")) throw new Error(`the server answered "${status}"`);
    const rest = this.#received.length - answer.end;
    this.#received = undefined;
    this.#onOpen();
    if (rest > 0) this.#onBytes(rest);
  }
}
