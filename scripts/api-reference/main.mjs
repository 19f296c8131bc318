// Writes the API reference into docs/api/. TypeDoc needs an older compiler than the one that builds the library: both
// have a lockfile of their own here, and come with the first run.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));

installTypeDoc();
const typedoc = join(folder, "node_modules/typedoc/bin/typedoc");
execFileSync(
  process.execPath,
  [typedoc, "--options", join(folder, "typedoc.json"), ...process.argv.slice(2)],
  {
    stdio: "inherit",
  },
);

/** A copy of the lockfile beside the packages says what was installed. */
function installTypeDoc() {
  const lockfile = readFileSync(join(folder, "package-lock.json"), "utf8");
  const installed = join(folder, "node_modules", ".installed-lock.json");
  if (existsSync(installed) && readFileSync(installed, "utf8") === lockfile) return;
  console.error("docs:api: installing TypeDoc (npm ci in scripts/api-reference/) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  execFileSync(npm, ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  writeFileSync(installed, lockfile);
}
