import type { Scene } from "../browser-parity/scene.js";
import { binary, close, continuation, ping, text } from "../browser-parity/server-frames.js";
import { sendsWhenReady } from "../browser-parity/servers.js";

const UINT8 =
  "the proposal reads binary messages as Uint8Array, as WebTransport does; this Chromium is older than that and has ArrayBuffer";
const LOST =
  "Chromium loses what it has received and not handed over when the close frame comes; openline hands it over first";

export const readingScenes: readonly Scene[] = [
  {
    name: "texts, fragments and pings between them",
    section: "readable",
    server: sendsWhenReady(
      text("one"),
      text("t", { fin: false }),
      ping("p"),
      continuation("wo"),
      text(""),
      text("\ufeffdrei \u{1f600}"),
    ),
    client: async ({ openStream, tell, record, ends }) => {
      const open = await openStream();
      tell("ready");
      for (let count = 0; count < 4; count++) record("read", (await open.reader.read()).value);
      open.stream.close();
      await ends(open);
    },
  },
  {
    name: "binary messages",
    section: "readable",
    server: sendsWhenReady(binary(Uint8Array.of(1, 2, 3)), binary(new Uint8Array(0))),
    client: async ({ openStream, tell, record, ends }) => {
      const open = await openStream();
      tell("ready");
      record("read", (await open.reader.read()).value);
      record("read empty", (await open.reader.read()).value);
      open.stream.close();
      await ends(open);
    },
    differences: [
      {
        why: UINT8,
        chromium: [["read", { ArrayBuffer: "010203" }]],
        openline: [["read", { Uint8Array: "010203" }]],
      },
      {
        why: UINT8,
        chromium: [["read empty", { ArrayBuffer: "" }]],
        openline: [["read empty", { Uint8Array: "" }]],
      },
    ],
  },
  {
    // One read at a time: Chromium forgets to read on where several wait.
    name: "reads that wait for their messages",
    section: "readable",
    server: async (peer) => {
      const connection = await peer.accepted();
      for (const word of ["first", "second", "third"]) {
        await peer.reached.wait(word);
        connection.write(text(word));
      }
      await connection.answerClose();
    },
    client: async ({ openStream, tell, record, outcomes, ends }) => {
      const open = await openStream();
      for (const word of ["first", "second", "third"]) {
        const read = open.reader.read();
        tell(word);
        record("read", await read);
      }
      const last = open.reader.read();
      open.stream.close();
      await outcomes("read", { last });
      await ends(open);
    },
  },
  {
    name: "a reader that reads all the time gets what came before the close frame in the same packet",
    section: "readable",
    server: async (peer) => {
      const connection = await peer.accepted();
      await peer.reached.wait("ready");
      connection.write(text("1"), text("2"), text("3"));
      await peer.reached.wait("all read");
      await connection.startClose(3000, "done");
    },
    client: async ({ openStream, tell, record, ends }) => {
      const open = await openStream();
      tell("ready");
      for (let count = 0; count < 3; count++) record("read", await open.reader.read());
      tell("all read");
      record("read", await open.reader.read());
      await ends(open);
    },
  },
  {
    name: "messages that nobody has read when the server closes",
    section: "readable",
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(text("1"), text("2"), text("3"));
      await connection.startClose(3000, "done");
    },
    client: async ({ openStream, record, outcomes, tasks }) => {
      const { stream, reader, writer } = await openStream();
      await outcomes("closed", { stream: stream.closed, writer: writer.closed });
      await tasks();
      for (let count = 1; count <= 4; count++) record(`read ${count}`, await reader.read());
      await outcomes("end", { reader: reader.closed });
    },
    differences: [
      {
        why: LOST,
        chromium: [
          ["read 2", { done: true, value: "<undefined>" }],
          ["read 3", { done: true, value: "<undefined>" }],
        ],
        openline: [
          ["read 2", { done: false, value: "2" }],
          ["read 3", { done: false, value: "3" }],
        ],
      },
    ],
  },
  {
    name: "one message that nobody has read when the program closes",
    section: "readable, close(closeInfo)",
    server: async (peer) => {
      const connection = await peer.accepted();
      connection.write(text("1"));
      await connection.received("text");
      await connection.answerClose();
    },
    client: async ({ openStream, record, outcomes, tasks }) => {
      const { stream, reader, writer } = await openStream();
      await writer.write("x");
      for (let turn = 0; turn < 10; turn++) await tasks();
      stream.close({ closeCode: 3001 });
      await outcomes("closed", { stream: stream.closed, writer: writer.closed });
      record("read", await reader.read());
      record("read", await reader.read());
    },
  },
  {
    name: "messages that come after close() are dropped",
    section: "close(closeInfo)",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(text("1"), text("2"), close(3000, "done"));
      connection.end();
    },
    client: async ({ openStream, record, ends }) => {
      const open = await openStream();
      open.stream.close();
      record("read", await open.reader.read());
      await ends(open);
    },
  },
  {
    name: "messages that come after abort() are dropped",
    section: "writable, abort",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(text("1"), close(3000, "done"));
      connection.end();
    },
    client: async ({ openStream, record, outcomes, ends }) => {
      const open = await openStream();
      await outcomes("abort", { result: open.writer.abort("because") });
      record("read", await open.reader.read());
      await ends(open);
    },
  },
  {
    name: "messages that come after cancel() are dropped",
    section: "readable, cancel",
    server: async (peer) => {
      const connection = await peer.accepted();
      await connection.received("close");
      connection.write(text("1"), text("2"), close(3000, "done"));
      connection.end();
    },
    client: async ({ openStream, outcomes, ends }) => {
      const open = await openStream();
      await outcomes("cancel", { result: open.reader.cancel() });
      await ends(open);
    },
  },
];
