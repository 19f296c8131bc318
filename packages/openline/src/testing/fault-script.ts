import { setTimeout as sleep } from "node:timers/promises";
import type { FaultyProxy } from "./faulty-proxy.js";
import { seededRandom } from "./random.js";

/** One fault of a script: what is done, and how long until the next. */
export interface FaultStep {
  readonly fault: FaultName;
  readonly milliseconds: number;
}

/** The faults that a script draws from. */
const faults = {
  delay: (proxy, random) => proxy.delay(Math.round(random() * 50)),
  throttle: (proxy, random) => proxy.throttle(Math.round(1000 + random() * 50_000)),
  hold: (proxy) => proxy.hold(),
  "hold to server": (proxy) => proxy.hold("to-server"),
  "hold to client": (proxy) => proxy.hold("to-client"),
  cut: (proxy) => proxy.cut(),
  reset: (proxy) => proxy.reset(),
  "cut inside frame to client": (proxy) => proxy.cutInsideFrame("to-client"),
  "cut inside frame to server": (proxy) => proxy.cutInsideFrame("to-server"),
  "drop handshakes": (proxy) => proxy.dropHandshakes(),
  "answer 503": (proxy) => proxy.answer(503),
  heal: (proxy) => proxy.heal(),
} as const satisfies Record<string, (proxy: FaultyProxy, random: () => number) => void>;

/** A fault that a script may draw; "heal" ends all others. */
export type FaultName = keyof typeof faults;

/** What `runFaultScript` takes. */
export interface FaultScriptOptions {
  /** Decides which faults come, and when. */
  readonly seed: number;
  /** How many faults there are. */
  readonly steps: number;
  /** The longest time between two faults. Default 50 ms. */
  readonly longest?: number;
}

/** Does a seed's faults to a proxy, one after the other, and heals it in the end. @returns what was done. */
export async function runFaultScript(
  proxy: FaultyProxy,
  { seed, steps, longest = 50 }: FaultScriptOptions,
): Promise<FaultStep[]> {
  const random = seededRandom(seed);
  const names = Object.keys(faults) as FaultName[];
  const done: FaultStep[] = [];
  for (let step = 0; step < steps; step++) {
    const fault = names[Math.floor(random() * names.length)] ?? "heal";
    const milliseconds = Math.round(random() * longest);
    // A line that is only ever broken shows little: every other step heals it first.
    if (step % 2 === 0) proxy.heal();
    faults[fault](proxy, random);
    done.push({ fault, milliseconds });
    await sleep(milliseconds);
  }
  proxy.heal();
  return done;
}
