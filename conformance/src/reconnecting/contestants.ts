import { createRequire } from "node:module";
import { WebSocket } from "openline";
import { ReconnectingWebSocket } from "openline/reconnecting";

/** What the three objects share. */
export interface Contestant {
  readonly readyState: number;
  send(message: string): void;
  close(): void;
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** Each library's object, all over the same class of connections and with delays from 5 to 50 ms. */
export interface Library {
  readonly name: string;
  open(url: string | ((attempt: number) => Promise<string>)): Contestant;
}

// The declarations of both need the types of a page.
type Class = new (url: unknown, protocols: unknown, options: object) => Contestant;
const require = createRequire(import.meta.url);

/** A class that is its module's default, or the module itself. */
function load(name: string): Class {
  const module = require(name) as Class & { readonly default?: Class };
  return module.default ?? module;
}

const Pladaria = load("reconnecting-websocket");
const PartySocket = load("partysocket/ws");

const theirs = {
  WebSocket,
  minReconnectionDelay: 5,
  maxReconnectionDelay: 50,
  connectionTimeout: 300,
  minUptime: 100,
};

export const libraries: readonly Library[] = [
  {
    name: "openline",
    open: (url) =>
      new ReconnectingWebSocket(url, undefined, {
        minDelay: 5,
        maxDelay: 50,
        connectTimeout: 300,
        stableAfter: 100,
        idle: 150,
        timeout: 150,
      }) as Contestant,
  },
  { name: "reconnecting-websocket", open: (url) => new Pladaria(url, [], theirs) },
  { name: "partysocket", open: (url) => new PartySocket(url, [], theirs) },
];
