import type { CloseRecord } from "./recorder.js";

/** What a case's connection is led through, and what must make no difference to it. */
export interface Line {
  /** Where the connection is made to in place of the port that the line was opened for. */
  readonly port: number;
  /** Takes it down. @returns how the connection has ended for its client, if the line can tell. */
  close(): Promise<CloseRecord | undefined>;
}

type OpenLine = (port: number) => Promise<Line>;

const direct: OpenLine = async (port) => ({ port, close: async () => undefined });

/** `CONFORMANCE_LINE=URL` names a module whose `openLine` opens a line to a port of this machine. */
async function chosen(): Promise<OpenLine> {
  const url = process.env["CONFORMANCE_LINE"];
  if (url === undefined) return direct;
  const { openLine } = (await import(url)) as { openLine: OpenLine };
  return openLine;
}

export const openLine = await chosen();
