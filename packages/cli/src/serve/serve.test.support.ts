import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CloseEvent, messages, opened, WebSocket, type WebSocketOptions } from "openline";
import { type RunningCommand, startCommand } from "../testing-support/command.test.support.js";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";
import { within } from "../testing-support/guard.test.support.js";
import type { Scope } from "../testing-support/peers.test.support.js";

/** `openline serve` on a free port, gone with the end of `scope`. */
export async function startServe(
  scope: Scope,
  ...args: readonly string[]
): Promise<{ command: RunningCommand; url: string }> {
  const command = startCommand(["serve", "--port", "0", ...args]);
  scope.after(() => command.kill("SIGKILL"));
  return { command, url: await command.waitForLine() };
}

/** A client that is open, gone with the end of `scope`. */
export async function openClient(scope: Scope, url: string, options: WebSocketOptions = {}): Promise<Client> {
  const client = new Client(new WebSocket(url, options));
  scope.after(() => client.socket.close());
  await within(opened(client.socket), () => `the connection to ${url}`);
  return client;
}

/** A connection whose messages are read one by one. */
export class Client {
  readonly socket: WebSocket;
  readonly #messages: AsyncIterator<unknown>;
  readonly closed: Promise<CloseEvent>;

  constructor(socket: WebSocket) {
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.#messages = messages(socket)[Symbol.asyncIterator]();
    this.closed = new Promise((resolve) => {
      socket.addEventListener("close", (event) => resolve(event as CloseEvent));
    });
  }

  async next(): Promise<unknown> {
    const { value } = await within(this.#messages.next(), () => "a message");
    return value;
  }

  async end(): Promise<{ code: number; reason: string; wasClean: boolean }> {
    const { code, reason, wasClean } = await within(this.closed, () => "the end of the connection");
    return { code, reason, wasClean };
  }
}

let folder: string | undefined;

/** The path of a new module. */
export function moduleFile(source: string, name = "answers.mjs"): string {
  folder ??= temporaryFolder();
  const path = join(mkdtempSync(join(folder, "module-")), name);
  writeFileSync(path, source);
  return path;
}
