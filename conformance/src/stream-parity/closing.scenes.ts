import type { Scene } from "../browser-parity/scene.js";
import { close } from "../browser-parity/server-frames.js";
import { answersClose } from "../browser-parity/servers.js";

const serverCodes: readonly [code: number | undefined, reason: string][] = [
  [1000, "bye"],
  [undefined, ""],
  [1001, ""],
  [1011, "oops"],
  [3000, ""],
  [4999, "last"],
];

const abortWithEach: Scene["client"] = async ({ openStream, WebSocketError, outcomes, ends }) => {
  const reasons: readonly unknown[] = [
    undefined,
    "because",
    { closeCode: 3456, reason: "ignored" },
    new WebSocketError("m", { closeCode: 3456, reason: "why" }),
    new WebSocketError("m"),
    new WebSocketError("m", { reason: "why" }),
  ];
  for (const reason of reasons) {
    const open = await openStream();
    const read = open.reader.read();
    const result = open.writer.abort(reason);
    await outcomes("abort", { result, read });
    await ends(open);
  }
};

const cancelWithEach: Scene["client"] = async ({ openStream, WebSocketError, outcomes, ends }) => {
  const reasons: readonly unknown[] = [
    undefined,
    "because",
    { closeCode: 3456, reason: "ignored" },
    new WebSocketError("m", { closeCode: 3456, reason: "why" }),
    new WebSocketError("m"),
    new WebSocketError("m", { reason: "why" }),
  ];
  for (const reason of reasons) {
    const open = await openStream();
    const read = open.reader.read();
    const result = open.reader.cancel(reason);
    await outcomes("cancel", { result, read });
    await ends(open);
  }
};

export const closingScenes: readonly Scene[] = [
  {
    name: "what close() makes of its argument",
    section: "close(closeInfo)",
    server: answersClose,
    client: async ({ openStream, WebSocketError, attempt, ends }) => {
      const infos: readonly (readonly unknown[])[] = [
        [true],
        [1],
        ["why"],
        [{ closeCode: 1 }],
        [{ closeCode: 1001 }],
        [{ closeCode: 2999 }],
        [{ closeCode: 5000 }],
        [{ closeCode: null }],
        [{ closeCode: 1000n }],
        [{ reason: "x".repeat(124) }],
        [{ closeCode: 3000, reason: "\u00e9".repeat(62) }],
        [new WebSocketError("m", { closeCode: 3004, reason: "taken from an error" })],
      ];
      const open = await openStream();
      for (const [index, info] of infos.entries())
        attempt(`close ${index}`, () => open.stream.close(...info));
      await ends(open);
    },
  },
  {
    name: "close() and what goes out",
    section: "close(closeInfo)",
    server: answersClose,
    client: async ({ openStream, outcomes, ends, record }) => {
      const infos: readonly (readonly unknown[])[] = [
        [],
        [undefined],
        [null],
        [{ reason: "" }],
        [{ closeCode: 4000 }],
        [{ closeCode: 3000, reason: "done" }],
        [{ reason: "why" }],
        [{ closeCode: 3000.9 }],
      ];
      for (const info of infos) {
        const open = await openStream();
        const read = open.reader.read();
        record("close", open.stream.close(...info));
        record("again", open.stream.close({ closeCode: 4444 }));
        await outcomes("while closing", { read, write: open.writer.write("not sent") });
        await ends(open);
        record("later", open.stream.close({ closeCode: 4445 }));
      }
    },
  },
  ...serverCodes.map(
    ([code, reason]): Scene => ({
      name: `the server closes with ${code ?? "no code"}`,
      section: "closed",
      server: async (peer) => {
        const connection = await peer.accepted();
        await peer.reached.wait("ready");
        await connection.startClose(code, reason);
      },
      client: async ({ openStream, tell, outcomes, ends, record }) => {
        const open = await openStream();
        const read = open.reader.read();
        tell("ready");
        await outcomes("pending", { read });
        await ends(open);
        const info = (await open.stream.closed) as object;
        record("info", Object.keys(info), Object.getPrototypeOf(info) === Object.prototype);
        await outcomes("late", { read: open.reader.read(), write: open.writer.write("x") });
      },
    }),
  ),
  {
    name: "both close at the same time",
    section: "closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(close(3001, "mine"));
      connection.end();
    },
    client: async ({ openStream, ends }) => {
      const open = await openStream();
      open.stream.close({ closeCode: 4000, reason: "ours" });
      await ends(open);
    },
  },
  {
    name: "the streams end with the server's close frame, the connection later",
    section: "closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(close(3000, "done"));
      await connection.received("close");
      await peer.reached.wait("ended");
      connection.end();
    },
    client: async ({ openStream, tell, record, outcomes, ends, tasks }) => {
      const open = await openStream();
      open.stream.closed.then(() => record("closed"));
      tell("ready");
      await outcomes("streams", { reader: open.reader.closed, writer: open.writer.closed });
      await outcomes("streams", { read: open.reader.read(), write: open.writer.write("x") });
      await tasks();
      record("connection still there");
      tell("ended");
      await ends(open);
    },
  },
  {
    name: "the writer's close() waits for the closing handshake",
    section: "writable, close",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      await peer.reached.wait("go on");
      connection.write(close());
      connection.end();
    },
    client: async ({ openStream, tell, record, outcomes, ends, tasks }) => {
      const open = await openStream();
      const closed = open.writer.close();
      closed.then(() => record("closed"));
      await tasks();
      record("waiting");
      tell("go on");
      await outcomes("writer", { closed });
      await ends(open);
    },
  },
  ...(["abort", "cancel"] as const).map(
    (method): Scene => ({
      name: `${method}() and what goes out`,
      section: method === "abort" ? "writable, abort" : "readable, cancel",
      server: answersClose,
      client: method === "abort" ? abortWithEach : cancelWithEach,
    }),
  ),
  {
    name: "cancel() and abort() with the error of a broken connection",
    section: "readable, cancel",
    server: async (peer) => {
      const broken = await peer.accepted();
      broken.end();
      const connection = await peer.accepted();
      await connection.answerClose();
    },
    client: async ({ openStream, outcomes, ends, attempt }) => {
      const broken = await openStream();
      const error: unknown = await broken.stream.closed.catch((reason: unknown) => reason);
      const open = await openStream();
      await outcomes("1006", { cancel: open.reader.cancel(error), abort: open.writer.abort(error) });
      attempt("close", () => open.stream.close(error));
      open.stream.close();
      await ends(open);
    },
  },
];
