import assert from "node:assert/strict";
import { test } from "node:test";
import type { WebSocket as WsWebSocket } from "ws";
import { within } from "../guard.js";
import { defineTests } from "./define-tests.js";
import { ourClientAndWs } from "./pair.js";
import { pingsAnswered } from "./pings.js";

defineTests("our client, the server of ws", ourClientAndWs);

test("our client, the server of ws: pings are answered", async () => {
  const pair = await ourClientAndWs({ deflate: false });
  await pingsAnswered(pair.server as unknown as WsWebSocket);
  await pair.dispose();
});

test("our client, the server of ws: a server that terminates leaves 1006", async () => {
  const pair = await ourClientAndWs({ deflate: false });
  const closed = new Promise<object>((resolve) => pair.client.addEventListener("close", resolve));
  (pair.server as unknown as WsWebSocket).terminate();
  const { code, wasClean } = (await within(closed, "the close event")) as { code: number; wasClean: boolean };
  assert.deepEqual({ code, wasClean }, { code: 1006, wasClean: false });
  await pair.dispose();
});
