import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { readHead, upgradeRequest } from "../peer/handshake.js";
import type { RunOrder } from "../worker-protocol.js";
import type { ClientWorkload, PlainSocketRun, Run } from "../workloads/workload.js";

export function plainSocketRun(run: Run, order: RunOrder, workload: ClientWorkload): PlainSocketRun {
  const { port } = order;
  const open = (): Socket =>
    workload.tls
      ? connectTls({ host: "127.0.0.1", port, servername: "localhost", ca: readFileSync(order.authority) })
      : connectTcp({ host: "127.0.0.1", port });
  return {
    ...run,
    connect: (path, onData) =>
      new Promise((resolve, reject) => {
        const socket = open();
        socket.setNoDelay(true);
        socket.once("error", reject);
        socket.once(workload.tls ? "secureConnect" : "connect", () => {
          socket.write(upgradeRequest(path, port, workload.takeover !== undefined));
        });
        let received: Buffer = Buffer.alloc(0);
        const onHead = (chunk: Buffer): void => {
          received = Buffer.concat([received, chunk]);
          const answer = readHead(received);
          if (answer === undefined) return;
          socket.off("data", onHead);
          socket.on("data", onData);
          resolve(socket);
          if (received.length > answer.end) onData(received.subarray(answer.end));
        };
        socket.on("data", onHead);
      }),
  };
}
