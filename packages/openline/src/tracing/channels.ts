import { type Channel, channel } from "node:diagnostics_channel";
import type { CloseTrace, ErrorTrace, FrameTrace, HandshakeTrace, OpenTrace } from "./traces.js";

/** A channel with the type of what is published on it. */
interface TraceChannel<T> extends Channel<unknown, T> {
  publish(trace: T): void;
}

export const handshakeChannel = channel("openline:handshake") as TraceChannel<HandshakeTrace>;
export const openChannel = channel("openline:open") as TraceChannel<OpenTrace>;
export const frameChannel = channel("openline:frame") as TraceChannel<FrameTrace>;
export const closeChannel = channel("openline:close") as TraceChannel<CloseTrace>;
export const errorChannel = channel("openline:error") as TraceChannel<ErrorTrace>;
