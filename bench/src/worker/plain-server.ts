import type { Behaviours } from "../peer/behaviour.js";
import { echo } from "../peer/echo.js";
import { echoFrames } from "../workloads/echo.js";
import type { ServerWorkload } from "../workloads/workload.js";

/** A plain TCP server that moves the same bytes as an echoing WebSocket server. */
export function plainServerBehaviours(workload: ServerWorkload): Behaviours {
  if (workload.takeover !== undefined)
    return { "/": (socket) => socket.on("data", (chunk) => socket.write(chunk)) };
  const { requestSize, replies } = echoFrames();
  return { "/": echo(requestSize, replies) };
}
