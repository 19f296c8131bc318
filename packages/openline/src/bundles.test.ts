import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const home = new URL("../", import.meta.url);

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly browser?: { readonly default: string } }>>;
}
const { exports } = JSON.parse(await readFile(new URL("package.json", home), "utf8")) as Manifest;

/** What a page loads for `import … from "openline…"`, minified. */
async function bundled(entry: string): Promise<{ text: string; size: number; inputs: string[] }> {
  const file = exports[entry]?.browser?.default;
  assert.ok(file, `${entry} has the export condition "browser"`);
  const { outputFiles, metafile } = await build({
    entryPoints: [fileURLToPath(new URL(file, home))],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "esnext",
    write: false,
    metafile: true,
  });
  const [output] = outputFiles;
  assert.ok(output);
  const { text, contents } = output;
  return { text, size: gzipSync(contents, { level: 9 }).length, inputs: Object.keys(metafile.inputs) };
}

/** For each entry point of a page: most bytes, minified and gzipped, and which of our modules may be in it. */
const limits: readonly [entry: string, bytes: number, modules: RegExp][] = [
  [".", 1500, /\/dist\/(index\.browser|functions\/[\w-]+|websocket\/line-control)\.js$/],
  ["./reconnecting", 4000, /\/dist\/reconnecting\/[\w.-]+\.js$/],
];

for (const [entry, most, modules] of limits) {
  describe(`a page's bundle of openline${entry.slice(1)}`, () => {
    it(`has at most ${most} bytes, minified and gzipped`, async (context) => {
      const { size } = await bundled(entry);
      context.diagnostic(`${size} bytes`);
      assert.ok(size <= most, `${size} bytes`);
    });

    it("has nothing of Node's, nor more of the library than it needs", async () => {
      // esbuild refuses Node's own modules for the platform "browser".
      const { text, inputs } = await bundled(entry);
      for (const input of inputs) assert.match(input, modules);
      assert.doesNotMatch(text, /node:|\b(Buffer|process|require|global)\b/);
    });
  });
}
