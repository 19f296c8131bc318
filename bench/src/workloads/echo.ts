import { encodeMessage } from "../frame-encoding.js";
import { makePayloads } from "../payload.js";
import { echo as echoBehaviour } from "../peer/echo.js";
import { RateMeter } from "../rate-meter.js";
import { messagesPerSecond } from "./metrics.js";
import type { ClientWorkload } from "./workload.js";

const distinct = 256;

export interface EchoFrames {
  readonly texts: readonly string[];
  readonly requests: readonly Buffer[];
  readonly replies: readonly Buffer[];
  readonly requestSize: number;
  readonly replySize: number;
}

/** 64-byte texts, and the frames in which they travel. */
export function echoFrames(): EchoFrames {
  const payloads = makePayloads({ format: "ascii", size: 64 }, distinct);
  const requests = payloads.map((payload) => encodeMessage(payload, true));
  const replies = payloads.map((payload) => encodeMessage(payload, false));
  return {
    texts: payloads.map(({ data }) => String(data)),
    requests,
    replies,
    requestSize: requests[0]?.length ?? 0,
    replySize: replies[0]?.length ?? 0,
  };
}

/** The client keeps so many messages on their way: each that comes back lets the next one go. */
function echo(inFlight: number): ClientWorkload {
  return {
    name: `echo-${inFlight}`,
    title: `echo 64 B text, ${inFlight} in flight`,
    group: "echo",
    metrics: [messagesPerSecond],
    side: "client",
    tls: false,
    takeover: undefined,
    async peer() {
      const { requestSize, replies } = echoFrames();
      return { "/echo": echoBehaviour(requestSize, replies) };
    },
    async webSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const { texts } = echoFrames();
      let size = 0;
      let messages = 0;
      let next = 0;
      const sendNext = (): void => socket.send(texts[next++ % distinct] ?? "");
      const socket = await run.open("/echo", ({ data }) => {
        size += (data as string).length;
        if (++messages % 16 === 0) meter.sample(messages);
        if (!meter.isOver) sendNext();
      });
      for (let i = 0; i < inFlight; i++) sendNext();
      const rate = await meter.perSecond;
      if (size !== messages * 64) throw new Error(`received ${size} characters in ${messages} messages`);
      return { rate };
    },
    async plainSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const { requests, requestSize, replySize } = echoFrames();
      const bytes = Buffer.concat(requests);
      let pending = 0;
      let messages = 0;
      const socket = await run.connect("/echo", (chunk) => {
        pending += chunk.length;
        const count = Math.floor(pending / replySize);
        pending -= count * replySize;
        messages += count;
        meter.sample(messages);
        if (!meter.isOver && count > 0) socket.write(bytes.subarray(0, count * requestSize));
      });
      socket.write(bytes.subarray(0, inFlight * requestSize));
      return { rate: await meter.perSecond };
    },
  };
}

export const echoWorkloads: readonly ClientWorkload[] = [echo(1), echo(10), echo(100)];
