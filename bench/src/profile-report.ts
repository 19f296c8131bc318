import { readFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { basename } from "node:path";

/** Where the time went, function by function: without what it called, in nanoseconds for each unit of work. */
export function renderProfile(file: string, perSecond: number, lines: number): string {
  const profile = JSON.parse(readFileSync(file, "utf8")) as Profiler.Profile;
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const own = new Map<string, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const name = names.get(id) ?? "?";
    own.set(name, (own.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  }
  const microseconds = profile.endTime - profile.startTime;
  const rows = [...own].sort(([, a], [, b]) => b - a).slice(0, lines);
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${"own time of".padEnd(width)}   share   ns each`,
    ...rows.map(([name, time]) => {
      const share = time / microseconds;
      const each = perSecond > 0 ? ((share * 1e9) / perSecond).toFixed(1) : "";
      return `${name.padEnd(width)}  ${(share * 100).toFixed(1).padStart(5)} %  ${each.padStart(8)}`;
    }),
  ].join("\n");
}

function nameOf({ functionName, url, lineNumber }: Profiler.ProfileNode["callFrame"]): string {
  const place = url === "" ? "" : ` ${basename(url)}:${lineNumber + 1}`;
  return `${functionName === "" ? "(anonymous)" : functionName}${place}`;
}
