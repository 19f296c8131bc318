import { FaultyProxy } from "openline/testing";
import type { Line, LineTarget } from "./line.js";

// Stands in until src/recording and src/line are there.

export async function openLine({ url }: LineTarget): Promise<Line> {
  const { hostname, port, pathname, search } = new URL(url);
  const proxy = await FaultyProxy.start({ host: hostname, port: Number(port || 80) });
  return Object.defineProperty(proxy, "url", { value: `ws://127.0.0.1:${proxy.port}${pathname}${search}` });
}
