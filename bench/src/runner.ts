import { competitors as allCompetitors } from "./competitors/catalogue.js";
import type { Competitor } from "./competitors/competitor.js";
import { net } from "./competitors/net.js";
import type { CompetitorResult, WorkloadResult } from "./results.js";
import { type RunOptions, runOnce } from "./run-once.js";
import type { Workload } from "./workloads/workload.js";

export interface Plan {
  readonly workloads: readonly Workload[];
  readonly competitors: readonly Competitor[];
  readonly runs: number;
}

export interface RunnerEvents {
  readonly running: (workload: Workload, competitor: Competitor, round: number) => void;
  /** A run is over, or won't take place. */
  readonly ran: () => void;
  readonly finished: (result: WorkloadResult) => void;
}

/** Those chosen that have a part in this workload, and the plain socket where the others are measured by it. */
export function competitorsFor(workload: Workload, chosen: readonly Competitor[]): Competitor[] {
  const able = chosen.filter(
    (each) => workload.side === "client" || each === net || each.loadServer !== undefined,
  );
  const needsNet = workload.metrics.some(({ abovePlainSocket }) => abovePlainSocket === true);
  return needsNet && !able.includes(net) ? [...able, net] : able;
}

/** Takes every sample of the plan. Competitors take turns, so that a change in the machine's mood touches all. */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  events: RunnerEvents,
): Promise<WorkloadResult[]> {
  const all: WorkloadResult[] = [];
  for (const workload of plan.workloads) {
    const results = competitorsFor(workload, plan.competitors).map(
      ({ name }): CompetitorResult => ({ competitor: name, samples: [] }),
    );
    for (let round = 0; round < plan.runs; round++) {
      for (const result of results) {
        const competitor = allCompetitors.find(({ name }) => name === result.competitor);
        if (competitor !== undefined && result.problem === undefined) {
          events.running(workload, competitor, round);
          const outcome = await runOnce(workload, competitor, options);
          if (outcome.type === "measured") {
            result.samples.push({ round, metrics: outcome.metrics, loads: outcome.loads });
          } else result.problem = outcome;
        }
        events.ran();
      }
    }
    const result = { workload, results };
    all.push(result);
    events.finished(result);
  }
  return all;
}
