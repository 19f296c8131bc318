import { connect } from "node:net";
import type { TestContext } from "node:test";
import { within } from "./guard.test.support.js";
import { type HttpHead, RawPeer } from "./raw-peer.test.support.js";

/** The mask key of every frame that these raw clients send. */
export const maskKey = Buffer.from([0x1f, 0x2e, 0x3d, 0x4c]);

export const sampleKey = "AQIDBAUGBwgJCgsMDQ4PEA==";

export interface UpgradeRequest {
  readonly method?: string;
  readonly target?: string;
  readonly version?: string;
  /** Replaces headers of a correct request or, where undefined, leaves them out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

function requestBytes(port: number, request: UpgradeRequest): string {
  const { method = "GET", target = "/", version = "HTTP/1.1", headers = {} } = request;
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": sampleKey,
    "Sec-WebSocket-Version": "13",
    ...headers,
  }).filter((line) => line[1] !== undefined);
  return `${method} ${target} ${version}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`;
}

/** Sends an upgrade request, with `frames` in the same packet, and gives back the answer. */
export async function rawClient(
  context: TestContext,
  port: number,
  request: UpgradeRequest = {},
  frames: readonly Uint8Array[] = [],
): Promise<{ peer: RawPeer; answer: HttpHead }> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  context.after(() => socket.destroy());
  const peer = new RawPeer(socket);
  peer.send(Buffer.from(requestBytes(port, request), "latin1"), ...frames);
  return { peer, answer: await within(peer.head, "the answer to the upgrade request") };
}
