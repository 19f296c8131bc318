import type { Peer } from "./peer.js";
import { binary, text } from "./server-frames.js";

/** Servers that several scenes share. */

/** Accepts every connection and answers its closing handshake. */
export async function answersClose(peer: Peer): Promise<void> {
  peer.serve(async (connection) => {
    await connection.accept();
    await connection.answerClose();
  });
}

/** Accepts with these bytes in the same packet, then answers the closing handshake. */
export function sendsWithHandshake(...frames: Uint8Array[]): (peer: Peer) => Promise<void> {
  return async (peer) => {
    const connection = await peer.accepted({ sameWrite: Buffer.concat(frames) });
    await connection.answerClose();
  };
}

/** Accepts, writes these bytes in one packet once the client says "ready", then answers the closing handshake. */
export function sendsWhenReady(...frames: Uint8Array[]): (peer: Peer) => Promise<void> {
  return async (peer) => {
    const connection = await peer.accepted();
    await peer.reached.wait("ready");
    connection.write(...frames);
    await connection.answerClose();
  };
}

/** Accepts, writes these bytes in one packet once the client says "ready", and leaves all else to the client. */
export function sendsOnly(...frames: Uint8Array[]): (peer: Peer) => Promise<void> {
  return async (peer) => {
    const connection = await peer.accepted();
    await peer.reached.wait("ready");
    connection.write(...frames);
    await connection.ended();
  };
}

/** Sends back each of so many messages as it came, then answers the closing handshake. */
export function echoes(...kinds: ("text" | "binary")[]): (peer: Peer) => Promise<void> {
  return async (peer) => {
    const connection = await peer.accepted();
    for (const kind of kinds) {
      const { payload } = await connection.received(kind);
      connection.write(kind === "text" ? text(payload) : binary(payload));
    }
    await connection.answerClose();
  };
}
