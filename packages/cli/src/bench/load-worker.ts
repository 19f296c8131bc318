import { parentPort, workerData } from "node:worker_threads";
import type { LoadOrder, LoadReport, LoadSettings } from "./load-protocol.js";
import { LoadThread } from "./load-thread.js";

// What a worker thread runs.

if (parentPort !== null) {
  const port = parentPort;
  const report = (message: LoadReport): void => port.postMessage(message);
  const thread = new LoadThread(workerData as LoadSettings, report);
  port.on("message", (order: LoadOrder) => {
    if (order.type === "begin") thread.begin(order.at);
    else void thread.finish().then(() => port.close());
  });
  void thread.open();
}
