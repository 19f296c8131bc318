import { constants, deflateRawSync } from "node:zlib";
import type { Scene, Stage } from "./scene.js";
import { binary, close, continuation, frame, ping, text } from "./server-frames.js";

const COMPRESSED = { rsv: 0x4 };

/** [7692] 7.2.1: without the four bytes that every flush ends with. `window` is what was sent before. */
function deflated(payload: string | Uint8Array, window = ""): Buffer {
  const dictionary = window === "" ? {} : { dictionary: Buffer.from(window) };
  return deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, ...dictionary }).subarray(0, -4);
}

const LONG = "the same words again and ".repeat(40);

const received: readonly [name: string, parameters: string, ...frames: Buffer[]][] = [
  ["a compressed text", "", text(deflated("compressed"), COMPRESSED)],
  ["a compressed binary message", "", binary(deflated(Uint8Array.of(1, 2, 3)), COMPRESSED)],
  [
    "a plain message between compressed ones",
    "",
    text(deflated("1"), COMPRESSED),
    text("2"),
    text(deflated("3"), COMPRESSED),
  ],
  [
    "a compressed message without content",
    "",
    text(Buffer.from([0x00]), COMPRESSED),
    text(deflated(""), COMPRESSED),
  ],
  [
    "the context of the message before",
    "",
    text(deflated(LONG), COMPRESSED),
    text(deflated(LONG, LONG), COMPRESSED),
  ],
  [
    "a compressed message in fragments, with a ping between",
    "",
    text(deflated(LONG).subarray(0, 5), { ...COMPRESSED, fin: false }),
    ping("p"),
    continuation(deflated(LONG).subarray(5), { fin: false }),
    continuation(""),
  ],
  [
    "server_no_context_takeover",
    "; server_no_context_takeover",
    text(deflated("a"), COMPRESSED),
    text(deflated("b"), COMPRESSED),
  ],
  ["a block that is final", "", text(Buffer.concat([deflateRawSync("final"), Buffer.from([0])]), COMPRESSED)],
  ["a compressed text of 1 MB", "", text(deflated("x".repeat(1_000_000)), COMPRESSED)],
];

const refused: readonly [name: string, parameters: string, payload: boolean, ...frames: Buffer[]][] = [
  ["bytes that are no deflate stream", "", true, text(Buffer.from([0xff, 0xff, 0xff, 0xff]), COMPRESSED)],
  ["RSV1 on a ping", "", false, ping("p", COMPRESSED)],
  ["RSV1 on a close frame", "", false, frame(0x8, Buffer.from([3, 0xe8]), COMPRESSED)],
  ["RSV1 on a continuation", "", false, text("a", { fin: false }), continuation("b", COMPRESSED)],
  ["RSV2 beside RSV1", "", false, text(deflated("a"), { rsv: 0x6 })],
  ["bad UTF-8 inside", "", true, text(deflated(Buffer.from([0x61, 0xff])), COMPRESSED)],
];

const watchToTheEnd = async ({ WebSocket, url, watch, next, tell, state }: Stage): Promise<void> => {
  const ws = new WebSocket(url);
  watch(ws);
  await next(ws, "open");
  state("open", ws);
  tell("ready");
  await next(ws, "close");
};

export const deflateScenes: readonly Scene[] = [
  ...received.map(
    ([name, parameters, ...frames]): Scene => ({
      name: `permessage-deflate: ${name}`,
      section: "RFC 7692 7.2.2",
      server: async (peer) => {
        const connection = await peer.accepted({ extensions: `permessage-deflate${parameters}` });
        await peer.reached.wait("ready");
        connection.write(...frames);
        await connection.startClose(1000);
      },
      client: watchToTheEnd,
    }),
  ),
  ...refused.map(
    ([name, parameters, payload, ...frames]): Scene => ({
      name: `permessage-deflate fails the connection: ${name}`,
      section: "RFC 7692 6, 7.2.2",
      freeCloseReason: true,
      server: async (peer) => {
        const connection = await peer.accepted({ extensions: `permessage-deflate${parameters}` });
        await peer.reached.wait("ready");
        connection.write(...frames);
        await connection.ended();
      },
      client: watchToTheEnd,
      differences: payload
        ? [
            {
              why: "Chromium reports a payload that is not what it says with 1002; RFC 6455 7.4.1 has 1007 for it",
              chromium: [["wire", { close: 1002 }]],
              openline: [["wire", { close: 1007 }]],
            },
          ]
        : [],
    }),
  ),
  {
    name: "permessage-deflate: what is sent, inflated",
    section: "RFC 7692 7.2.1",
    server: async (peer) => {
      // Without a context each message can be inflated by itself.
      const extensions = "permessage-deflate; client_no_context_takeover";
      const connection = await peer.accepted({ extensions });
      await connection.answerClose();
    },
    client: async ({ WebSocket, url, watch, next, record }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "open");
      for (const length of [0, 1, 127, 128, 1000, 70_000]) {
        ws.send("compress me ".repeat(length).slice(0, length));
        ws.send(new Uint8Array(length).fill(length));
        // Counted as handed in, not as compressed.
        record("bufferedAmount", ws.bufferedAmount);
      }
      ws.send(new Blob(["compress me ".repeat(30)]));
      ws.close(3000);
      record("bufferedAmount", ws.bufferedAmount);
      await next(ws, "close");
    },
  },
  {
    name: "permessage-deflate: a compressed message in the packet of the handshake",
    section: "RFC 7692 7.2.2",
    server: async (peer) => {
      const sameWrite = Buffer.concat([text(deflated(LONG), COMPRESSED), close(3000, "done")]);
      const connection = await peer.accepted({ extensions: "permessage-deflate", sameWrite });
      await connection.received("close");
      connection.end();
    },
    client: async ({ WebSocket, url, watch, next }) => {
      const ws = new WebSocket(url);
      watch(ws);
      await next(ws, "close");
    },
  },
];
