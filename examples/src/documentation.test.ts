import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type CodeBlock, readCodeBlocks } from "./code-blocks.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "examples", ".cache", "code-blocks");
const blocks = readCodeBlocks(root);

/** The code of the documentation is built as a program of its own, with the types that a user gets. */
const configuration = {
  extends: "../../../tsconfig.base.json",
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    noUnusedLocals: false,
    rootDir: ".",
    outDir: "dist",
    tsBuildInfoFile: null,
  },
  include: ["*.ts"],
};

function nameOf({ page, line }: CodeBlock): string {
  return `${page.replaceAll(/[/.]/g, "-")}-${line}`;
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 120_000 });
}

describe("code in the documentation", () => {
  before(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(configuration));
    for (const block of blocks) writeFileSync(join(folder, `${nameOf(block)}.ts`), block.code);
  });

  test("there is some, and some that runs", () => {
    assert.ok(blocks.length > 0);
    assert.ok(blocks.some(({ page, runs }) => page === "README.md" && runs));
  });

  test("passes the compiler", () => {
    const { status, stdout } = run(join(root, "node_modules/typescript/bin/tsc"), "--project", folder);
    assert.equal(status, 0, stdout);
  });

  for (const block of blocks.filter(({ runs }) => runs)) {
    test(`${block.page}:${block.line} runs and ends by itself`, () => {
      const { status, stdout, stderr } = run(join(folder, "dist", `${nameOf(block)}.js`));
      assert.equal(stderr, "");
      assert.equal(status, 0);
      // What the code says that it prints, it prints.
      const promised = Array.from(
        block.code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm),
        (match) => match[1],
      );
      for (const line of promised)
        assert.ok(stdout.includes(`${line}\n`), `${line} is missing in:\n${stdout}`);
    });
  }
});

const markdown = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "packages/openline/README.md"].concat(
  readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
);

describe("links in the documentation", () => {
  for (const page of markdown) {
    test(`${page} points at files and headings that are there`, () => {
      const text = readFileSync(join(root, page), "utf8");
      for (const [, target = ""] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [path = "", heading] = target.split("#");
        const file = path === "" ? join(root, page) : join(root, dirname(page), path);
        assert.ok(existsSync(file), `${target} is not there`);
        if (heading !== undefined) {
          assert.ok(headingsOf(file).includes(heading), `${target}: there is no such heading`);
        }
      }
    });
  }
});

/** The anchors that the headings of a page get. */
function headingsOf(file: string): string[] {
  return Array.from(readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm), ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe("docs/errors.md", () => {
  test("names every code that the library raises, and no other", () => {
    const page = readFileSync(join(root, "docs/errors.md"), "utf8");
    const named = [...page.matchAll(/^\| `(ERR_WS_\w+)`/gm)].map(([, code]) => code);
    assert.deepEqual(named.toSorted(), raisedCodes().toSorted());
  });
});

/** The codes that stand in the sources, the list of them all left out. */
function raisedCodes(): string[] {
  const src = join(root, "packages/openline/src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter(
    (path) => path.endsWith(".ts") && !path.includes(".test.") && !path.endsWith("connection-error.ts"),
  );
  const codes = files.flatMap((path) =>
    Array.from(readFileSync(join(src, path), "utf8").matchAll(/"(ERR_WS_\w+)"/g), ([, code = ""]) => code),
  );
  return [...new Set(codes)];
}
