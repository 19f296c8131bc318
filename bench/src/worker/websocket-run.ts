import { reportFailure, Unsupported } from "../child.js";
import { type OpenWebSocket, reasonOf } from "../websocket-like.js";
import type { RunOrder } from "../worker-protocol.js";
import type { ClientWorkload, Run, WebSocketRun } from "../workloads/workload.js";

export function webSocketRun(
  run: Run,
  order: RunOrder,
  workload: ClientWorkload,
  openWebSocket: OpenWebSocket,
): WebSocketRun {
  // A name, since a certificate for an address isn't accepted everywhere; an address, to leave the resolver out.
  const origin = workload.tls ? `wss://localhost:${order.port}` : `ws://127.0.0.1:${order.port}`;
  return {
    ...run,
    create: (path) => openWebSocket(origin + path),
    open: (path, onMessage) =>
      new Promise((resolve, reject) => {
        const socket = openWebSocket(origin + path);
        socket.binaryType = "arraybuffer";
        socket.onmessage = onMessage;
        socket.onopen = () => {
          if (workload.takeover !== undefined && !socket.extensions.includes("permessage-deflate")) {
            reject(new Unsupported("doesn't offer permessage-deflate"));
          } else resolve(socket);
        };
        let failure = "";
        socket.onerror = (event) => {
          failure = reasonOf(event);
          reject(new Error(failure));
        };
        socket.onclose = ({ code }) => {
          // Too late for the promise: the connection was open.
          reportFailure(new Error(`connection closed with ${code} ${failure}`.trim()));
          process.exit(1);
        };
      }),
  };
}
