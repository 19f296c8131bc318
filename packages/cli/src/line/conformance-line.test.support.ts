import { Recording } from "../recording/recording.js";
import { openLine as open } from "./line.js";

// What the conformance catalogue is led through: see conformance/src/line.ts.

/** How a connection has ended for its client. */
interface End {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** A line to a port of this machine, and then the end that it has recorded. */
export async function openLine(port: number): Promise<{ port: number; close(): Promise<End | undefined> }> {
  const recording = new Recording();
  const line = await open({ url: `ws://127.0.0.1:${port}/`, recorder: recording });
  return {
    port: line.port,
    close: async () => {
      await line.close();
      const [connection] = recording.connections;
      recording.close();
      if (connection?.end === undefined) throw new Error("The line has recorded no end");
      const { code, reason, wasClean } = connection.end;
      return { code, reason, wasClean };
    },
  };
}
