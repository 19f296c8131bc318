// What the diagnostics channels cost: nanoseconds for a frame of 64 B, parsed and written without a socket, so that a
// nanosecond more would show. Run by `npm run bench:tracing`.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { median } from "./statistics.js";

interface Connection {
  receive(bytes: Buffer): void;
  sendText(data: string): number;
  readonly output: { takeSegments(): readonly { release(): void }[] };
}

type ConnectionClass = new (options: object, handler: object) => Connection;
type TraceClass = new (role: "client", url: string) => object;

const library = new URL("../../packages/openline/dist/", import.meta.url);
const { Connection } = (await import(new URL("protocol/connection.js", library).href)) as {
  readonly Connection: ConnectionClass;
};
const { TracedConnection } = (await import(new URL("tracing/traced-connection.js", library).href)) as {
  readonly TracedConnection: TraceClass;
};

const framesInPacket = 1000;
const packetsInSample = 400;
const rounds = 41;

const payload = "0123456789abcdef".repeat(4);
const frame = Buffer.concat([Buffer.from([0x81, payload.length]), Buffer.from(payload)]);
// Memory of its own: a packet of the network isn't part of Node's pool, either.
const packet = Buffer.from(new Uint8Array(Buffer.concat(Array<Buffer>(framesInPacket).fill(frame))).buffer);

let characters = 0;
const handler = {
  text: (data: string) => {
    characters += data.length;
  },
  binary: () => {},
  pong: () => {},
  closeReceived: () => {},
  failed: () => {},
  inOrder: (step: () => void) => step(),
  outputReady: () => {},
  flush: () => {},
};

function createConnection(observer: object | undefined): Connection {
  const options = {
    role: "client",
    deflate: undefined,
    compression: {},
    maxPayload: 1 << 20,
    maxFragments: 1,
  };
  return new Connection({ ...options, observer }, handler);
}

const without = createConnection(undefined);
const traced = createConnection(new TracedConnection("client", "ws://localhost/"));

function receive(connection: Connection): void {
  for (let i = 0; i < packetsInSample; i++) connection.receive(packet);
}

function send(connection: Connection): void {
  for (let i = 0; i < packetsInSample; i++) {
    for (let j = 0; j < framesInPacket; j++) connection.sendText(payload);
    for (const segment of connection.output.takeSegments()) segment.release();
  }
}

/** Nanoseconds for a frame. */
function timed(work: (connection: Connection) => void, connection: Connection): number {
  const start = process.hrtime.bigint();
  work(connection);
  return Number(process.hrtime.bigint() - start) / (packetsInSample * framesInPacket);
}

/** The medians with and without, taken in turn, and the median of the differences pair by pair. */
function compare(name: string, work: (connection: Connection) => void): void {
  const pairs = Array.from({ length: rounds }, (_, round) => {
    // Who goes first has a warmer cache or a colder one: they take turns.
    const first = round % 2 === 0 ? without : traced;
    const times = new Map([[first, timed(work, first)]]);
    const second = first === without ? traced : without;
    times.set(second, timed(work, second));
    return [times.get(without) ?? Number.NaN, times.get(traced) ?? Number.NaN] as const;
  });
  const plain = median(pairs.map(([each]) => each));
  const withTrace = median(pairs.map(([, each]) => each));
  const difference = median(pairs.map(([a, b]) => b - a));
  const shown = [plain, withTrace, difference].map((each) => each.toFixed(1).padStart(8));
  console.log(`${name.padEnd(32)}${shown.join("")}`);
}

console.log(`${"ns for a frame of 64 B".padEnd(32)} without  traced    more`);
compare("receive, nobody subscribes", receive);
compare("send, nobody subscribes", send);
const listener = (): void => {};
subscribe("openline:frame", listener);
compare("receive, one subscriber", receive);
compare("send, one subscriber", send);
unsubscribe("openline:frame", listener);
compare("receive, nobody subscribes again", receive);
compare("send, nobody subscribes again", send);
if (characters === 0) throw new Error("nothing was received");
