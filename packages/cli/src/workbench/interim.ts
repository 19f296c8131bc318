import { FaultyProxy } from "openline/testing";
import type { ConnectionEvent, FrameEvent } from "../recording/connection-event.js";
import type { Line, LineTarget } from "./line.js";

// Stands in until src/recording and src/line are there.

export function maskUrl(url: string): string {
  return url;
}

export class Recording {
  newConnection(): number {
    return 1;
  }
  append(_event: ConnectionEvent): void {}
  subscribe(_listener: (event: ConnectionEvent, frame: number | undefined) => void): () => void {
    return () => {};
  }
  frame(_connection: number, _frame: number): FrameEvent | undefined {
    return undefined;
  }
  *har(_creator: { name: string; version: string }): Generator<string> {
    yield "{}";
  }
  close(): void {}
}

export async function openLine({ url }: LineTarget): Promise<Line> {
  const { hostname, port, pathname, search } = new URL(url);
  const proxy = await FaultyProxy.start({ host: hostname, port: Number(port || 80) });
  return Object.assign(proxy, { url: `ws://127.0.0.1:${proxy.port}${pathname}${search}` });
}
