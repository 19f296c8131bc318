import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../testing-support/command-environment.test.support.js";

/** A message of a recording: who has sent it, and what. Numbers are close frames. */
export type Line = readonly ["send" | "receive", string | Uint8Array | number];

/** When the recordings were made, in seconds since 1970. */
const start = 1_700_000_000;

/** An entry as the developer tools of Chrome export it; `gap` seconds lie between two messages. */
export function chromeEntry(
  lines: readonly Line[],
  {
    url = "wss://recorded.example/chat",
    status = 101,
    gap = 0,
    subprotocol = "",
  }: {
    readonly url?: string;
    readonly status?: number;
    readonly gap?: number;
    readonly subprotocol?: string;
  } = {},
): object {
  const headers = subprotocol === "" ? [] : [{ name: "Sec-WebSocket-Protocol", value: subprotocol }];
  return {
    _resourceType: "websocket",
    startedDateTime: new Date(start * 1000).toISOString(),
    time: 10,
    request: { method: "GET", url, httpVersion: "HTTP/1.1", headers, queryString: [], cookies: [] },
    response: { status, statusText: "", httpVersion: "HTTP/1.1", headers, cookies: [], content: {} },
    cache: {},
    timings: { send: 0, wait: 1, receive: 0 },
    _webSocketMessages: lines.map(([type, content], index) => ({
      type,
      time: start + 0.001 + (index + 1) * gap,
      ...dataOf(content),
    })),
  };
}

function dataOf(content: Line[1]): { opcode: number; data: string } {
  if (typeof content === "string") return { opcode: 1, data: content };
  if (typeof content !== "number") return { opcode: 2, data: Buffer.from(content).toString("base64") };
  const body = Buffer.from([content >> 8, content & 0xff, ...Buffer.from("recorded")]);
  return { opcode: 8, data: body.toString("base64") };
}

let folder: string | undefined;

/** The path of a new archive. */
export function harFile(...entries: readonly object[]): string {
  return textFile(JSON.stringify({ log: { version: "1.2", creator: { name: "test" }, entries } }));
}

/** The path of a new file. */
export function textFile(text: string): string {
  folder ??= temporaryFolder();
  const path = join(mkdtempSync(join(folder, "har-")), "session.har");
  writeFileSync(path, text);
  return path;
}
