import { parseArgs } from "node:util";
import { competitors as allCompetitors } from "./competitors/catalogue.js";
import type { Competitor } from "./competitors/competitor.js";
import type { Timing } from "./rate-meter.js";
import { workloads as allWorkloads } from "./workloads/catalogue.js";
import type { Workload } from "./workloads/workload.js";

/** What the user typed can't be carried out; the message says why. */
export class UsageError extends Error {}

export interface BenchCommand {
  readonly action: "bench" | "list" | "help";
  readonly workloads: readonly Workload[];
  /** The subject first. */
  readonly competitors: readonly Competitor[];
  readonly subject: string;
  readonly runs: number;
  readonly timing: Timing;
  /** Everything was measured in full, so that the result may stand for the project. */
  readonly isComplete: boolean;
  readonly json: string | undefined;
  readonly charts: string | undefined;
}

export const benchUsage = `npm run bench -- [options]

  --only NAMES      workloads, separated by commas; * stands for anything
  --against NAMES   competitors, separated by commas (default: all)
  --runs N          samples of each competitor (default 5, with --quick 2)
  --quick           shorter runs: a first look, not a result
  --subject NAME    who is compared with the others (default openline)
  --json FILE       where to write every sample
  --charts FOLDER   where to write the charts
  --list            names of workloads and competitors
  --help            this text`;

const options = {
  only: { type: "string" },
  against: { type: "string" },
  runs: { type: "string" },
  quick: { type: "boolean", default: false },
  subject: { type: "string", default: "openline" },
  json: { type: "string" },
  charts: { type: "string" },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

export function parseBenchCommand(args: readonly string[]): BenchCommand {
  const values = parse(args);
  const subject = chooseCompetitors(values.subject)[0];
  if (subject === undefined) throw new UsageError("--subject needs a name");
  const others = values.against === undefined ? allCompetitors : chooseCompetitors(values.against);
  return {
    action: values.help ? "help" : values.list ? "list" : "bench",
    workloads: values.only === undefined ? allWorkloads : chooseWorkloads(values.only),
    competitors: [subject, ...others.filter((other) => other !== subject)],
    subject: subject.name,
    runs: values.runs === undefined ? (values.quick ? 2 : 5) : parseRuns(values.runs),
    timing: values.quick ? { warmup: 200, window: 400 } : { warmup: 500, window: 1200 },
    isComplete: values.only === undefined && values.against === undefined && !values.quick,
    json: values.json,
    charts: values.charts,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options }>>["values"] {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function parseRuns(text: string): number {
  const runs = Number(text);
  if (!Number.isInteger(runs) || runs < 1 || runs > 100) {
    throw new UsageError(`--runs needs a whole number from 1 to 100, not "${text}"`);
  }
  return runs;
}

export function chooseWorkloads(names: string): Workload[] {
  return choose(names, allWorkloads, "workload");
}

export function chooseCompetitors(names: string): Competitor[] {
  return choose(names, allCompetitors, "competitor");
}

function choose<Item extends { readonly name: string }>(
  names: string,
  items: readonly Item[],
  what: string,
): Item[] {
  const chosen = new Set<Item>();
  for (const name of names.split(",").map((each) => each.trim())) {
    const pattern = new RegExp(`^${name.replaceAll(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`);
    const matching = items.filter((item) => pattern.test(item.name));
    if (matching.length === 0) {
      const known = items.map((item) => item.name).join(", ");
      throw new UsageError(`no ${what} is named "${name}"; there are ${known}`);
    }
    for (const item of matching) chosen.add(item);
  }
  return [...chosen];
}
