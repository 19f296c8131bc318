import { encodeDeflated } from "../deflated-frames.js";
import { openRawClient } from "../load/raw-client.js";
import { memoryMetrics, openMany, perConnection, settledMemory } from "../memory.js";
import { makePayloads } from "../payload.js";
import { firstConnections, type IdleMemoryCase, idleMemoryCases } from "./idle-memory.js";
import type { LoadRun, ServerWorkload } from "./workload.js";

/** The same as for the client; "used" means that the server has echoed one compressed message. */
function serverMemory({ connections, deflate, suffix, words }: IdleMemoryCase): ServerWorkload {
  return {
    name: `memory-server-${connections}${suffix}`,
    title: `${connections.toLocaleString("en")} idle server connections, ${words}`,
    group: "memory",
    metrics: memoryMetrics,
    side: "server",
    takeover: deflate === "none" ? undefined : "takeover",
    patience: 180,
    async load(run) {
      const [message] = await encodeDeflated(
        makePayloads({ format: "json", size: 300 }, 1),
        "takeover",
        true,
      );
      const open = (): Promise<void> => openIdle(run, deflate === "used" ? message : undefined);
      await openMany(firstConnections, open);
      run.tell("first");
      await run.told("more");
      run.started();
      await openMany(connections, open);
      run.stopped();
      run.tell("all");
      return undefined;
    },
    async server(run) {
      await run.told("first");
      const before = await settledMemory();
      run.tell("more");
      await run.told("all");
      return perConnection(before, await settledMemory(), connections);
    },
  };
}

/** Resolves when the connection is open and, where there's a message, its echo has begun to arrive. */
function openIdle(run: LoadRun, message: Buffer | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    openRawClient({
      port: run.port,
      offersDeflate: run.takeover !== undefined,
      onBytes: () => resolve(),
    }).then((client) => (message === undefined ? resolve() : client.write(message)), reject);
  });
}

export const serverMemoryWorkloads: readonly ServerWorkload[] = idleMemoryCases.map(serverMemory);
