import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Runtime } from "./competitors/competitor.js";

export const benchFolder = join(dirname(fileURLToPath(import.meta.url)), "..");

const require = createRequire(import.meta.url);

/** What to execute for a script of ours in a runtime; undefined if the runtime isn't there. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export function commandFor(runtime: Runtime, script: string, authority: string): Command | undefined {
  const path = join(benchFolder, "dist", script);
  // Where Node and Bun look for further authorities to trust; the benchmark's clients do verify theirs.
  const env = { NODE_EXTRA_CA_CERTS: authority };
  if (runtime === "node") {
    return { file: process.execPath, args: ["--expose-gc", path], env };
  }
  const file = runtime === "bun" ? bunBinary() : denoBinary();
  if (file === undefined) return undefined;
  if (runtime === "bun") return { file, args: [path], env };
  const flags = [
    "run",
    "--quiet",
    "--allow-all",
    "--no-lock",
    "--v8-flags=--expose-gc",
    `--cert=${authority}`,
  ];
  const denoEnv = { DENO_DIR: join(benchFolder, ".cache", "deno"), DENO_NO_UPDATE_CHECK: "1" };
  return { file, args: [...flags, path], env: denoEnv };
}

/** The packages `bun` and `deno` put their binary in place with an install script, which we don't run. */
function bunBinary(): string | undefined {
  return firstFile([`@oven/bun-${process.platform}-${armName("aarch64")}`], ["bin/bun", "bin/bun.exe"]);
}

function denoBinary(): string | undefined {
  const platform = `${process.platform}-${armName("arm64")}`;
  return firstFile([`@deno/${platform}-glibc`, `@deno/${platform}`], ["deno", "deno.exe"]);
}

function armName(name: string): string {
  return process.arch === "arm64" ? name : process.arch;
}

function firstFile(packages: readonly string[], files: readonly string[]): string | undefined {
  for (const name of packages) {
    for (const file of files) {
      const path = join(benchFolder, "node_modules", name, file);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

export function packageVersion(name: string): string | undefined {
  try {
    const { version } = require(join(benchFolder, "node_modules", name, "package.json")) as {
      version: string;
    };
    return version;
  } catch {
    return undefined;
  }
}
