import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { PeerConnection } from "./peer-connection.js";
import { Steps } from "./steps.js";

/** The server of one scene: a plain TCP server that does only what the scene's script says. */
export class Peer {
  /** What the clients sent, as plain JSON values. */
  readonly wire: unknown[] = [];
  /** Steps the client's script reached, and steps this script tells the client. */
  readonly reached = new Steps();
  readonly told = new Steps();
  readonly port: number;
  readonly #server: Server;
  readonly #connections: PeerConnection[] = [];
  readonly #waiting: ((connection: PeerConnection) => void)[] = [];
  readonly #unclaimed: PeerConnection[] = [];

  #script: ((connection: PeerConnection) => Promise<void>) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket: Socket) => this.#connected(socket));
  }

  static async listen(): Promise<Peer> {
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new Peer(server);
  }

  /** The next TCP connection, in the order of their coming. */
  connection(): Promise<PeerConnection> {
    const unclaimed = this.#unclaimed.shift();
    if (unclaimed) return Promise.resolve(unclaimed);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** The next connection, its opening handshake answered. */
  async accepted(...rest: Parameters<PeerConnection["accept"]>): Promise<PeerConnection> {
    const connection = await this.connection();
    await connection.accept(...rest);
    return connection;
  }

  /** Plays the same script with every connection to come. */
  serve(script: (connection: PeerConnection) => Promise<void>): void {
    this.#script = script;
  }

  /** Gives the port up: whoever connects from now on is refused. */
  async stopListening(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Ends what is still open, lets the client end its side, and stops listening. */
  async dismiss(): Promise<void> {
    await Promise.all(this.#connections.map((connection) => connection.dismiss()));
    this.#server.close();
  }

  #connected(socket: Socket): void {
    const connection = new PeerConnection(socket, this.wire);
    this.#connections.push(connection);
    const claim = this.#waiting.shift();
    if (this.#script) void this.#script(connection);
    else if (claim) claim(connection);
    else this.#unclaimed.push(connection);
  }
}
