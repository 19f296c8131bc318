// A fast writer, a server that sends everything back, and a slow reader: each waits for the next, and nobody piles up
// what the others have no time for.
import { once } from "node:events";
import { drained, messages, WebSocketStream } from "openline";
import { WebSocketServer } from "openline/server";

const mebibyte = 1024 * 1024;
const total = 64 * mebibyte;

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
server.on("connection", async (socket) => {
  socket.binaryType = "arraybuffer";
  for await (const message of messages(socket)) {
    socket.send(message as ArrayBuffer);
    // Reads no further while the client has more than 1 MiB to take.
    await drained(socket, mebibyte);
  }
});
await once(server, "listening");
const address = server.address();
const port = typeof address === "object" && address !== null ? address.port : 0;

const stream = new WebSocketStream(`ws://127.0.0.1:${port}/`, { perMessageDeflate: false });
const { readable, writable } = await stream.opened;

let written = 0;
let read = 0;
let mostAhead = 0;

async function writeFast(): Promise<void> {
  const writer = writable.getWriter();
  while (written < total) {
    await writer.write(new Uint8Array(65_536));
    written += 65_536;
    mostAhead = Math.max(mostAhead, written - read);
  }
}

async function readSlowly(): Promise<void> {
  for await (const message of readable) {
    read += message.length;
    if (read % mebibyte === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    if (read === total) stream.close({ closeCode: 1000, reason: "all there" });
  }
}

await Promise.all([writeFast(), readSlowly()]);
const { closeCode, reason } = await stream.closed;
console.log(`${read / mebibyte} MiB there and back, closed with ${closeCode} "${reason}"`);
console.log(`the writer was ahead of the reader by ${Math.ceil(mostAhead / mebibyte)} MiB at most`);
await server.close();
