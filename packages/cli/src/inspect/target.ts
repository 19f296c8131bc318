import type { InspectFlags } from "../commands/inspect.js";
import { shownUrl } from "../connect/shown-url.js";
import { readConnectionTarget } from "../connection-target.js";
import { UsageError } from "../exit.js";
import type { LineOptions } from "../line/line.js";
import { readTarget as readLineTarget } from "../workbench/line-target.js";

/** Where the line leads to, and how. */
export interface InspectedTarget extends Pick<LineOptions, "url" | "headers" | "tls"> {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Without credentials. */
  readonly shownUrl: string;
}

/** @throws UsageError that says what was wrong. */
export async function readTarget(given: string, flags: InspectFlags): Promise<InspectedTarget> {
  const { url, options } = await readConnectionTarget(given, { ...flags, deflate: true });
  if (/^wss?\+unix:/i.test(url))
    throw new UsageError("expected a ws: or wss: URL, not that of a Unix socket");
  const { headers, origin, ca, cert, key, rejectUnauthorized } = options;
  const added = [...((headers as Iterable<readonly [string, string]> | undefined) ?? [])];
  if (origin !== undefined) added.push(["Origin", origin]);
  const target = readLineTarget({ url, headers: added });
  return {
    ...target,
    shownUrl: shownUrl(target.url),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    },
  };
}
