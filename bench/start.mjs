// Installs the competitors on first use, then runs the benchmark: `npm ci` in the root shouldn't have to carry them.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const [script, ...args] = process.argv.slice(2);

installCompetitors();
const entries = { profile: "./dist/profile-main.js", page: "./dist/page-main.js" };
const { main } = await import(entries[script] ?? "./dist/main.js");
process.exitCode = await main(args);

/** A copy of the lockfile beside the packages says what was installed. */
function installCompetitors() {
  const lockfile = readFileSync(join(folder, "package-lock.json"), "utf8");
  const installed = join(folder, "node_modules", ".installed-lock.json");
  if (existsSync(installed) && readFileSync(installed, "utf8") === lockfile) return;
  console.error("bench: installing the competitors (npm ci in bench/) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  // What npm says goes to standard error, to keep standard output for the results.
  execFileSync(npm, ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", process.stderr, "inherit"],
    shell: process.platform === "win32",
  });
  writeFileSync(installed, lockfile);
}
