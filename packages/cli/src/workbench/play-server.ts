import { RestartingServer } from "openline/testing";
import { newSecret } from "./access.js";
import type { Place } from "./control-protocol.js";
import { plays } from "./plays.js";

type Name = Place["name"];

/** Milliseconds until the next try to come back, where the port is taken. */
const retryAfter = 1000;

/** The embedded server: an echo, and other places at which there is something to look at. Loopback only. */
export class PlayServer {
  readonly #server: RestartingServer;
  readonly #path: string;
  readonly #onChange: (isUp: boolean) => void;
  #comesBack: NodeJS.Timeout | undefined;
  #isUp = true;
  #isClosed = false;
  /** One change after the other. */
  #changes: Promise<void> = Promise.resolve();

  private constructor(server: RestartingServer, path: string, onChange: (isUp: boolean) => void) {
    this.#server = server;
    this.#path = path;
    this.#onChange = onChange;
  }

  /** @param origins where a page may connect from; programs, which send no `Origin`, may always. */
  static async start(
    origins: readonly string[],
    onChange: (isUp: boolean) => void = () => {},
  ): Promise<PlayServer> {
    // A page of another site doesn't guess it.
    const path = `/${newSecret()}`;
    const server = await RestartingServer.start({
      path,
      allowedOrigins: origins,
      // A client on a held line answers no close frame.
      closeTimeout: 1000,
      onConnection: (socket, { url = "" }) => {
        const name = url.slice(url.indexOf("?") + 1);
        plays[Object.hasOwn(plays, name) ? (name as Name) : "echo"](socket);
      },
    });
    return new PlayServer(server, path, onChange);
  }

  get places(): readonly Place[] {
    const names = Object.keys(plays) as Name[];
    return names.map((name) => ({
      name,
      url: `ws://127.0.0.1:${this.#server.port}${this.#path}?${name}`,
    }));
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Goes away, and comes back after so many milliseconds. @param crash whether connections are reset, or told 1001. */
  restart(crash: boolean, downFor: number): Promise<void> {
    return this.#then(async () => {
      if (this.#isClosed) return;
      if (this.#isUp) {
        this.#tell(false);
        await (crash ? this.#server.crash() : this.#server.stop());
      }
      this.#planReturn(downFor);
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#then(async () => {
      clearTimeout(this.#comesBack);
      if (this.#isUp) await this.#server.crash();
      this.#isUp = false;
    });
  }

  async #comeBack(): Promise<void> {
    if (this.#isUp || this.#isClosed) return;
    try {
      await this.#server.start();
    } catch {
      this.#planReturn(retryAfter);
      return;
    }
    this.#tell(true);
  }

  #planReturn(milliseconds: number): void {
    clearTimeout(this.#comesBack);
    this.#comesBack = setTimeout(() => void this.#then(() => this.#comeBack()), milliseconds);
  }

  #tell(isUp: boolean): void {
    this.#isUp = isUp;
    this.#onChange(isUp);
  }

  #then(change: () => Promise<void>): Promise<void> {
    this.#changes = this.#changes.then(change);
    return this.#changes;
  }
}
