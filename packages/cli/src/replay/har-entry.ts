import { readFileSync } from "node:fs";
import { shownUrl } from "../connect/shown-url.js";
import { whyUnreadable } from "../connection-target.js";
import { UsageError } from "../exit.js";
import { type HarConnection, HarError, type HarRecording, readHar } from "../recording/har-reader.js";
import { visibleLine } from "../terminal/visible-text.js";
import { count } from "./report.js";
import { isMessage } from "./scene.js";

/** Connections that an error message lists. */
const mostListed = 5;

/** @throws UsageError that says what is wrong with the file. */
export function readRecording(file: string): HarRecording {
  try {
    const recording = readHar(readFileSync(file, "utf8"));
    if (recording.connections.length > 0) return recording;
    const others = recording.otherEntries;
    throw new HarError(
      `there is no WebSocket connection in it${others === 0 ? "" : `, only ${others} other requests`}`,
    );
  } catch (error) {
    if (error instanceof HarError) throw new UsageError(`"${file}": ${visibleLine(error.message)}`);
    throw new UsageError(`"${file}": can't be read (${whyUnreadable(error)})`);
  }
}

/** @throws UsageError that says what there is to choose from. */
export function chooseEntry(
  file: string,
  { connections }: HarRecording,
  which: string | undefined,
): HarConnection {
  const chosen = which === undefined ? connections.filter(wasOpen) : matching(connections, which);
  const [connection, ...more] = chosen;
  if (connection === undefined) {
    const what =
      which === undefined ? `"${file}": no connection was open` : `--entry "${which}": there is none`;
    throw new UsageError(`${what}; there are ${listed(connections)}`);
  }
  if (more.length > 0) {
    const many = which === undefined ? `"${file}"` : `--entry "${which}"`;
    throw new UsageError(
      `${many}: there are ${chosen.length} connections, --entry NUMBER chooses one: ${listed(chosen)}`,
    );
  }
  if (!wasOpen(connection)) {
    throw new UsageError(`--entry "${which}": it was never open; there are ${listed(connections)}`);
  }
  return connection;
}

/** Chrome leaves the answer out of some recordings. */
function wasOpen({ response, frames }: HarConnection): boolean {
  if (response === undefined) return frames.length > 0;
  return response.status === 101 || response.status === 200;
}

function matching(connections: readonly HarConnection[], which: string): readonly HarConnection[] {
  if (/^\d+$/.test(which)) return connections.filter(({ connection }) => connection === Number(which));
  return connections.filter(({ request }) => request?.url.includes(which));
}

function listed(connections: readonly HarConnection[]): string {
  const some = connections.slice(0, mostListed).map(describeEntry);
  const rest = connections.length - some.length;
  return `${some.join(", ")}${rest > 0 ? `, and ${rest} more (--list shows all)` : ""}`;
}

/** A connection of a recording in a few words. */
export function describeEntry(entry: HarConnection): string {
  const { connection, request, response, frames } = entry;
  const messages = frames.filter(isMessage).length;
  const answer = response === undefined ? "" : `, answered ${response.status}`;
  const state = wasOpen(entry) ? count(messages) : `never open${answer}`;
  return `${connection}: ${visibleLine(request === undefined ? "unknown URL" : shownUrl(request.url))} (${state})`;
}
