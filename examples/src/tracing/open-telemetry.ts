import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { CloseTrace, ErrorTrace, FrameTrace, HandshakeTrace, OpenTrace } from "openline";

// Makes a span of each connection: from the request of the opening handshake to the end, with the handshake's end, the
// messages and the error as its events.

/** Reports connections to `tracer` until the function it gives is called. */
export function traceConnections(tracer: Tracer): () => void {
  const spans = new Map<number, Span>();

  const listeners: Record<string, (trace: never) => void> = {
    "openline:handshake": (trace: HandshakeTrace) => {
      if (trace.stage === "response") {
        spans.get(trace.id)?.setAttribute("http.response.status_code", trace.status);
        return;
      }
      const { hostname, port } = new URL(trace.url);
      const span = tracer.startSpan("websocket", {
        kind: trace.role === "client" ? SpanKind.CLIENT : SpanKind.SERVER,
        attributes: {
          "url.full": trace.url,
          "http.request.method": trace.method,
          "server.address": hostname,
          ...(port !== "" && { "server.port": Number(port) }),
        },
      });
      spans.set(trace.id, span);
    },
    "openline:open": ({ id, protocol, remoteAddress }: OpenTrace) => {
      const span = spans.get(id);
      span?.addEvent("open");
      if (protocol !== "") span?.setAttribute("websocket.protocol", protocol);
      if (remoteAddress !== undefined) span?.setAttribute("network.peer.address", remoteAddress);
    },
    "openline:frame": ({ id, direction, opcode, fin, compressed, length }: FrameTrace) => {
      spans.get(id)?.addEvent(`frame ${direction}`, { opcode, fin, compressed, length });
    },
    "openline:error": ({ id, error }: ErrorTrace) => {
      const span = spans.get(id);
      span?.recordException(error);
      span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
    },
    "openline:close": ({ id, code, wasClean }: CloseTrace) => {
      const span = spans.get(id);
      spans.delete(id);
      span?.setAttributes({ "websocket.close.code": code, "websocket.close.clean": wasClean });
      span?.end();
    },
  };

  const entries = Object.entries(listeners).map(
    ([channel, listener]) => [channel, (message: unknown) => listener(message as never)] as const,
  );
  for (const [channel, listener] of entries) subscribe(channel, listener);
  return () => {
    for (const [channel, listener] of entries) unsubscribe(channel, listener);
  };
}
