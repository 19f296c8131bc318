import { spawn } from "node:child_process";
import type { TestContext } from "node:test";
import { close } from "./frames.test.support.js";
import { within } from "./guard.test.support.js";
import type { RawPeer } from "./raw-peer.test.support.js";
import { rawServer } from "./raw-server.test.support.js";

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const entry = JSON.stringify(new URL("../index.js", import.meta.url).href);
const serverEntry = JSON.stringify(new URL("../server/index.js", import.meta.url).href);

/**
 * Runs `source` as a program of its own, with `WebSocket`, `WebSocketServer` and `url` (the first of `args`) in scope:
 * for what a test runner's process can't show, such as uncaught exceptions and when a process ends.
 */
export async function runProgram(source: string, ...args: readonly string[]): Promise<ChildResult> {
  const program = [
    `import { WebSocket } from ${entry};`,
    `import { WebSocketServer } from ${serverEntry};`,
    "const [url] = process.argv.slice(1);",
    source,
  ].join("\n");
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      output[name] += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  try {
    const code = await within(ended, "the end of the program");
    return { code, ...output };
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${String(error)}\nstdout: ${output.stdout}\nstderr: ${output.stderr}`);
  }
}

/** Runs `source` with the URL of a raw server that treats its connection as `serve` says. */
export async function runAgainst(
  t: TestContext,
  source: string,
  serve: (peer: RawPeer) => void | Promise<void>,
): Promise<ChildResult> {
  const server = await rawServer(t);
  const running = runProgram(source, server.url);
  await serve(await server.accept());
  return running;
}

/** The server begins the closing handshake, or answers it, and ends the connection. */
export function endCleanly(peer: RawPeer): void {
  peer.send(close(1000));
  peer.socket.end();
}
