/**
 * A program for `leak.test.ts`: opens and closes many connections, and prints what is left of them as JSON. Run with
 * `--expose-gc`.
 */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { WebSocket } from "../index.js";
import { WebSocketServer } from "../server/index.js";

const [total = 10_000, concurrency = 50] = process.argv.slice(2).map(Number);

const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
const address = server.address();
if (address === null || typeof address === "string") throw new Error("the server listens on a port");
const url = `ws://127.0.0.1:${address.port}/`;
server.on("connection", (socket) => {
  socket.onmessage = ({ data }) => socket.send(typeof data === "string" ? data : new Uint8Array(1));
});

let closedConnections = 0;

/** The ways in which a connection can end, in turn. */
async function live(index: number): Promise<void> {
  const socket = new WebSocket(url, index % 3 === 0 ? ["chat"] : []);
  socket.onmessage = () => (index % 5 === 0 ? socket.close(3000, "done") : socket.close());
  socket.onopen = () => (index % 7 === 0 ? socket.close() : socket.send("x".repeat(index % 400)));
  if (index % 11 === 0) socket.close();
  await once(socket, "close");
  closedConnections += 1;
}

async function run(count: number): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      await live(next);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

interface Remains {
  heap: number;
  /** Memory outside the heap: buffers. */
  external: number;
  /** Active sockets, requests and timers, by name. */
  resources: Record<string, number>;
}

async function remains(): Promise<Remains> {
  // The last handles close in turns of the event loop, and what they held falls in a second collection.
  for (let turn = 0; turn < 200; turn += 1) {
    await pause(10);
    if (process.getActiveResourcesInfo().every((name) => !/^TCPSocketWrap|^TCPWrap/.test(name)) && turn >= 5)
      break;
  }
  // What V8 has compiled and nobody runs any more goes after several collections: 1.4 MB of it in Node 22.
  for (let round = 0; round < 12; round += 1) {
    globalThis.gc?.();
    await pause(5);
  }
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const { heapUsed, external } = process.memoryUsage();
  return { heap: heapUsed, external, resources };
}

const warmUp = Math.min(total, 1000);
await run(warmUp);
const before = await remains();
await run((total - warmUp) / 2);
const between = await remains();
await run((total - warmUp) / 2);
const after = await remains();
const clients = server.clients.size;
await server.close();
console.log(JSON.stringify({ before, between, after, closedConnections, clients }));
