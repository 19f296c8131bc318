import process from "node:process";
import { report, runChild } from "../child.js";
import { childRun } from "../child-run.js";
import { findCompetitor } from "../competitors/catalogue.js";
import type { Competitor } from "../competitors/competitor.js";
import { LoadMeter } from "../load-meter.js";
import { startPeerServer } from "../peer/server.js";
import { parseRunOrder, type RunOrder } from "../worker-protocol.js";
import { findWorkload } from "../workloads/catalogue.js";
import type { ClientWorkload, Run, ServerWorkload } from "../workloads/workload.js";
import { plainServerBehaviours } from "./plain-server.js";
import { plainSocketRun } from "./plain-socket-run.js";
import { startProfile } from "./profile.js";
import { webSocketRun } from "./websocket-run.js";

/** The process that is measured: one competitor, one workload, in the competitor's own runtime. */
runChild(async () => {
  const order = parseRunOrder(process.argv[2]);
  const workload = findWorkload(order.workload);
  const competitor = findCompetitor(order.competitor);
  const run = metered(
    order.profile === undefined ? childRun(order) : await profiled(childRun(order), order.profile),
  );
  if (workload.side === "client") {
    await measureClient(workload, competitor, order, run);
    process.exit(0);
  }
  await serve(workload, competitor, run);
});

async function measureClient(
  workload: ClientWorkload,
  competitor: Competitor,
  order: RunOrder,
  run: Run,
): Promise<void> {
  if (competitor.loadClient === undefined) {
    const metrics = await workload.plainSocket(plainSocketRun(run, order, workload));
    report({ type: "measured", metrics });
    return;
  }
  const openWebSocket = await competitor.loadClient({ takeover: workload.takeover });
  const metrics = await workload.webSocket(webSocketRun(run, order, workload, openWebSocket));
  report({ type: "measured", metrics });
}

/** Serves until the runner ends the process; a workload may measure in here meanwhile. */
async function serve(workload: ServerWorkload, competitor: Competitor, run: Run): Promise<void> {
  const { takeover } = workload;
  const start = await competitor.loadServer?.();
  const port =
    start === undefined
      ? await startPeerServer(plainServerBehaviours(workload), { takeover, tls: undefined })
      : await start({ takeover });
  report({ type: "listening", port });
  const metrics = await workload.server?.(run);
  if (metrics !== undefined) report({ type: "measured", metrics });
}

/** A client knows itself when its counted time begins and ends; a server hears it from the load. */
function metered(run: Run): Run {
  let meter = new LoadMeter();
  const begin = (): void => {
    meter = new LoadMeter();
  };
  const end = (): void => report({ type: "load", of: "competitor", load: meter.read() });
  run.told("start").then(begin);
  run.told("stop").then(end);
  return {
    ...run,
    started: () => {
      run.started();
      begin();
    },
    stopped: () => {
      end();
      run.stopped();
    },
  };
}

async function profiled(run: Run, file: string): Promise<Run> {
  const profile = await startProfile(file);
  run.told("start").then(profile.begin);
  run.told("stop").then(profile.end);
  return {
    ...run,
    started: () => {
      run.started();
      profile.begin();
    },
    stopped: () => {
      profile.end();
      run.stopped();
    },
  };
}
