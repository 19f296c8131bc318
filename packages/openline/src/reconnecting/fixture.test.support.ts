import type { Environment, Page } from "./environment.js";
import { eventTypes } from "./events.js";
import { FakeClock } from "./fake-clock.test.support.js";
import { FakeNetwork } from "./fake-network.test.support.js";
import type { ReconnectingWebSocketOptions } from "./options.js";
import { ReconnectingWebSocket } from "./reconnecting-websocket.js";

/** What every test holds: the object, its network, its clock, and its events as words. */
export interface Fixture {
  readonly socket: ReconnectingWebSocket;
  readonly network: FakeNetwork;
  readonly clock: FakeClock;
  readonly log: string[];
}

export interface FixtureOptions extends ReconnectingWebSocketOptions {
  readonly url?: ConstructorParameters<typeof ReconnectingWebSocket>[0];
  readonly protocols?: ConstructorParameters<typeof ReconnectingWebSocket>[1];
  readonly canPing?: boolean;
  readonly page?: Page;
  readonly clock?: FakeClock;
}

export function fixture(options: FixtureOptions = {}): Fixture {
  const { url = "ws://fake/", protocols, canPing = false, page, clock = new FakeClock(), ...own } = options;
  const network = new FakeNetwork(clock, page === undefined ? { canPing } : { canPing, page });
  const socket = open(url, protocols, own, network.environment);
  return { socket, network, clock, log: logOf(socket) };
}

export function open(
  url: ConstructorParameters<typeof ReconnectingWebSocket>[0],
  protocols: ConstructorParameters<typeof ReconnectingWebSocket>[1],
  options: ReconnectingWebSocketOptions,
  environment: Environment,
): ReconnectingWebSocket {
  return new ReconnectingWebSocket(url, protocols, options, environment);
}

/** Each event as a line. */
export function logOf(socket: ReconnectingWebSocket): string[] {
  const log: string[] = [];
  for (const type of eventTypes) socket.addEventListener(type, (event: Event) => log.push(described(event)));
  return log;
}

function described(event: Event): string {
  const { type, data, code, wasClean, attempt, delay, reason, count, error } = event as Event &
    Record<string, unknown>;
  switch (type) {
    case "message":
      return `message ${data}`;
    case "close":
      return `close ${code} ${wasClean ? "clean" : "unclean"}`;
    case "reconnecting":
      return `reconnecting ${attempt} in ${delay}`;
    case "lost":
      return `lost ${count} ${reason}`;
    case "error":
      return `error ${error instanceof Error ? error.message : error}`;
    default:
      return type;
  }
}
