import { runCommand } from "../testing-support/command.test.support.js";

/** What `--json` prints. */
export interface Report {
  readonly url: string;
  readonly interrupted: boolean;
  readonly connections: {
    readonly wanted: number;
    readonly opened: number;
    readonly failed: number;
    readonly ended: number;
    readonly failures: readonly { readonly reason: string; readonly count: number }[];
    readonly endings: readonly { readonly reason: string; readonly count: number }[];
    readonly handshake: Times | null;
  };
  readonly messages: {
    readonly sent: number;
    readonly replies: number;
    readonly unanswered: number;
    readonly notSent: number;
    readonly others: number;
    readonly repliesPerSecond: number;
    readonly bytesSentPerSecond: number;
    readonly roundTrip: Times | null;
  };
}

export interface Times {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly "p99.9": number;
  readonly max: number;
}

/** A short run with `--json`. */
export async function measure(
  url: string,
  ...args: readonly string[]
): Promise<{ code: number | null; stderr: string; report: Report }> {
  const { code, stdout, stderr } = await runCommand(["bench", url, "--json", "--duration", "0.3", ...args]);
  return { code, stderr, report: JSON.parse(stdout) as Report };
}
