/** A ratio of openline to a competitor that must be reached: at least, or for memory and time at most. */
export interface Floor {
  readonly bound: "at least" | "at most";
  readonly ratio: number;
}

const atLeast = (ratio: number): Floor => ({ bound: "at least", ratio });
const atMost = (ratio: number): Floor => ({ bound: "at most", ratio });

type FloorsOfWorkload = Readonly<Record<string, Floor>>;

const memory: FloorsOfWorkload = { ws: atMost(0.5) };

/** By workload and competitor, for the metric that comes first. */
const floors: Readonly<Record<string, FloorsOfWorkload>> = {
  "recv-64": { ws: atLeast(3), bun: atLeast(1.5), deno: atLeast(1.5) },
  "recv-json": { ws: atLeast(2.2), bun: atLeast(1.3) },
  "recv-64k": { ws: atLeast(1.1), net: atLeast(0.9) },
  "recv-1m": { ws: atLeast(1.1), net: atLeast(0.9) },
  "recv-text-64k": { ws: atLeast(1.4) },
  "recv-hangul-64k": { ws: atLeast(1.4) },
  "send-64": { ws: atLeast(15), deno: atLeast(3) },
  "send-64k": { ws: atLeast(1.2), net: atLeast(0.75) },
  "send-1m": { ws: atLeast(1.2), net: atLeast(0.75) },
  "echo-1": { ws: atLeast(1.2), net: atLeast(0.92) },
  "echo-100": { ws: atLeast(6), net: atLeast(0.6), deno: atLeast(2) },
  "recv-deflate-300": { ws: atLeast(8), bun: atLeast(0.5) },
  "recv-deflate-4k": { ws: atLeast(5), bun: atLeast(0.5) },
  "recv-deflate-300-fresh": { ws: atLeast(8), bun: atLeast(0.5) },
  "recv-deflate-4k-fresh": { ws: atLeast(5), bun: atLeast(0.5) },
  "send-deflate-300": { ws: atLeast(6) },
  "send-deflate-300-fresh": { ws: atLeast(6) },
  "recv-tls-64": { ws: atLeast(2.5) },
  "send-tls-64": { ws: atLeast(8) },
  "connect-1": { ws: atLeast(1.2) },
  "connect-16": { ws: atLeast(1.2) },
  fairness: { ws: atMost(2) },
  "server-100-1": { ws: atLeast(1.3), bun: atLeast(0.7) },
  "server-100-16": { ws: atLeast(6), bun: atLeast(0.8) },
  "memory-client-1000": memory,
  "memory-client-10000": memory,
  "memory-client-1000-deflate-used": memory,
  "memory-client-10000-deflate-used": memory,
  "memory-server-1000": memory,
  "memory-server-10000": memory,
  "memory-server-1000-deflate-used": memory,
  "memory-server-10000-deflate-used": memory,
};

export function floorFor(workload: string, competitor: string): Floor | undefined {
  return floors[workload]?.[competitor];
}

export function isReached({ bound, ratio }: Floor, measured: number): boolean {
  return bound === "at least" ? measured >= ratio : measured <= ratio;
}
