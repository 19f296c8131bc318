import type { CertificateFiles } from "./certificate.js";
import { type Child, startChild } from "./child-process.js";
import type { Competitor } from "./competitors/competitor.js";
import type { Timing } from "./rate-meter.js";
import { type Command, commandFor } from "./runtimes.js";
import type { ChildMessage, Load, Metrics, RunOrder } from "./worker-protocol.js";
import type { Workload } from "./workloads/workload.js";

export type Outcome =
  | { readonly type: "measured"; readonly metrics: Metrics; readonly loads: Loads }
  | { readonly type: "unsupported"; readonly reason: string }
  | { readonly type: "failed"; readonly reason: string };

export interface Loads {
  readonly competitor?: Load;
  readonly peer?: Load;
}

export interface RunOptions {
  readonly timing: Timing;
  readonly certificate: CertificateFiles;
  readonly profile?: string;
}

const defaultPatience = 60;

/** One sample: two fresh processes, the competitor's and its peer's, which live no longer than this. */
export async function runOnce(
  workload: Workload,
  competitor: Competitor,
  options: RunOptions,
): Promise<Outcome> {
  const { authority, certificate, privateKey } = options.certificate;
  const worker = commandFor(competitor.runtime, "worker/main.js", authority);
  const peer = peerCommand(workload, authority);
  if (worker === undefined || peer === undefined) {
    return { type: "unsupported", reason: `no binary of ${competitor.runtime} for this machine` };
  }
  const order: RunOrder = {
    workload: workload.name,
    competitor: competitor.name,
    ...options.timing,
    warmup: options.timing.warmup * (workload.warmups ?? 1),
    port: 0,
    authority,
    certificate,
    privateKey,
  };
  const workerOrder = options.profile === undefined ? order : { ...order, profile: options.profile };
  const [first, second] =
    workload.side === "client"
      ? [
          { command: peer, order },
          { command: worker, order: workerOrder },
        ]
      : [
          { command: worker, order: workerOrder },
          { command: peer, order },
        ];
  return runPair(first, second, workload.patience ?? defaultPatience);
}

/** The load on a server comes from Bun where there is one, whose raw sockets cost less than Node's. */
/**
 * The peer of a client has its C library keep the memory that it frees. Otherwise it gives it back to the system after
 * each garbage collection in a flood of large messages, takes it again page by page, and is what is measured.
 */
const peerMemory = { MALLOC_TRIM_THRESHOLD_: String(256 * 1024 * 1024) };

function peerCommand(workload: Workload, authority: string): Command | undefined {
  if (workload.side === "client") {
    const command = commandFor("node", "peer/main.js", authority);
    return command && { ...command, env: { ...command.env, ...peerMemory } };
  }
  return commandFor("bun", "load/main.js", authority) ?? commandFor("node", "load/main.js", authority);
}

interface Starting {
  readonly command: Command;
  readonly order: RunOrder;
}

/** `first` listens, then `second` is started with its port; each hears what the other tells. */
async function runPair(first: Starting, second: Starting, patience: number): Promise<Outcome> {
  const children: Child[] = [];
  const outcome = await new Promise<Outcome>((resolve) => {
    const timer = setTimeout(() => {
      resolve({ type: "failed", reason: `no result within ${patience} s` });
    }, patience * 1000);
    const finish = (result: Outcome): void => {
      clearTimeout(timer);
      resolve(result);
    };
    let metrics: Metrics | undefined;
    let loads: Loads = {};
    const listenTo = (other: () => Child | undefined) => (message: ChildMessage) => {
      if (message.type === "tell") other()?.tell(message.text);
      else if (message.type === "listening") {
        children[1] ??= startChild(
          second.command,
          { ...second.order, port: message.port },
          listenTo(() => children[0]),
        );
      } else if (message.type === "measured") metrics = message.metrics;
      else if (message.type === "load") loads = { ...loads, [message.of]: message.load };
      // A worker that has reported may end before its peer has told its load.
      else if (metrics === undefined) finish(message);
      const isComplete = loads.competitor !== undefined && loads.peer !== undefined;
      if (metrics !== undefined && isComplete) finish({ type: "measured", metrics, loads });
    };
    children[0] = startChild(
      first.command,
      first.order,
      listenTo(() => children[1]),
    );
  });
  await Promise.all(children.map((child) => child.end()));
  return outcome;
}
