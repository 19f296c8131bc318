import { type ContextTakeover, encodeDeflated } from "../deflated-frames.js";
import { encodeMessage } from "../frame-encoding.js";
import { makePayloads, type PayloadKind } from "../payload.js";
import { flood } from "../peer/flood.js";
import { RateMeter } from "../rate-meter.js";
import { messagesPerSecond } from "./metrics.js";
import type { ClientWorkload } from "./workload.js";

interface ReceiveOptions {
  readonly name: string;
  readonly title: string;
  readonly group?: string;
  readonly payload: PayloadKind;
  readonly takeover?: ContextTakeover;
  readonly tls?: true;
}

/** The peer sends as fast as TCP lets it; the client's handler reads the length of `event.data`. */
function receive({ name, title, group, payload, takeover, tls }: ReceiveOptions): ClientWorkload {
  const distinct = payload.size > 10_000 ? 1 : 256;
  const checkEvery = payload.size > 10_000 ? 1 : 64;
  const frames = async (): Promise<Buffer[]> => {
    const payloads = makePayloads(payload, distinct);
    if (takeover !== undefined) return encodeDeflated(payloads, takeover, false);
    return payloads.map((each) => encodeMessage(each, false));
  };
  return {
    name,
    title,
    group: group ?? "receive",
    metrics: [messagesPerSecond],
    side: "client",
    tls: tls ?? false,
    takeover,
    async peer() {
      return { "/flood": flood(await frames()) };
    },
    async webSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const sizes = makePayloads(payload, distinct).map(({ data }) => data.length);
      let messages = 0;
      let size = 0;
      await run.open("/flood", ({ data }) => {
        size += typeof data === "string" ? data.length : data.byteLength;
        if (++messages % checkEvery === 0) meter.sample(messages);
      });
      const rate = await meter.perSecond;
      let expected = 0;
      for (let index = 0; index < messages; index++) expected += sizes[index % distinct] ?? 0;
      if (size !== expected)
        throw new Error(`received ${size} units in ${messages} messages, not ${expected}`);
      return { rate };
    },
    async plainSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const sent = await frames();
      const frameSize = sent.reduce((sum, frame) => sum + frame.length, 0) / sent.length;
      let bytes = 0;
      await run.connect("/flood", (chunk) => {
        bytes += chunk.length;
        meter.sample(bytes / frameSize);
      });
      return { rate: await meter.perSecond };
    },
  };
}

const takeovers = [
  { takeover: "takeover", suffix: "", words: "with context takeover" },
  { takeover: "no-takeover", suffix: "-fresh", words: "without context takeover" },
] as const;

export const receiveWorkloads: readonly ClientWorkload[] = [
  receive({ name: "recv-64", title: "receive 64 B text", payload: { format: "ascii", size: 64 } }),
  receive({ name: "recv-json", title: "receive JSON, 300 B", payload: { format: "json", size: 300 } }),
  receive({ name: "recv-64k", title: "receive 64 KiB binary", payload: { format: "binary", size: 65536 } }),
  receive({ name: "recv-1m", title: "receive 1 MiB binary", payload: { format: "binary", size: 1 << 20 } }),
  receive({
    name: "recv-text-64k",
    title: "receive 64 KiB text, ASCII",
    payload: { format: "ascii", size: 65536 },
  }),
  receive({
    name: "recv-hangul-64k",
    title: "receive 64 KiB text, mixed with Hangul",
    payload: { format: "hangul", size: 65536 },
  }),
  ...takeovers.flatMap(({ takeover, suffix, words }) => [
    receive({
      name: `recv-deflate-300${suffix}`,
      title: `receive deflated JSON, 300 B, ${words}`,
      group: "deflate",
      payload: { format: "json", size: 300 },
      takeover,
    }),
    receive({
      name: `recv-deflate-4k${suffix}`,
      title: `receive deflated JSON, 4 KB, ${words}`,
      group: "deflate",
      payload: { format: "json", size: 4096 },
      takeover,
    }),
  ]),
  receive({
    name: "recv-tls-64",
    title: "wss: receive 64 B text",
    group: "tls",
    payload: { format: "ascii", size: 64 },
    tls: true,
  }),
  receive({
    name: "recv-tls-64k",
    title: "wss: receive 64 KiB binary",
    group: "tls",
    payload: { format: "binary", size: 65536 },
    tls: true,
  }),
];
