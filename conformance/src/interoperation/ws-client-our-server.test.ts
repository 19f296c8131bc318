import { once } from "node:events";
import { test } from "node:test";
import type { WebSocket as WsWebSocket } from "ws";
import { within } from "../guard.js";
import { defineTests } from "./define-tests.js";
import { wsAndOurServer } from "./pair.js";
import { pingsAnswered } from "./pings.js";

defineTests("the client of ws, our server", wsAndOurServer);

test("the client of ws, our server: pings are answered", async () => {
  const pair = await wsAndOurServer({ deflate: false });
  const client = pair.client as unknown as WsWebSocket;
  if (client.readyState === 0) await within(once(client, "open"), "the open event");
  await pingsAnswered(client);
  await pair.dispose();
});
