// What the processes of one run say to each other: a line of JSON each, on standard output to the runner; lines of
// plain text on standard input from it. Pipes rather than Node's IPC, because Bun and Deno have them alike.

/** How busy a process was while the figures were taken. */
export interface Load {
  /** The share of the time in which its event loop had nothing to do; where a runtime can't tell, 1 - `cpu`. */
  readonly idle: number;
  /** Processor time over elapsed time. */
  readonly cpu: number;
}

export type Metrics = Readonly<Record<string, number>>;

export type ChildMessage =
  /** The process accepts connections. */
  | { readonly type: "listening"; readonly port: number }
  /** To be handed on to the other process of the run. */
  | { readonly type: "tell"; readonly text: string }
  | { readonly type: "measured"; readonly metrics: Metrics }
  | { readonly type: "load"; readonly of: "competitor" | "peer"; readonly load: Load }
  /** This competitor can't do this workload, for a reason that another try won't change. */
  | { readonly type: "unsupported"; readonly reason: string }
  | { readonly type: "failed"; readonly reason: string };

/** What a process of a run is started with, as JSON in its first argument. */
export interface RunOrder {
  readonly workload: string;
  readonly competitor: string;
  readonly warmup: number;
  readonly window: number;
  /** Where the other process listens, if it was started first. */
  readonly port: number;
  /** PEM files made for this benchmark, for `wss:`. */
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
  /** Where to write a CPU profile of the measured window. */
  readonly profile?: string;
}

/** Both ends are our own, so the shape of a line is trusted once its type is known. */
export function parseChildMessage(line: string): ChildMessage | undefined {
  if (!line.startsWith('{"type":')) return undefined;
  return JSON.parse(line) as ChildMessage;
}

export function parseRunOrder(argument: string | undefined): RunOrder {
  if (argument === undefined)
    throw new Error("this file is started by the runner, with a run's order as argument");
  return JSON.parse(argument) as RunOrder;
}
