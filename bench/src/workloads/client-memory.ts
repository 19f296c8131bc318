import { encodeDeflated } from "../deflated-frames.js";
import { memoryMetrics, openMany, perConnection, settledMemory } from "../memory.js";
import { makePayloads } from "../payload.js";
import { greet } from "../peer/greet.js";
import { firstConnections, type IdleMemoryCase, idleMemoryCases } from "./idle-memory.js";
import type { ClientWorkload } from "./workload.js";

const json = { format: "json", size: 300 } as const;

/** Connections that have been opened and do nothing; "used" means one compressed message each way before that. */
function clientMemory({ connections, deflate, suffix, words }: IdleMemoryCase): ClientWorkload {
  const messages = makePayloads(json, 1);
  return {
    name: `memory-client-${connections}${suffix}`,
    title: `${connections.toLocaleString("en")} idle client connections, ${words}`,
    group: "memory",
    metrics: memoryMetrics,
    side: "client",
    tls: false,
    takeover: deflate === "none" ? undefined : "takeover",
    patience: 180,
    async peer() {
      const greeting =
        deflate === "used" ? (await encodeDeflated(messages, "takeover", false))[0] : undefined;
      return { "/idle": greet(greeting) };
    },
    async webSocket(run) {
      const held: object[] = [];
      const open = async (): Promise<void> => {
        let greeted: () => void = () => {};
        const greeting = new Promise<void>((resolve) => {
          greeted = resolve;
        });
        const socket = await run.open("/idle", () => greeted());
        held.push(socket);
        if (deflate !== "used") return;
        await greeting;
        socket.send(messages[0]?.data ?? "");
      };
      return measure(run, connections, open);
    },
    async plainSocket(run) {
      const held: object[] = [];
      return measure(run, connections, async () => {
        held.push(await run.connect("/idle", () => {}));
      });
    },
  };
}

async function measure(
  run: { readonly started: () => void; readonly stopped: () => void },
  connections: number,
  open: () => Promise<void>,
): Promise<{ rss: number; heap: number }> {
  await openMany(firstConnections, open);
  const before = await settledMemory();
  run.started();
  await openMany(connections, open);
  const after = await settledMemory();
  run.stopped();
  return perConnection(before, after, connections);
}

export const clientMemoryWorkloads: readonly ClientWorkload[] = idleMemoryCases.map(clientMemory);
