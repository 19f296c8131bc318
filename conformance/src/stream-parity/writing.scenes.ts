import type { Scene } from "../browser-parity/scene.js";
import { text } from "../browser-parity/server-frames.js";
import { answersClose, echoes } from "../browser-parity/servers.js";

export const writingScenes: readonly Scene[] = [
  {
    name: "chunks of every kind",
    section: "writable, write",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.answerClose();
    },
    client: async ({ openStream, attempt, outcomes, ends }) => {
      const open = await openStream();
      const bytes = Uint8Array.of(1, 2, 3, 4);
      const chunks: readonly unknown[] = [
        "text",
        "",
        "\u{1f600} \ud800 end",
        1,
        null,
        undefined,
        true,
        10n,
        {},
        [1, [2, 3]],
        new Blob(["blob"]),
        bytes,
        bytes.subarray(1, 3),
        new DataView(bytes.buffer, 2),
        Uint16Array.of(1),
        bytes.buffer,
        new ArrayBuffer(0),
        "x".repeat(70_000),
        new Uint8Array(70_000).fill(7),
      ];
      for (const [index, chunk] of chunks.entries()) {
        await outcomes("write", { [index]: open.writer.write(chunk) });
      }
      attempt("close", () => open.stream.close());
      await ends(open);
    },
  },
  {
    name: "chunks that can't be sent",
    section: "writable, write",
    server: answersClose,
    client: async ({ openStream, outcomes, tasks, ends }) => {
      const unsendable = {
        toString: () => {
          throw new RangeError("not today");
        },
      };
      for (const chunk of [Symbol("chunk"), unsendable, Object.create(null)]) {
        const open = await openStream();
        await outcomes("bad", { write: open.writer.write(chunk), next: open.writer.write("next") });
        await tasks();
        await outcomes("after", { write: open.writer.write("late"), writer: open.writer.closed });
        open.stream.close();
        await ends(open);
      }
    },
  },
  {
    name: "shared, resizable and detached memory",
    section: "writable, write",
    server: answersClose,
    client: async ({ openStream, outcomes, ends }) => {
      // A page without isolation has shared memory by this way only.
      const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
        Memory: new (limits: object) => { readonly buffer: ArrayBuffer };
      };
      const shared = new Memory({ initial: 1, maximum: 1, shared: true }).buffer;
      const resizable = Reflect.construct(ArrayBuffer, [4, { maxByteLength: 8 }]) as ArrayBuffer;
      const detached = new Uint8Array(4);
      structuredClone(detached, { transfer: [detached.buffer] });
      const makers: readonly [string, unknown][] = [
        ["shared view", new Uint8Array(shared)],
        ["resizable", resizable],
        ["resizable view", new Uint8Array(resizable)],
        ["detached", detached.buffer],
        ["detached view", detached],
      ];
      for (const [name, chunk] of makers) {
        const open = await openStream();
        await outcomes("write", { [name]: open.writer.write(chunk) });
        open.stream.close();
        await ends(open);
      }
    },
  },
  {
    name: "echoes, with the sizes that the writer desires",
    section: "writable, write",
    server: echoes("text", "text", "text"),
    client: async ({ openStream, record, ends }) => {
      const open = await openStream();
      for (const word of ["one", "two", "three"]) {
        record("desired", open.writer.desiredSize);
        const written = open.writer.write(word);
        record("desired while writing", open.writer.desiredSize);
        await written;
        record("read", (await open.reader.read()).value);
      }
      open.stream.close({ closeCode: 3000, reason: "enough" });
      await ends(open);
    },
  },
  {
    name: "writes that were not through when close() was called",
    section: "writable, close(closeInfo)",
    server: answersClose,
    client: async ({ openStream, outcomes, ends }) => {
      const open = await openStream();
      const writes = ["a", "b", "c"].map((word) => open.writer.write(word));
      open.stream.close();
      await outcomes("write", writes);
      await ends(open);
    },
  },
  {
    name: "writes before the writer's close()",
    section: "writable, close",
    server: answersClose,
    client: async ({ openStream, outcomes, ends }) => {
      const open = await openStream();
      const writes = ["a", "b", "c"].map((word) => open.writer.write(word));
      const closed = open.writer.close();
      await outcomes("write", [...writes, closed]);
      await ends(open);
    },
  },
  {
    name: "writes before the writer's abort()",
    section: "writable, abort",
    server: answersClose,
    client: async ({ openStream, WebSocketError, outcomes, ends }) => {
      const open = await openStream();
      const writes = ["a", "b", "c"].map((word) => open.writer.write(word));
      const aborted = open.writer.abort(new WebSocketError("m", { closeCode: 3001 }));
      await outcomes("write", [...writes, aborted]);
      await ends(open);
    },
  },
  {
    name: "writes while the server closes",
    section: "writable",
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(text("closing"));
      await connection.startClose(3000, "done");
    },
    client: async ({ openStream, record, outcomes, ends }) => {
      const open = await openStream();
      record("read", await open.reader.read());
      record("read", await open.reader.read());
      await ends(open);
      await outcomes("late", {
        write: open.writer.write("x"),
        close: open.writer.close(),
        abort: open.writer.abort(),
      });
    },
  },
];
