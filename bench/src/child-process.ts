import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import type { Command } from "./runtimes.js";
import { type ChildMessage, parseChildMessage, type RunOrder } from "./worker-protocol.js";

export interface Child {
  readonly tell: (text: string) => void;
  readonly end: () => Promise<void>;
}

/** Starts a process of a run; what it says comes as messages, and an early end as a failure. */
export function startChild(
  command: Command,
  order: RunOrder,
  onMessage: (message: ChildMessage) => void,
): Child {
  const child = spawn(command.file, [...command.args, JSON.stringify(order)], {
    env: { ...process.env, ...command.env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  readLines(child, (line) => {
    const message = parseChildMessage(line);
    if (message !== undefined) onMessage(message);
  });
  child.stdin.on("error", () => {}); // it may have ended in the meantime
  child.on("error", ({ message }) => onMessage({ type: "failed", reason: message }));
  const closed = new Promise<void>((resolve) => {
    child.on("close", (code, signal) => {
      resolve();
      onMessage({ type: "failed", reason: `ended early (${signal ?? code}) ${lastLine(errors)}`.trim() });
    });
  });
  return {
    tell: (text) => child.stdin.write(`${text}\n`),
    end: () => {
      child.kill("SIGKILL");
      return closed;
    },
  };
}

function readLines(child: ChildProcess, listener: (line: string) => void): void {
  let rest = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) listener(line);
  });
}

/** Of a stack trace, the line with the error's message. */
function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /^\S*(Error|error)\b/.test(line)) ?? lines.at(-1) ?? "").slice(0, 300);
}
