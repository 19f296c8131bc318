import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import { commandEnvironment, commandFile, endWithTests } from "./command-environment.test.support.js";
import { escaped } from "./escaped.test.support.js";
import { within } from "./guard.test.support.js";

/** How a run of the command has ended. */
export interface CommandResult {
  /** Null if a signal has ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Added to the environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Arguments for Node.js itself. */
  readonly nodeArguments?: readonly string[];
}

type OutputName = "stdout" | "stderr";

/** The command in a process of its own, with pipes for stdin, stdout and stderr. */
export class RunningCommand {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves at its end. */
  readonly ended: Promise<CommandResult>;
  readonly #output = { stdout: "", stderr: "" };
  /** Up to where `waitFor` has looked. */
  readonly #seen = { stdout: 0, stderr: 0 };

  constructor(args: readonly string[], { env, nodeArguments = [] }: CommandOptions) {
    this.child = spawn(process.execPath, [...nodeArguments, commandFile, ...args], {
      env: commandEnvironment(env),
      stdio: "pipe",
    });
    const forget = endWithTests(() => this.child.kill("SIGKILL"));
    // A command that doesn't read its input is the test's business, not an error.
    this.child.stdin.on("error", () => {});
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name].setEncoding("utf8").on("data", (chunk: string) => {
        this.#output[name] += chunk;
      });
    }
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code, signal) => {
        forget();
        resolve({ code, signal, ...this.#output });
      });
    });
  }

  /** What it has written to stdout so far. */
  get stdout(): string {
    return this.#output.stdout;
  }

  /** What it has written to stderr so far. */
  get stderr(): string {
    return this.#output.stderr;
  }

  /** Waits for a text, after what was waited for before; gives what was found. */
  async waitFor(wanted: string | RegExp, name: OutputName = "stdout"): Promise<RegExpExecArray> {
    const expression = typeof wanted === "string" ? new RegExp(escaped(wanted)) : wanted;
    return within(
      new Promise((resolve, reject) => {
        const look = (): void => {
          const rest = this.#output[name].slice(this.#seen[name]);
          const found = expression.exec(rest);
          if (found === null) return;
          this.#seen[name] += found.index + found[0].length;
          this.child[name].off("data", look);
          resolve(found);
        };
        this.child[name].on("data", look);
        void this.ended.then(() => {
          look();
          reject(new Error(`ended without ${this.#describe(wanted)}`));
        });
        look();
      }),
      () => this.#describe(wanted),
    );
  }

  /** Waits for the next whole line, without its end. */
  async waitForLine(name: OutputName = "stdout"): Promise<string> {
    const [, line = ""] = await this.waitFor(/(.*)\r?\n/, name);
    return line;
  }

  /** Writes to its stdin. */
  write(text: string): void {
    this.child.stdin.write(text);
  }

  endInput(text = ""): void {
    this.child.stdin.end(text);
  }

  /** Sends a signal; with what it has ended. */
  async kill(signal: NodeJS.Signals): Promise<CommandResult> {
    this.child.kill(signal);
    return this.end();
  }

  /** With what it has ended; one that doesn't is an error. */
  async end(): Promise<CommandResult> {
    return within(this.ended, () => this.#describe("its end"));
  }

  #describe(wanted: string | RegExp): string {
    return `${wanted}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`;
  }
}

/** Starts the command and leaves it running. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  return new RunningCommand(args, options);
}

/** Runs the command to its end, with `stdin` as all its input. */
export async function runCommand(
  args: readonly string[],
  { stdin = "", ...options }: CommandOptions & { readonly stdin?: string } = {},
): Promise<CommandResult> {
  const command = new RunningCommand(args, options);
  command.endInput(stdin);
  return command.end();
}
