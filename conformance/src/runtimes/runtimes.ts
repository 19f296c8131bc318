import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A runtime with a WebSocket of its own. */
export interface Runtime {
  readonly name: string;
  /** Why it can't run here. */
  readonly cannotRun?: string | undefined;
  readonly file: string;
  readonly args: readonly string[];
}

// The packages `bun` and `deno` fetch these with install scripts, which we don't run.
const packages = { "@oven/bun-linux-x64": "1.4.5", "@deno/linux-x64-glibc": "2.9.5" };

const folder = join(import.meta.dirname, "..", "..", "..", ".cache", "runtimes");
const inPackage = (name: keyof typeof packages, file: string) => join(folder, "node_modules", name, file);

const noBinary =
  process.platform === "linux" && process.arch === "x64"
    ? undefined
    : `we have no binary for ${process.platform} ${process.arch}`;

export const runtimes: readonly Runtime[] = [
  {
    name: "Bun",
    cannotRun: noBinary,
    file: inPackage("@oven/bun-linux-x64", "bin/bun"),
    args: ["run"],
  },
  {
    name: "Deno",
    cannotRun: noBinary,
    file: inPackage("@deno/linux-x64-glibc", "deno"),
    args: ["run", "--quiet", "--allow-all", "--no-lock", "--no-config"],
  },
  {
    name: "Node.js",
    cannotRun:
      "CloseEvent" in globalThis ? undefined : `${process.version} has no CloseEvent for pages' code`,
    file: process.execPath,
    args: [],
  },
];

/** npm fetches what is not there yet. */
export async function fetchRuntimes(): Promise<void> {
  const manifest = (name: string) => join(folder, "node_modules", name, "package.json");
  if (noBinary !== undefined || Object.keys(packages).every((name) => existsSync(manifest(name)))) return;
  await mkdir(folder, { recursive: true });
  // A manifest of its own: npm would else take the workspace's.
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: packages }));
  execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
