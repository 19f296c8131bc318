import { echoed, goesOn, objectSends, type Role, received, sendCompressed, type WireCase } from "../case.js";
import type { DeflateParameters } from "../peer/peer-compression.js";
import { formatDeflate } from "../peer/peer-compression.js";
import { jsonOf } from "./json.js";

const WINDOW_BITS = [undefined, 8, 9, 10, 11, 12, 13, 14, 15];
const YES_NO = [false, true];

/** Each of the 324 combinations of the four parameters. */
const combinations: DeflateParameters[] = YES_NO.flatMap((serverNoContextTakeover) =>
  YES_NO.flatMap((clientNoContextTakeover) =>
    WINDOW_BITS.flatMap((server) =>
      WINDOW_BITS.map((client) => ({
        ...(serverNoContextTakeover ? { serverNoContextTakeover } : {}),
        ...(clientNoContextTakeover ? { clientNoContextTakeover } : {}),
        ...(server === undefined ? {} : { serverMaxWindowBits: server }),
        ...(client === undefined ? {} : { clientMaxWindowBits: client }),
      })),
    ),
  ),
);

/** Letters without repetition: compresses only where it stands twice within the window. */
function noise(size: number): string {
  let state = 12345;
  const letters: string[] = [];
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    letters.push(String.fromCharCode(33 + ((state >>> 16) % 90)));
  }
  return letters.join("");
}

const FAR_REPETITION = noise(3000).repeat(2);

const matrix = combinations.map(
  (deflate): WireCase => ({
    id: `compression/parameters/${formatDeflate(deflate).replace("permessage-deflate", "").replaceAll("; ", "/").slice(1) || "none"}`,
    section: "[7692] 7.1",
    shows: "messages go both ways within the agreed windows and contexts",
    deflate,
    steps: [
      sendCompressed(jsonOf(600)),
      echoed(jsonOf(600)),
      sendCompressed(jsonOf(600)),
      echoed(jsonOf(600)),
      sendCompressed(FAR_REPETITION),
      echoed(FAR_REPETITION),
      sendCompressed(jsonOf(600)),
      echoed(jsonOf(600)),
    ],
    outcome: goesOn,
  }),
);

function takeover(role: Role, deflate: DeflateParameters): WireCase {
  const clientKeeps = deflate.clientNoContextTakeover !== true;
  const serverKeeps = deflate.serverNoContextTakeover !== true;
  const objectKeeps = role === "client" ? clientKeeps : serverKeeps;
  const peerKeeps = role === "client" ? serverKeeps : clientKeeps;
  return {
    id: `compression/takeover/object-${objectKeeps}/peer-${peerKeeps}`,
    section: "[7692] 7.1.1",
    shows: `the object ${objectKeeps ? "refers" : "doesn't refer"} to earlier messages, the peer ${peerKeeps ? "does" : "doesn't"}`,
    roles: [role],
    deflate,
    steps: [
      sendCompressed(jsonOf(1000), { refersBack: false }),
      echoed(jsonOf(1000), { compressed: true, refersBack: false }),
      sendCompressed(jsonOf(1000), { refersBack: peerKeeps }),
      echoed(jsonOf(1000), { compressed: true, refersBack: objectKeeps }),
      objectSends(jsonOf(1000)),
      received(jsonOf(1000), { compressed: true, refersBack: objectKeeps }),
    ],
    outcome: goesOn,
  };
}

const takeovers = (["client", "server"] as const).flatMap((role) => [
  takeover(role, {}),
  takeover(role, { serverNoContextTakeover: true }),
  takeover(role, { clientNoContextTakeover: true }),
  takeover(role, { serverNoContextTakeover: true, clientNoContextTakeover: true }),
]);

export const compressionParameters: readonly WireCase[] = [...matrix, ...takeovers];
