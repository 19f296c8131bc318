import process from "node:process";
import { report, runChild } from "../child.js";
import { childRun } from "../child-run.js";
import { LoadMeter } from "../load-meter.js";
import { parseRunOrder } from "../worker-protocol.js";
import { findWorkload } from "../workloads/catalogue.js";

/** The process that puts load on a server, and counts what comes back. */
runChild(async () => {
  const order = parseRunOrder(process.argv[2]);
  const workload = findWorkload(order.workload);
  if (workload.side !== "server")
    throw new Error(`${workload.name} measures a client; its peer is peer/main.js`);
  const run = childRun(order);
  let meter = new LoadMeter();
  const metrics = await workload.load({
    ...run,
    started: () => {
      meter = new LoadMeter();
      run.started();
    },
    stopped: () => {
      report({ type: "load", of: "peer", load: meter.read() });
      run.stopped();
    },
    port: order.port,
    takeover: workload.takeover,
  });
  if (metrics !== undefined) report({ type: "measured", metrics });
});
