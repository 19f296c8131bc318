import * as v from "valibot";
import type { Fault, FaultTarget, PageRequest, WireData } from "./control-protocol.js";

/** Most messages of a burst. */
const mostMessages = 1_000_000;
/** The longest time that a timer takes. */
const longestTime = 2 ** 31 - 1;

const request = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const session = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(longestTime));
const text = v.pipe(v.string(), v.maxLength(1000));
const binaryType = v.picklist(["blob", "arraybuffer"]);
const direction = v.picklist(["to-server", "to-client", "both"]);

const target = v.union([
  v.strictObject({ session }),
  v.strictObject({ all: v.literal(true) }),
]) satisfies v.GenericSchema<unknown, FaultTarget>;

function isBase64(value: string): boolean {
  return value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value);
}

const data = v.union([
  v.strictObject({ text: v.string() }),
  // Valibot's own check runs out of stack where there are megabytes.
  v.strictObject({ base64: v.pipe(v.string(), v.check(isBase64, "This is no base64")) }),
]) satisfies v.GenericSchema<unknown, WireData>;

const fault = v.variant("kind", [
  v.strictObject({ kind: v.literal("delay"), milliseconds: time, direction }),
  v.strictObject({
    kind: v.literal("throttle"),
    bytesPerSecond: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
    direction,
  }),
  v.strictObject({ kind: v.picklist(["hold", "release"]), direction }),
  v.strictObject({ kind: v.picklist(["cut", "reset", "cut-inside-frame", "drop-handshakes", "heal"]) }),
  v.strictObject({
    kind: v.literal("answer"),
    status: v.pipe(v.number(), v.integer(), v.minValue(200), v.maxValue(599)),
  }),
  v.strictObject({ kind: v.literal("restart-server"), crash: v.boolean(), downFor: time }),
]) satisfies v.GenericSchema<unknown, Fault>;

/** One of `ReconnectingWebSocket`'s options: it takes numbers from 1. */
const number = v.exactOptional(v.pipe(v.number(), v.minValue(1)));

/** Characters of a message that says what is wrong: it may quote what it got. */
const longestMessage = 300;

/** What may stand in a header of HTTP, so that nothing else gets into the request. */
const header = v.strictTuple([
  v.pipe(v.string(), v.maxLength(200), v.regex(/^[\w!#$%&'*+.^`|~-]+$/, "A header's name is no token")),
  v.pipe(
    v.string(),
    v.maxLength(8192),
    v.regex(/^[\t\x20-\x7e\x80-\xff]*$/, "A header's value has characters that HTTP doesn't allow"),
  ),
]);

const pageRequest = v.variant("type", [
  v.strictObject({
    type: v.literal("dial"),
    request,
    session,
    through: v.picklist(["browser", "node"]),
    url: v.pipe(v.string(), v.maxLength(8192)),
    protocols: v.pipe(v.array(text), v.maxLength(100)),
    headers: v.pipe(v.array(header), v.maxLength(100)),
    reconnecting: v.boolean(),
    reconnectingOptions: v.exactOptional(
      v.strictObject({
        minDelay: number,
        maxDelay: number,
        factor: number,
        stableAfter: number,
        maxAttempts: number,
        connectTimeout: number,
        idle: number,
        timeout: number,
      }),
    ),
    binaryType: v.exactOptional(binaryType),
  }),
  v.strictObject({
    type: v.literal("send"),
    request,
    session,
    data,
    count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(mostMessages)),
    rate: v.exactOptional(v.pipe(v.number(), v.minValue(1), v.maxValue(mostMessages))),
  }),
  v.strictObject({ type: v.picklist(["ping", "reconnect", "forget"]), request, session }),
  v.strictObject({
    type: v.literal("close"),
    request,
    session,
    // What the method refuses is for the page to see, so nearly anything goes.
    code: v.exactOptional(v.number()),
    reason: v.exactOptional(text),
  }),
  v.strictObject({ type: v.literal("binary-type"), request, session, binaryType }),
  v.strictObject({ type: v.literal("fault"), request, target, fault }),
  v.strictObject({
    type: v.literal("fault-script"),
    request,
    target,
    script: v.pipe(v.string(), v.maxLength(100_000)),
  }),
  v.strictObject({ type: v.literal("stop-script"), request, target }),
  v.strictObject({ type: v.literal("clear"), request }),
  v.strictObject({ type: v.literal("seen"), batch: v.pipe(v.number(), v.safeInteger()) }),
]) satisfies v.GenericSchema<unknown, PageRequest>;

/** What a message of the page asks, or what is wrong with it. `request` is 0 where not even that can be read. */
export type ReadRequest =
  | { readonly asked: PageRequest }
  | { readonly request: number; readonly wrong: string };

/** @param message as it came. */
export function readPageRequest(message: unknown): ReadRequest {
  if (typeof message !== "string") return { request: 0, wrong: "The message is no text" };
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return { request: 0, wrong: "The message is no JSON" };
  }
  const result = v.safeParse(pageRequest, value, { abortEarly: true });
  if (result.success) return { asked: result.output };
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  const number = v.safeParse(v.object({ request }), value);
  return {
    request: number.success ? number.output.request : 0,
    wrong: (place === null ? issue.message : `${place}: ${issue.message}`).slice(0, longestMessage),
  };
}
