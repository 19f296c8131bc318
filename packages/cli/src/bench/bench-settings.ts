import { randomBytes, randomInt } from "node:crypto";
import type { BenchFlags } from "../commands/bench.js";
import { type ConnectionTarget, readConnectionTarget } from "../connection-target.js";
import { UsageError } from "../exit.js";
import type { LoadSettings, Pace } from "./load-protocol.js";

export interface BenchSettings {
  readonly target: ConnectionTarget;
  readonly connections: number;
  readonly pace: Pace;
  readonly payload: string | ArrayBuffer;
  readonly takeAnyReply: boolean;
  /** Milliseconds. */
  readonly duration: number;
  readonly workers: number;
  readonly limit: number;
  readonly asJson: boolean;
}

const defaultSize = 64;

/** With a rate, which goes on whether the server answers or not: a guard for the memory of both. */
const mostInFlight = 10_000;

export async function readBenchSettings(url: string, flags: BenchFlags): Promise<BenchSettings> {
  const { connections, rate, inFlight, duration, workers, limit, json, anyReply } = flags;
  if (workers > connections) {
    throw new UsageError(
      `--workers ${workers}: expected no more than there are connections (${connections})`,
    );
  }
  return {
    target: await readConnectionTarget(url, flags),
    connections,
    pace:
      rate === undefined
        ? { kind: "window", inFlight: inFlight ?? 1 }
        : { kind: "rate", perSecond: rate, inFlight: inFlight ?? mostInFlight },
    payload: makePayload(flags),
    takeAnyReply: anyReply === true,
    duration: duration * 1000,
    workers,
    limit,
    asJson: json === true,
  };
}

/** Random, so that compression doesn't make it smaller than real messages become. */
function makePayload({ message, size = defaultSize, binary }: BenchFlags): string | ArrayBuffer {
  if (message !== undefined) return message;
  if (binary) return Uint8Array.from(randomBytes(size)).buffer;
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  if (size <= 1024) return Array.from({ length: size }, () => letters[randomInt(letters.length)]).join("");
  return randomBytes(Math.ceil((size * 3) / 4))
    .toString("base64")
    .slice(0, size);
}

/** Each thread's share; the first ones have one connection more where it doesn't come out even. */
export function shareOut(settings: BenchSettings): LoadSettings[] {
  const { target, connections, pace, payload, takeAnyReply, workers } = settings;
  return Array.from({ length: workers }, (_, thread) => ({
    ...target,
    connections: Math.floor(connections / workers) + (thread < connections % workers ? 1 : 0),
    pace,
    payload,
    takeAnyReply,
    thread,
    threads: workers,
  }));
}
