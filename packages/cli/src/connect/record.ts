import { FailureError, UsageError } from "../exit.js";
import { problemWithFile, writePrivateFile } from "../recording/private-file.js";
import { Recording } from "../recording/recording.js";
import { recordTraces } from "../recording/traced-events.js";
import { ownVersion } from "../version.js";

/**
 * Records all connections from now on.
 * @returns writes the file, at the end.
 * @throws UsageError where it can't be written.
 */
export function recordInto(file: string): () => Promise<void> {
  const problem = problemWithFile(file);
  if (problem !== undefined) throw new UsageError(`--record "${file}": can't be written (${problem})`);
  const recording = new Recording();
  const stop = recordTraces(recording);
  return async () => {
    stop();
    try {
      await writePrivateFile(file, recording.har({ name: "openline", version: ownVersion() }));
    } catch (error) {
      throw new FailureError(`--record "${file}": ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      recording.close();
    }
  };
}
