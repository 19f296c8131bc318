import type { SessionId } from "../../../src/workbench/control-protocol.js";
import type { WireEntry } from "../store/wire-log.js";
import { fromBase64 } from "./base64.js";

export const kinds = ["text", "binary", "control", "handshakes"] as const;

export type Kind = (typeof kinds)[number];

/** What the timeline is to show. */
export interface Filter {
  readonly query: string;
  readonly direction: "both" | "sent" | "received";
  readonly kinds: ReadonlySet<Kind>;
  readonly session: SessionId | undefined;
  readonly connection: number | undefined;
}

export const everything: Filter = {
  query: "",
  direction: "both",
  kinds: new Set(kinds),
  session: undefined,
  connection: undefined,
};

export type Accepts = (entry: WireEntry) => boolean;

/** @returns `undefined` where everything passes, so that nothing has to be looked at. */
export function accepting(filter: Filter): Accepts | undefined {
  const tests: Accepts[] = [];
  const { direction, session, connection } = filter;
  if (connection !== undefined) tests.push(({ event }) => event.connection === connection);
  if (session !== undefined) tests.push(({ event }) => event.session === session);
  if (direction !== "both") tests.push((entry) => directionOf(entry) === direction);
  if (filter.kinds.size < kinds.length)
    tests.push((entry) => kindsOf(entry).some((kind) => filter.kinds.has(kind)));
  const query = filter.query.trim().toLowerCase();
  if (query !== "") tests.push((entry) => searchable(entry).toLowerCase().includes(query));
  if (tests.length === 0) return undefined;
  return (entry) => tests.every((test) => test(entry));
}

function directionOf({ event }: WireEntry): "sent" | "received" | undefined {
  if (event.kind === "frame") return event.direction;
  if (event.kind === "end") return undefined;
  return event.kind === "request" ? "sent" : "received";
}

function kindsOf({ event }: WireEntry): readonly Kind[] {
  if (event.kind !== "frame") return ["handshakes"];
  if (event.opcode >= 8) return ["control"];
  if (event.opcode === 1) return ["text"];
  if (event.opcode === 2) return ["binary"];
  // Of a continuation only the last one tells what its message is.
  if (!event.data) return ["text", "binary"];
  return "text" in event.data ? ["text"] : ["binary"];
}

function searchable({ event }: WireEntry): string {
  switch (event.kind) {
    case "request":
      return `${event.method} ${event.url}\n${event.headers.map((header) => header.join(": ")).join("\n")}`;
    case "response":
      return `${event.status} ${event.statusText}\n${event.headers.map((header) => header.join(": ")).join("\n")}`;
    case "end":
      return `${event.code} ${event.reason} ${event.error ?? ""}`;
    case "frame":
      if (!event.data) return "";
      if ("text" in event.data) return event.data.text;
      // Control frames carry text as a rule, and so do many binary messages.
      return String.fromCharCode(...fromBase64(event.data.base64, 4096));
  }
}
