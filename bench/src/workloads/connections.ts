import { encodeClose } from "../frame-encoding.js";
import { answerClose } from "../peer/answer-close.js";
import { RateMeter } from "../rate-meter.js";
import { reasonOf } from "../websocket-like.js";
import { connectionsPerSecond } from "./metrics.js";
import type { ClientWorkload } from "./workload.js";

/** Opens a connection, closes it, waits for `close`, and goes on with the next; so many at a time. */
function connections(atATime: number): ClientWorkload {
  return {
    name: `connect-${atATime}`,
    title: `connections opened and closed, ${atATime} at a time`,
    group: "connections",
    metrics: [connectionsPerSecond],
    side: "client",
    tls: false,
    takeover: undefined,
    // In the usual time there are some hundred connections, too few for V8 to have compiled what each of them runs.
    warmups: 8,
    async peer() {
      return { "/close": answerClose };
    },
    webSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      let closed = 0;
      return new Promise((resolve, reject) => {
        const next = (): void => {
          const socket = run.create("/close");
          socket.onopen = () => socket.close();
          socket.onerror = (event) => reject(new Error(reasonOf(event)));
          socket.onclose = () => {
            meter.sample(++closed);
            if (!meter.isOver) next();
          };
        };
        for (let i = 0; i < atATime; i++) next();
        meter.perSecond.then((rate) => resolve({ rate }), reject);
      });
    },
    async plainSocket(run) {
      const meter = new RateMeter(run.timing, run.started, run.stopped);
      const closeFrame = encodeClose(true);
      let closed = 0;
      const loop = async (): Promise<void> => {
        while (!meter.isOver) {
          const socket = await run.connect("/close", () => {});
          const ended = new Promise((resolve) => socket.once("close", resolve));
          socket.end(closeFrame);
          await ended;
          meter.sample(++closed);
        }
      };
      await Promise.all(Array.from({ length: atATime }, loop));
      return { rate: await meter.perSecond };
    },
  };
}

export const connectionWorkloads: readonly ClientWorkload[] = [connections(1), connections(16)];
