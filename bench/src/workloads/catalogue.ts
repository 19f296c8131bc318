import { clientMemoryWorkloads } from "./client-memory.js";
import { connectionWorkloads } from "./connections.js";
import { echoWorkloads } from "./echo.js";
import { fairnessWorkloads } from "./fairness.js";
import { largeMessageWorkloads } from "./large-message.js";
import { receiveWorkloads } from "./receive.js";
import { sendWorkloads } from "./send.js";
import { serverEchoWorkloads } from "./server-echo.js";
import { serverMemoryWorkloads } from "./server-memory.js";
import type { Workload } from "./workload.js";

export const workloads: readonly Workload[] = [
  ...receiveWorkloads,
  ...sendWorkloads,
  ...echoWorkloads,
  ...connectionWorkloads,
  ...largeMessageWorkloads,
  ...fairnessWorkloads,
  ...serverEchoWorkloads,
  ...clientMemoryWorkloads,
  ...serverMemoryWorkloads,
];

export function findWorkload(name: string): Workload {
  const found = workloads.find((workload) => workload.name === name);
  if (found === undefined) throw new Error(`no workload is named "${name}"`);
  return found;
}
