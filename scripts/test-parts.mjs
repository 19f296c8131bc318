import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * The parts that the tests come in.
 * @typedef {object} Part
 * @property {string} name what `--only` takes
 * @property {string} about one line for people
 * @property {boolean} onEveryNode whether `npm run test:matrix` runs it, too
 * @property {() => string[]} files the built test files
 */

/** @type {readonly Part[]} */
export const parts = [
  {
    name: "library",
    about: "unit, property and object tests of packages/openline",
    onEveryNode: true,
    files: () => testsOf("packages/openline"),
  },
  {
    name: "conformance",
    about: "the catalogue of wire cases, against client and server",
    onEveryNode: true,
    files: () =>
      testsOf("conformance", (path) => {
        return ![
          "interoperation",
          "runtimes",
          "browser-parity",
          "stream-parity",
          "functions-in-chromium",
        ].some((folder) => isIn(path, folder));
      }),
  },
  {
    name: "interoperation",
    about: "with ws and undici in both roles",
    onEveryNode: true,
    files: () => testsOf("conformance", (path) => isIn(path, "interoperation")),
  },
  {
    name: "runtimes",
    about:
      "ReconnectingWebSocket over the objects of Bun, Deno and Node.js; npm fetches the first two on first use",
    onEveryNode: true,
    files: () => testsOf("conformance", (path) => isIn(path, "runtimes")),
  },
  {
    name: "browser-parity",
    about: "the same scenes with Chromium's objects and with ours",
    onEveryNode: false,
    files: () =>
      testsOf("conformance", (path) =>
        ["browser-parity", "stream-parity", "functions-in-chromium"].some((folder) => isIn(path, folder)),
      ),
  },
  {
    name: "examples",
    about: "the tour, and the code in README and docs",
    onEveryNode: false,
    files: () => testsOf("examples"),
  },
  {
    name: "bench",
    about: "the benchmark's arithmetic",
    onEveryNode: false,
    files: () => testsOf("bench"),
  },
  {
    name: "cli",
    about: "the command openline, as a process in pipes and in a terminal",
    onEveryNode: false,
    files: () => testsOf("packages/cli"),
  },
  {
    name: "workbench",
    about: "the workbench's page, in Chromium",
    onEveryNode: false,
    files: () => testsOf("packages/cli/page-tests"),
  },
  {
    name: "scripts",
    about: "the test runner itself",
    onEveryNode: false,
    files: () => filesUnder(join(root, "scripts")).filter((path) => path.endsWith(".test.mjs")),
  },
];

/**
 * The built form of each test file that a workspace has in its sources. What lies in dist/ alone is left over from a
 * file that is gone.
 */
function testsOf(workspace, isWanted = (_path) => true) {
  const src = join(root, workspace, "src");
  if (!existsSync(src)) return [];
  return filesUnder(src)
    .filter((path) => path.endsWith(".test.ts"))
    .map((path) => relative(src, path))
    .filter(isWanted)
    .map((path) => join(root, workspace, "dist", path.replace(/\.ts$/, ".js")))
    .sort();
}

function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function isIn(path, folder) {
  return path.startsWith(folder + sep);
}
