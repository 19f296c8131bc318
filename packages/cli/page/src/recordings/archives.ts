import { type HarConnection, readHar } from "../../../src/recording/har-reader.js";
import type { RecordedConnection } from "../../../src/recording/recorded-connection.js";
import { messageTestCode, testCode } from "../../../src/test-code/test-code.js";
import type { WireFrame } from "../../../src/workbench/control-protocol.js";
import type { Recording } from "../store/recording.js";
import type { Store } from "../store/store.js";
import { wireEvents } from "./wire-events.js";

// The page keeps the beginning of each payload only. The whole ones are in the server's recording, and in the file that
// a recording was opened from.

/** What each opened recording was made of. */
const sources = new WeakMap<Recording, readonly HarConnection[]>();

/** Shows a file in place of the live recording. @returns how many connections it has @throws HarError that says what is wrong */
export async function openArchive(store: Store, file: File): Promise<number> {
  const { connections } = readHar(await file.text());
  if (connections.length === 0) return 0;
  store.openRecording(file.name, wireEvents(connections));
  sources.set(store.shown.value, connections);
  return connections.length;
}

/** The shown recording as tests. @returns undefined where there is no message */
export async function sessionAsTest(store: Store): Promise<string | undefined> {
  return testCode(await connectionsOf(store.shown.value));
}

/** One message as a test. */
export async function messageAsTest(
  store: Store,
  { connection, frame }: WireFrame,
): Promise<string | undefined> {
  const [recorded] = await connectionsOf(store.shown.value, connection);
  const found = recorded === undefined ? undefined : [...recorded.frames][frame];
  return recorded === undefined || found === undefined ? undefined : messageTestCode(recorded, found);
}

async function connectionsOf(recording: Recording, only?: number): Promise<readonly RecordedConnection[]> {
  const source = sources.get(recording);
  if (source !== undefined)
    return source.filter(({ connection }) => only === undefined || connection === only);
  const numbers = only === undefined ? recording.connections.all.map(({ connection }) => connection) : [only];
  if (numbers.length === 0) return [];
  const response = await fetch(`recording.har?connections=${numbers.join()}`);
  if (!response.ok) throw new Error(`recording.har: ${response.status}`);
  return readHar(await response.text()).connections;
}
