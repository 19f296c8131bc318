import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { STATUS_CODES } from "node:http";
import type { CloseTrace, ErrorTrace, FrameTrace, HandshakeTrace } from "openline";
import { now } from "./clock.js";
import type { Recorder } from "./recorder.js";

/**
 * Records what openline's clients do in this process, from its diagnostics channels. Credentials are masked there.
 * @returns ends that.
 */
export function recordTraces(recorder: Recorder): () => void {
  const connections = new Map<number, number>();
  const servers = new Set<number>();
  const errors = new Map<number, string>();

  /** A client's connection that fails before its request has no other trace than its end. */
  const numberOf = (id: number): number => {
    const known = connections.get(id) ?? recorder.newConnection();
    connections.set(id, known);
    return known;
  };

  const handlers = {
    "openline:handshake": (trace: HandshakeTrace) => {
      if (trace.role !== "client") {
        servers.add(trace.id);
        return;
      }
      const base = { connection: numberOf(trace.id), time: now() };
      const { stage, headers } = trace;
      if (stage === "request") {
        recorder.append({ ...base, kind: "request", url: trace.url, method: trace.method, headers });
      } else {
        const { status, httpVersion } = trace;
        // The trace has no reason phrase, and HTTP/2 none at all.
        const statusText = httpVersion.startsWith("1") ? (STATUS_CODES[status] ?? "") : "";
        recorder.append({ ...base, kind: "response", status, statusText, httpVersion, headers });
      }
    },
    "openline:frame": (trace: FrameTrace) => {
      if (servers.has(trace.id)) return;
      const { direction, opcode, fin, compressed, length, payload } = trace;
      recorder.append({
        kind: "frame",
        connection: numberOf(trace.id),
        time: now(),
        direction,
        opcode,
        fin,
        compressed,
        length,
        ...(payload === undefined
          ? {}
          : { payload: typeof payload === "string" ? payload : bytesOf(payload) }),
      });
    },
    "openline:error": ({ id, error }: ErrorTrace) => {
      if (!servers.has(id)) errors.set(id, error.message);
    },
    "openline:close": ({ id, code, reason, wasClean }: CloseTrace) => {
      if (servers.delete(id)) return;
      const error = errors.get(id);
      const base = { connection: numberOf(id), time: now() };
      connections.delete(id);
      errors.delete(id);
      recorder.append({
        ...base,
        kind: "end",
        code,
        reason,
        wasClean,
        ...(error === undefined ? {} : { error }),
      });
    },
  };
  const channels = Object.entries(handlers) as [string, (trace: unknown) => void][];
  for (const [name, handler] of channels) subscribe(name, handler);
  return () => {
    for (const [name, handler] of channels) unsubscribe(name, handler);
  };
}

function bytesOf(payload: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(payload)
    ? new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength)
    : new Uint8Array(payload);
}
