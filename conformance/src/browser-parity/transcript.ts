import { setTimeout as sleep } from "node:timers/promises";
import { Peer } from "./peer.js";
import type { Line, Scene, Transcript } from "./scene.js";

const GUARD = 40_000;

export interface Runner {
  run(scene: Scene, peer: Peer): Promise<string>;
  soFar(): Promise<string>;
}

/** Plays a scene: its server's script against its client's, until both are through. */
export async function takeTranscript(scene: Scene, runner: Runner): Promise<Transcript> {
  const peer = await Peer.listen();
  const guard = new AbortController();
  try {
    const both = Promise.all([runner.run(scene, peer), scene.server?.(peer)]);
    const late = sleep(GUARD, "late" as const, { signal: guard.signal, ref: false });
    late.catch(() => undefined);
    const result = await Promise.race([both, late]);
    if (result === "late") {
      both.catch(() => undefined);
      const wire = JSON.stringify(peer.wire);
      throw new Error(`the scene does not end; so far: ${await runner.soFar()}; the server read: ${wire}`);
    }
    await peer.dismiss();
    const { client, uncaught } = JSON.parse(result[0]) as { client: Line[]; uncaught: unknown[] };
    const wire = scene.compareWire === undefined ? peer.wire : [];
    return [...client, ...uncaught.map((line) => ["uncaught", line] as const), ...wire.map(wireLine(scene))];
  } finally {
    guard.abort();
    await peer.dismiss();
  }
}

function wireLine(scene: Scene): (line: unknown) => Line {
  if (!scene.freeCloseReason) return (line) => ["wire", line];
  return (line) => {
    const { reason: _, ...compared } = line as { reason?: string };
    return ["wire", compared];
  };
}
