import assert from "node:assert/strict";
import { test } from "node:test";
import { within } from "../guard.js";
import {
  assertSame,
  CLOSE_CODES,
  DEFLATE_SETTINGS,
  Inbox,
  roundTrips,
  sampleBytes,
  sampleText,
} from "./interoperation.js";
import type { Pair, PairSettings } from "./pair.js";

export type Connect = (settings: PairSettings) => Promise<Pair>;

const PLAIN: PairSettings = { deflate: false };

export interface Peculiarities {
  /** undici answers a close frame with its code only. [6455] 5.5.1 leaves that open. */
  readonly clientEchoesReason?: boolean;
}

/** All that two implementations do with each other; `name` says who is client and who is server. */
export function defineTests(name: string, connect: Connect, peculiarities: Peculiarities = {}): void {
  const settings: Record<string, PairSettings> = {
    "without compression": PLAIN,
    ...Object.fromEntries(
      Object.entries(DEFLATE_SETTINGS).map(([what, deflate]) => [`compressed, ${what}`, { deflate }]),
    ),
  };
  for (const [what, each] of Object.entries(settings)) {
    test(`${name}: messages of all sizes and types there and back, ${what}`, () =>
      withPair(connect, each, async (pair, client, server) => {
        assert.equal(
          pair.client.extensions.startsWith("permessage-deflate"),
          each.deflate !== false,
          "agreed on",
        );
        echo(pair);
        await roundTrips(pair.client, client);
        assert.equal(server.error, undefined);
      }));
    test(`${name}: messages in both directions at once, ${what}`, () =>
      withPair(connect, each, async (pair, client, server) => {
        const numbers = Array.from({ length: 200 }, (_, number) => number);
        for (const number of numbers) {
          pair.client.send(`client ${number} ${sampleText(number * 7)}`);
          pair.server.send(sampleBytes(number * 11));
        }
        for (const number of numbers) {
          assertSame(await server.message(), `client ${number} ${sampleText(number * 7)}`);
          assertSame(await client.message(), sampleBytes(number * 11));
        }
      }));
  }

  for (const [by, other] of [
    ["client", "server"],
    ["server", "client"],
  ] as const) {
    for (const code of CLOSE_CODES) {
      test(`${name}: the ${by} closes with ${code}, both ends see code and reason`, () =>
        withPair(connect, PLAIN, async (pair, client, server) => {
          pair[by].close(code, "tschüß");
          const expected = { code, reason: "tschüß", wasClean: true };
          const inbox = { client, server };
          assert.deepEqual(await within(inbox[other].closed, "the other's close"), expected);
          const reasonComesBack = by === "client" || peculiarities.clientEchoesReason !== false;
          const reason = reasonComesBack ? expected.reason : "";
          assert.deepEqual(await within(inbox[by].closed, "its own close"), { ...expected, reason });
        }));
    }
    test(`${name}: the ${by} closes without a code, both ends see 1005`, () =>
      withPair(connect, PLAIN, async (pair, client, server) => {
        pair[by].close();
        const expected = { code: 1005, reason: "", wasClean: true };
        assert.deepEqual(await within(client.closed, "the client's close"), expected);
        assert.deepEqual(await within(server.closed, "the server's close"), expected);
      }));
    test(`${name}: what the ${by} sent before closing arrives`, () =>
      withPair(connect, { deflate: {} }, async (pair, client, server) => {
        const inbox = by === "client" ? server : client;
        pair[by].send(sampleText(100_000));
        pair[by].send(sampleBytes(100_000));
        pair[by].close(1000);
        assertSame(await inbox.message(), sampleText(100_000));
        assertSame(await inbox.message(), sampleBytes(100_000));
        assert.deepEqual(await within(inbox.closed, "close"), { code: 1000, reason: "", wasClean: true });
      }));
  }

  test(`${name}: both close at the same time`, () =>
    withPair(connect, PLAIN, async (pair, client, server) => {
      pair.client.close(3001, "client");
      pair.server.close(3002, "server");
      const [atClient, atServer] = await within(Promise.all([client.closed, server.closed]), "both closes");
      assert.equal(atClient.wasClean && atServer.wasClean, true);
      assert.equal(atClient.code, 3002);
      assert.equal(atServer.code, 3001);
    }));

  test(`${name}: the subprotocol is agreed on`, () =>
    withPair(connect, { deflate: false, protocols: ["chat", "other"] }, async ({ client, server }) => {
      assert.equal(client.protocol, "chat");
      assert.equal(server.protocol, "chat");
    }));
}

async function withPair(
  connect: Connect,
  settings: PairSettings,
  run: (pair: Pair, client: Inbox, server: Inbox) => Promise<void>,
): Promise<void> {
  const pair = await connect(settings);
  try {
    const [client, server] = [new Inbox(pair.client), new Inbox(pair.server)];
    await within(client.opened, "the open event");
    await run(pair, client, server);
  } finally {
    await pair.dispose();
  }
}

function echo({ server }: Pair): void {
  server.addEventListener("message", (event) => {
    const { data } = event as { data: string | ArrayBuffer };
    server.send(typeof data === "string" ? data : new Uint8Array(data));
  });
}
