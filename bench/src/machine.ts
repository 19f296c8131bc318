import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { benchFolder, packageVersion } from "./runtimes.js";

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory: string;
  readonly system: string;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()} ${process.arch}`,
  };
}

export function describeVersions(): Readonly<Record<string, string>> {
  const versions: Record<string, string> = { openline: openlineVersion(), node: process.versions.node };
  for (const name of ["ws", "undici", "bun", "deno"])
    versions[name] = packageVersion(name) ?? "not installed";
  return versions;
}

/** With the commit, since the version stays the same while one works on it. */
function openlineVersion(): string {
  const require = createRequire(import.meta.url);
  const root = join(benchFolder, "..");
  let version = "unknown";
  try {
    ({ version } = require(join(root, "packages", "openline", "package.json")) as { version: string });
    const git = (...args: string[]): string =>
      execFileSync("git", ["-C", root, ...args], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    const changed = git("status", "--porcelain", "--", "packages/openline/src") === "" ? "" : ", changed";
    return `${version} (${git("rev-parse", "--short", "HEAD")}${changed})`;
  } catch {
    return version;
  }
}
