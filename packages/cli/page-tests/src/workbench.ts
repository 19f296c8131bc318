import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../bin/openline.js", import.meta.url));

/** The command as a process, with the page's address that it has printed. */
export class WorkbenchProcess {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#process = child;
  }

  /** @param args and what they print, in place of `workbench` */
  static async start(
    args: readonly string[] = ["workbench", "--no-open"],
    address = /http:\/\/127\.0\.0\.1:\d+\/\S+/,
  ): Promise<WorkbenchProcess> {
    const child = spawn(process.execPath, [command, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) {
      const url = address.exec(line)?.[0];
      if (url !== undefined) return new WorkbenchProcess(url, child);
    }
    throw new Error("The command has ended without an address");
  }

  /** As Ctrl+C does. @returns the exit code */
  async stop(): Promise<number | null> {
    const ended = once(this.#process, "exit");
    this.#process.kill("SIGINT");
    const [code] = (await ended) as [number | null];
    return code;
  }
}
