import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import type { IncomingMessage } from "node:http";
import { basename, resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { drained, type SendData, type WebSocket } from "openline";
import { readFile } from "../connection-target.js";
import { UsageError } from "../exit.js";
import { answer, type Behaviour, type Client, isBehind, type ReceivedData } from "./client.js";

/** What the module of `--script` exports; at least one of the two. */
export interface Script {
  /** Called for each connection. */
  readonly default?: (socket: WebSocket, request: IncomingMessage) => unknown;
  /** Called for each message; what it gives back is the answer. */
  readonly message?: (data: ReceivedData, socket: WebSocket, request: IncomingMessage) => unknown;
}

/** Tells of an exception of the script's, and of the connection that it happened on, where that is known. */
export type ReportScriptError = (message: string, client: Client | undefined) => void;

/** The close code for a client whose script has failed: of those that programs may choose, the one like HTTP's 500. */
export const scriptFailed = 4500;

/** @throws UsageError if there is no such module, it fails, or it exports nothing that answers. */
export async function loadScript(path: string): Promise<Script> {
  readFile("--script", path);
  let exports: Readonly<Record<string, unknown>>;
  try {
    exports = await import(scriptUrl(path));
  } catch (error) {
    const place = error instanceof SyntaxError ? placeOfMistake(path) : "";
    throw new UsageError(`--script "${path}": ${describeScriptError(error, path)}${place}`);
  }
  const script = functionsOf(exports);
  if (Object.keys(script).length > 0) return script;
  const names = Object.keys(exports).join(", ") || "nothing";
  throw new UsageError(
    `--script "${path}": expected a function as its default export or as its export message, but it exports ${names}`,
  );
}

/** A CommonJS module's `exports` is its default export, and so perhaps no function. */
function functionsOf(exports: Readonly<Record<string, unknown>>): Script {
  const functions = ["default", "message"].filter((name) => typeof exports[name] === "function");
  return Object.fromEntries(functions.map((name) => [name, exports[name]]));
}

function scriptUrl(path: string): string {
  return pathToFileURL(resolve(path)).href;
}

/** Where a SyntaxError is: for a module's own process alone Node.js tells. */
function placeOfMistake(path: string): string {
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8" });
  const line = /^.*:(\d+)$/m.exec(stderr)?.[1];
  return line === undefined ? "" : ` (${basename(path)}:${line})`;
}

/** What went wrong and where in the script, in one line. */
export function describeScriptError(error: unknown, path: string): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`;
  const url = scriptUrl(path);
  const stack = error.stack ?? "";
  const place = [url, resolve(path)]
    .map((name) => placeAfter(stack, name))
    .find((found) => found !== undefined);
  return `${error.name}: ${error.message}${place === undefined ? "" : ` (${basename(path)}:${place})`}`;
}

function placeAfter(stack: string, name: string): string | undefined {
  const at = stack.indexOf(`${name}:`);
  return at < 0 ? undefined : /^:(\d+(?::\d+)?)/.exec(stack.slice(at + name.length))?.[1];
}

/**
 * Lets a script answer. An exception of it, also of a listener, a timer or a promise of its own, closes the connection
 * that it happened on and no other.
 */
export class ScriptBehaviour implements Behaviour {
  readonly #script: Script;
  readonly #path: string;
  readonly #report: ReportScriptError;
  /** The client that the running piece of the script, and what it has started, belongs to. */
  readonly #current = new AsyncLocalStorage<Client>();

  constructor(script: Script, path: string, report: ReportScriptError) {
    this.#script = script;
    this.#path = path;
    this.#report = report;
    process.on("uncaughtException", (error) => this.#fail(error, this.#current.getStore()));
    process.on("unhandledRejection", (reason) => this.#fail(reason, this.#current.getStore()));
  }

  onConnection(client: Client): void {
    const { socket, request } = client;
    // Before the script's own listeners, which then belong to the client as well.
    for (const type of ["message", "error", "close"]) {
      socket.addEventListener(type, () => this.#current.enterWith(client));
    }
    void this.#run(client, () => this.#script.default?.(socket, request));
  }

  onMessage(client: Client, data: ReceivedData): void {
    const { message } = this.#script;
    if (message === undefined) return;
    const { socket, request } = client;
    void this.#run(client, async () => sendAnswers(client, await message(data, socket, request)));
  }

  async #run(client: Client, call: () => unknown): Promise<void> {
    try {
      await this.#current.run(client, call);
    } catch (error) {
      this.#fail(error, client);
    }
  }

  #fail(error: unknown, client: Client | undefined): void {
    this.#report(describeScriptError(error, this.#path), client);
    client?.socket.close(scriptFailed, "The server's script failed");
  }
}

/** Of a generator each value is a message of its own. */
async function sendAnswers(client: Client, result: unknown): Promise<void> {
  if (!isGenerator(result)) {
    sendAnswer(client, result);
    return;
  }
  const { socket } = client;
  for await (const value of result) {
    if (socket.readyState !== socket.OPEN) return;
    sendAnswer(client, value);
    if (isBehind(socket)) await drained(socket);
  }
}

function isGenerator(result: unknown): result is AsyncIterable<unknown> | Iterable<unknown> {
  if (typeof result !== "object" || result === null || !("next" in result)) return false;
  return Symbol.asyncIterator in result || Symbol.iterator in result;
}

/** Text and bytes as they are; of anything else its JSON. */
function sendAnswer(client: Client, value: unknown): void {
  if (value === undefined || value === null) return;
  const isSendable =
    typeof value === "string" ||
    value instanceof Blob ||
    value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value);
  if (isSendable) {
    answer(client, value as SendData);
    return;
  }
  const json: string | undefined = JSON.stringify(value);
  if (json === undefined) throw new TypeError(`the answer is a ${typeof value}, which can't be sent`);
  answer(client, json);
}
