import type { ReplayFlags } from "../commands/replay.js";
import { UsageError } from "../exit.js";
import type { Tempo } from "./player.js";

export function readTempo({ speed, step, wait }: ReplayFlags): Tempo {
  return { speed, isStepwise: step === true, patience: wait * 1000 };
}

/** @throws UsageError for what is no regular expression. */
export function readIgnored(sources: readonly string[] = []): RegExp[] {
  return sources.map((source) => {
    try {
      return new RegExp(source, "gu");
    } catch (error) {
      const why = (error as Error).message.replace(/^Invalid regular expression: /, "");
      throw new UsageError(`--ignore "${source}": expected a regular expression (${why})`);
    }
  });
}

/** Options that say how to connect, which nobody does who waits for a client. */
const needAgainst = [
  "subprotocol",
  "header",
  "origin",
  "auth",
  "proxy",
  "ca",
  "cert",
  "key",
  "insecure",
  "http2",
] as const satisfies readonly (keyof ReplayFlags)[];

/** @throws UsageError for options that don't go together. */
export function checkFlags(flags: ReplayFlags): void {
  const useless =
    flags.against === undefined ? needAgainst.find((name) => flags[name] !== undefined) : undefined;
  if (useless !== undefined) throw new UsageError(`--${useless}: expected --against with it`);
  if (flags.host === "") throw new UsageError('--host "": expected an address, such as 127.0.0.1');
}
