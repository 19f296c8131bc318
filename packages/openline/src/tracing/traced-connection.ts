import type { FrameObserver, ObservedFrame } from "../protocol/frame-observer.js";
import type { Role } from "../protocol/role.js";
import { closeChannel, errorChannel, frameChannel, handshakeChannel, openChannel } from "./channels.js";
import { maskHeaders, maskUrl } from "./redaction.js";
import type { CloseTrace, OpenTrace, TracedHeaders } from "./traces.js";

let connections = 0;

/** A connection that publishes what happens on it. Nothing is made, or even looked at, while nobody subscribes. */
export class TracedConnection implements FrameObserver {
  /** Unique within the process. */
  readonly id = ++connections;
  readonly role: Role;
  readonly url: string;

  constructor(role: Role, url: string) {
    this.role = role;
    this.url = url;
  }

  traceRequest({ method, headers }: { readonly method: string; readonly headers: readonly string[] }): void {
    if (!handshakeChannel.hasSubscribers) return;
    handshakeChannel.publish({
      id: this.id,
      stage: "request",
      role: this.role,
      url: maskUrl(this.url),
      method,
      headers: maskHeaders(inPairs(headers)),
    });
  }

  traceResponse(response: {
    readonly status: number;
    readonly httpVersion: string;
    readonly headers: readonly string[];
  }): void {
    if (!handshakeChannel.hasSubscribers) return;
    const { status, httpVersion } = response;
    handshakeChannel.publish({
      id: this.id,
      stage: "response",
      role: this.role,
      status,
      httpVersion,
      headers: maskHeaders(inPairs(response.headers)),
    });
  }

  /** @param remote asked for only when it is wanted: it is a call to the operating system. */
  traceOpen(
    { protocol, extensions }: Pick<OpenTrace, "protocol" | "extensions">,
    remote: () => Pick<OpenTrace, "remoteAddress" | "remotePort">,
  ): void {
    if (!openChannel.hasSubscribers) return;
    const { remoteAddress, remotePort } = remote();
    openChannel.publish({
      id: this.id,
      role: this.role,
      url: maskUrl(this.url),
      protocol,
      extensions,
      remoteAddress,
      remotePort,
    });
  }

  traceError(error: Error): void {
    if (errorChannel.hasSubscribers) errorChannel.publish({ id: this.id, error });
  }

  traceClose({ code, reason, wasClean }: Omit<CloseTrace, "id">): void {
    if (closeChannel.hasSubscribers) closeChannel.publish({ id: this.id, code, reason, wasClean });
  }

  // FrameObserver

  get observing(): boolean {
    return frameChannel.hasSubscribers;
  }

  frameSent(frame: ObservedFrame): void {
    frameChannel.publish({ id: this.id, direction: "sent", ...frame });
  }

  frameReceived(frame: ObservedFrame): void {
    frameChannel.publish({ id: this.id, direction: "received", ...frame });
  }
}

/** A flat list of names and values, as Node has them, as pairs. */
function inPairs(flat: readonly string[]): TracedHeaders {
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) pairs.push([flat[i] as string, flat[i + 1] as string]);
  return pairs;
}
