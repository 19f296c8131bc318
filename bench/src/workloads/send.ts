import { Unsupported } from "../child.js";
import { type ContextTakeover, encodeDeflated } from "../deflated-frames.js";
import { encodeMessage, encodeSignal } from "../frame-encoding.js";
import { makePayloads, type PayloadKind } from "../payload.js";
import { acknowledgeBytes, acknowledgeFrames, renderSeen, type SeenFrames } from "../peer/acknowledge.js";
import { RateMeter } from "../rate-meter.js";
import { messagesPerSecond } from "./metrics.js";
import type { ClientWorkload, Metric } from "./workload.js";

interface SendOptions {
  readonly name: string;
  readonly title: string;
  readonly group?: string;
  readonly payload: PayloadKind;
  /** Messages that a task sends, and for which the peer answers once. */
  readonly batch: number;
  readonly takeover?: ContextTakeover;
  readonly tls?: true;
}

const wireBytes: Metric = {
  key: "wire",
  unit: "bytes",
  better: "info",
  label: "bytes a message on the wire",
};

/**
 * Batches on their way at a time: the next one goes out when the peer has acknowledged one. Enough of them that
 * nobody waits for the rest of a batch: where Nagle's algorithm is on, as in Deno, that takes milliseconds.
 */
const batchesInFlight = ({ size }: PayloadKind): number => (size > 10_000 ? 4 : 16);
const distinct = (size: number): number => (size > 10_000 ? 4 : 256);

function send({ name, title, group, payload, batch, takeover, tls }: SendOptions): ClientWorkload {
  const frames = async (): Promise<Buffer[]> => {
    const payloads = makePayloads(payload, distinct(payload.size));
    if (takeover !== undefined) return encodeDeflated(payloads, takeover, true);
    return payloads.map((each) => encodeMessage(each, true));
  };
  return {
    name,
    title,
    group: group ?? "send",
    metrics: takeover === undefined ? [messagesPerSecond] : [messagesPerSecond, wireBytes],
    side: "client",
    tls: tls ?? false,
    takeover,
    async peer() {
      if (takeover !== undefined) return { "/count": acknowledgeFrames(batch) };
      const frame = (await frames())[0];
      return { "/count": acknowledgeBytes((frame?.length ?? 0) * batch) };
    },
    async webSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const data = makePayloads(payload, distinct(payload.size)).map((each) => each.data);
      let next = 0;
      const sendBatch = (): void => {
        for (let i = 0; i < batch; i++) socket.send(data[next++ % data.length] ?? "");
      };
      let acknowledged = 0;
      let signal = "";
      const socket = await run.open("/count", (event) => {
        signal = event.data as string;
        acknowledged += batch;
        meter.sample(acknowledged);
        if (!meter.isOver) sendBatch();
      });
      for (let i = 0; i < batchesInFlight(payload); i++) sendBatch();
      const rate = await meter.perSecond;
      return takeover === undefined ? { rate } : { rate, wire: wireBytesOf(signal) };
    },
    async plainSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const bytes = Buffer.concat(Array.from({ length: batch }, cycle(await frames())));
      const nothing = { frames: 0, compressed: 0, bytes: 0 };
      const signalSize = encodeSignal(takeover === undefined ? undefined : renderSeen(nothing)).length;
      let received = 0;
      let acknowledged = 0;
      const socket = await run.connect("/count", (chunk) => {
        received += chunk.length;
        for (; received >= signalSize; received -= signalSize) {
          acknowledged += batch;
          meter.sample(acknowledged);
          if (!meter.isOver) socket.write(bytes);
        }
      });
      for (let i = 0; i < batchesInFlight(payload); i++) socket.write(bytes);
      const rate = await meter.perSecond;
      const size = bytes.length / batch;
      return takeover === undefined ? { rate } : { rate, wire: size };
    },
  };
}

function cycle<Item>(items: readonly Item[]): (_: unknown, index: number) => Item {
  return (_, index) => items[index % items.length] as Item;
}

/** A client may agree to compression and not do it, or do it badly: the peer has noted what came. */
function wireBytesOf(signal: string): number {
  const seen = JSON.parse(signal) as SeenFrames;
  if (seen.compressed < seen.frames) {
    const share = Math.round((1 - seen.compressed / seen.frames) * 100);
    throw new Unsupported(`agrees to compression, but sends ${share} % of these messages uncompressed`);
  }
  return seen.bytes / seen.frames;
}

const takeovers = [
  { takeover: "takeover", suffix: "", words: "with context takeover" },
  { takeover: "no-takeover", suffix: "-fresh", words: "without context takeover" },
] as const;

export const sendWorkloads: readonly ClientWorkload[] = [
  send({ name: "send-64", title: "send 64 B text", payload: { format: "ascii", size: 64 }, batch: 256 }),
  send({
    name: "send-64k",
    title: "send 64 KiB binary",
    payload: { format: "binary", size: 65536 },
    batch: 8,
  }),
  send({
    name: "send-1m",
    title: "send 1 MiB binary",
    payload: { format: "binary", size: 1 << 20 },
    batch: 1,
  }),
  ...takeovers.flatMap(({ takeover, suffix, words }) => [
    send({
      name: `send-deflate-300${suffix}`,
      title: `send deflated JSON, 300 B, ${words}`,
      group: "deflate",
      payload: { format: "json", size: 300 },
      batch: 64,
      takeover,
    }),
    send({
      name: `send-deflate-4k${suffix}`,
      title: `send deflated JSON, 4 KB, ${words}`,
      group: "deflate",
      payload: { format: "json", size: 4096 },
      batch: 32,
      takeover,
    }),
  ]),
  send({
    name: "send-tls-64",
    title: "wss: send 64 B text",
    group: "tls",
    payload: { format: "ascii", size: 64 },
    batch: 256,
    tls: true,
  }),
  send({
    name: "send-tls-64k",
    title: "wss: send 64 KiB binary",
    group: "tls",
    payload: { format: "binary", size: 65536 },
    batch: 8,
    tls: true,
  }),
];
