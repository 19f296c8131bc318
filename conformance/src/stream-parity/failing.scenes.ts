import type { Scene } from "../browser-parity/scene.js";
import { frame, text } from "../browser-parity/server-frames.js";

export const failingScenes: readonly Scene[] = [
  {
    name: "the server ends the connection without a close frame",
    section: "closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.end();
    },
    client: async ({ openStream, tell, record, outcomes, ends }) => {
      const open = await openStream();
      const read = open.reader.read();
      tell("ready");
      await outcomes("pending", { read });
      await ends(open);
      await outcomes("late", {
        read: open.reader.read(),
        write: open.writer.write("x"),
        abort: open.writer.abort(),
      });
      const reason = (promise: Promise<unknown>) => promise.catch((error: unknown) => error);
      const error = await reason(open.stream.closed);
      record(
        "one error",
        error === (await reason(open.reader.closed)),
        error === (await reason(open.writer.closed)),
      );
      record("close", open.stream.close());
    },
  },
  {
    name: "the server resets the connection",
    section: "closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.reset();
    },
    client: async ({ openStream, tell, outcomes, ends }) => {
      const open = await openStream();
      const read = open.reader.read();
      tell("ready");
      await outcomes("pending", { read });
      await ends(open);
    },
  },
  {
    name: "a frame that breaks the protocol",
    section: "closed",
    freeCloseReason: true,
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(frame(0x3, "x"));
      await connection.ended();
    },
    client: async ({ openStream, tell, outcomes, ends }) => {
      const open = await openStream();
      const read = open.reader.read();
      tell("ready");
      await outcomes("pending", { read });
      await ends(open);
    },
  },
  {
    name: "messages are read, then the protocol is broken",
    section: "readable",
    freeCloseReason: true,
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(text("1"), text("2"));
      await peer.reached.wait("read");
      connection.write(frame(0x3, "x"));
      await connection.ended();
    },
    client: async ({ openStream, tell, record, outcomes, ends }) => {
      const open = await openStream();
      record("read", await open.reader.read());
      record("read", await open.reader.read());
      tell("read");
      await outcomes("after", { read: open.reader.read() });
      await ends(open);
    },
  },
  {
    name: "messages that nobody has read when the connection breaks",
    section: "readable",
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(text("1"), text("2"), text("3"));
      connection.end();
    },
    client: async ({ openStream, outcomes, ends }) => {
      const open = await openStream();
      await ends(open);
      await outcomes("late", { read: open.reader.read() });
    },
  },
  {
    name: "a close() that the server doesn't answer",
    section: "closed",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.end();
    },
    client: async ({ openStream, ends }) => {
      const open = await openStream();
      open.stream.close({ closeCode: 4000 });
      await ends(open);
    },
  },
  {
    name: "a writer's close() that the server doesn't answer",
    section: "writable, close",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.end();
    },
    client: async ({ openStream, outcomes, ends }) => {
      const open = await openStream();
      await outcomes("writer", { close: open.writer.close() });
      await ends(open);
    },
  },
];
