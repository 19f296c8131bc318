import { Buffer } from "node:buffer";
import { openRawClient, type RawClient } from "../load/raw-client.js";
import { openMany } from "../memory.js";
import { RateMeter } from "../rate-meter.js";
import { echoFrames } from "./echo.js";
import { messagesPerSecond } from "./metrics.js";
import type { ServerWorkload } from "./workload.js";

/** Raw connections that keep so many 64-byte texts on their way each; the server echoes. */
function serverEcho(connections: number, inFlight: number): ServerWorkload {
  return {
    name: `server-${connections}-${inFlight}`,
    title: `server: echo for ${connections === 1 ? "1 connection" : `${connections.toLocaleString("en")} connections`}, ${inFlight} in flight`,
    group: "server",
    metrics: [messagesPerSecond],
    side: "server",
    takeover: undefined,
    async load(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const { requests, requestSize, replySize } = echoFrames();
      const bytes = Buffer.concat(requests);
      const batches = Array.from({ length: inFlight + 1 }, (_, count) =>
        bytes.subarray(0, count * requestSize),
      );
      const nothing = Buffer.alloc(0);
      let messages = 0;
      let nextSample = 0;
      const clients: RawClient[] = [];
      await openMany(connections, async () => {
        let pending = 0;
        const client = await openRawClient({
          port: run.port,
          offersDeflate: false,
          onBytes: (size) => {
            pending += size;
            const count = Math.floor(pending / replySize);
            pending -= count * replySize;
            messages += count;
            if (messages >= nextSample) {
              nextSample = messages + 64;
              meter.sample(messages);
            }
            if (count > 0) client.write(batches[count] ?? nothing);
          },
        });
        clients.push(client);
      });
      for (const client of clients) client.write(batches[inFlight] ?? nothing);
      return { rate: await meter.perSecond };
    },
  };
}

export const serverEchoWorkloads: readonly ServerWorkload[] = [1, 100, 1000].flatMap((connections) =>
  [1, 16].map((inFlight) => serverEcho(connections, inFlight)),
);
