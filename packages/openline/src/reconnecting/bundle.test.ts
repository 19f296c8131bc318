import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What a page loads, minified, for `import "openline/reconnecting"`. */
async function bundled(): Promise<{ size: number; inputs: string[] }> {
  const entry = fileURLToPath(new URL("./index.browser.js", import.meta.url));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "esnext",
    write: false,
    metafile: true,
  });
  const [file] = outputFiles;
  assert.ok(file);
  return { size: gzipSync(file.contents, { level: 9 }).length, inputs: Object.keys(metafile.inputs) };
}

describe("openline/reconnecting in a page", () => {
  it("has at most 4 kB, minified and gzipped", async (context) => {
    const { size } = await bundled();
    context.diagnostic(`${size} bytes`);
    assert.ok(size <= 4000, `${size} bytes`);
  });

  it("has no module of Node's, nor of the rest of the library", async () => {
    // esbuild refuses Node's own modules for the platform "browser".
    for (const input of (await bundled()).inputs) assert.match(input, /\/reconnecting\/[^/]+$/);
  });
});
