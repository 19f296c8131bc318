import { WebSocket } from "openline";

const stateNames = ["CONNECTING", "OPEN", "CLOSING", "CLOSED"];

/** A value as a reader would write it. */
export function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof WebSocket) return "WebSocket";
  if (value instanceof Blob) return `Blob of ${value.size} bytes`;
  if (value instanceof ArrayBuffer) return `ArrayBuffer [${new Uint8Array(value).join(" ")}]`;
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return String(value);
}

export function showState(ws: WebSocket): string {
  return `${ws.readyState}  ${stateNames[ws.readyState] ?? "?"}`;
}

/** All properties of an event, in two groups: the event's own, and those that every event has. */
export function propertiesOf(event: Event): { own: [string, string][]; common: [string, string][] } {
  const own: [string, string][] = [];
  const common: [string, string][] = [];
  for (const name of propertyNames(event)) {
    const value: unknown = Reflect.get(event, name);
    if (typeof value === "function") continue;
    const shared = name in Event.prototype || name === "isTrusted";
    if (shared) common.push([name, name === "timeStamp" ? `${event.timeStamp.toFixed(1)} ms` : show(value)]);
    else if (value instanceof Error) own.push(...describeError(name, value));
    else own.push([name, show(value)]);
  }
  return { own, common: common.sort(([a], [b]) => rank(a) - rank(b)) };
}

/** An error takes a line for each thing it has to say. */
export function describeError(name: string, error: Error): [string, string][] {
  const lines: [string, string][] = [[name, error.name]];
  if ("code" in error && typeof error.code === "string") lines.push([`${name}.code`, show(error.code)]);
  return [...lines, [`${name}.message`, show(error.message)]];
}

/** Names of the event itself and of its prototypes, without the constants of the phases. */
function propertyNames(event: Event): Set<string> {
  const names = new Set<string>();
  for (let object: object | null = event; object !== null && object !== Object.prototype; ) {
    for (const name of Object.getOwnPropertyNames(object)) {
      if (name !== "constructor" && !/^[A-Z_]+$/.test(name)) names.add(name);
    }
    object = Object.getPrototypeOf(object) as object | null;
  }
  return names;
}

/** The properties that people look at come first. */
function rank(name: string): number {
  const first = ["type", "isTrusted", "bubbles", "cancelBubble", "timeStamp", "target"];
  const place = first.indexOf(name);
  return place < 0 ? first.length : place;
}
