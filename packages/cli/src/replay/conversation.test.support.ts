import type { TestContext } from "node:test";
import { echoServer, type ServerPeer } from "../testing-support/peers.test.support.js";
import type { Line } from "./har-file.test.support.js";

/** A recording. */
export const conversation: readonly Line[] = [
  ["receive", "welcome"],
  ["send", "hello"],
  ["receive", '{"answer":1}'],
  ["receive", Uint8Array.of(1, 2, 255)],
  ["send", "again"],
  ["receive", '{"answer":2}'],
];

/** A server that answers as in the conversation, but for `changes`. */
export function recordedServer(
  t: TestContext,
  changes: Readonly<Record<string, string>> = {},
): Promise<ServerPeer> {
  let answers = 0;
  return echoServer(t, (socket) => {
    const send = (text: string): void => socket.send(changes[text] ?? text);
    send("welcome");
    socket.onmessage = ({ data }) => {
      answers += 1;
      send(`{"answer":${answers}}`);
      if (data === "hello") socket.send(Uint8Array.of(1, 2, 255));
    };
  });
}
