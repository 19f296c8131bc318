import { writeFileSync } from "node:fs";
import type { Profiler } from "node:inspector";

/** The CPU profile of the counted time alone, without start and warm-up, in the format of `node --cpu-prof`. */
export async function startProfile(file: string): Promise<{ begin: () => void; end: () => void }> {
  const { Session } = await import("node:inspector");
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.setSamplingInterval", { interval: 200 });
  return {
    begin: () => session.post("Profiler.start"),
    end: () => {
      session.post("Profiler.stop", (error: Error | null, result: Profiler.StopReturnType) => {
        if (error !== null) throw error;
        writeFileSync(file, JSON.stringify(result.profile));
      });
    },
  };
}
