import { readFileSync } from "node:fs";
import process from "node:process";
import { onTold, report, runChild } from "../child.js";
import { LoadMeter } from "../load-meter.js";
import { parseRunOrder } from "../worker-protocol.js";
import { findWorkload } from "../workloads/catalogue.js";
import { startPeerServer } from "./server.js";

/** The process at the other end of a client: raw TCP, and a note of how much of the time it had nothing to do. */
runChild(async () => {
  const order = parseRunOrder(process.argv[2]);
  const workload = findWorkload(order.workload);
  if (workload.side !== "client")
    throw new Error(`${workload.name} measures a server; its peer is load/main.js`);
  const tls = workload.tls
    ? { cert: readFileSync(order.certificate), key: readFileSync(order.privateKey) }
    : undefined;
  const port = await startPeerServer(await workload.peer(), { takeover: workload.takeover, tls });
  let meter = new LoadMeter();
  onTold((text) => {
    if (text === "start") meter = new LoadMeter();
    if (text === "stop") report({ type: "load", of: "peer", load: meter.read() });
  });
  report({ type: "listening", port });
});
