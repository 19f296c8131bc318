import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A piece of TypeScript in a page of the documentation. */
export interface CodeBlock {
  /** The page, from the root of the repository. */
  readonly page: string;
  /** The line that the code begins at. */
  readonly line: number;
  readonly code: string;
  /** Whether it brings its own server: then it runs on its own and ends by itself. */
  readonly runs: boolean;
}

const fence = /^```ts\n([\s\S]*?)^```$/gm;

/** All blocks marked as `ts` in the READMEs, CONTRIBUTING and docs/. */
export function readCodeBlocks(root: string): CodeBlock[] {
  const pages = [
    "README.md",
    "CONTRIBUTING.md",
    "packages/openline/README.md",
    ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`),
  ].filter((page) => page.endsWith(".md"));
  return pages.flatMap((page) => blocksOf(page, readFileSync(join(root, page), "utf8")));
}

function blocksOf(page: string, text: string): CodeBlock[] {
  return Array.from(text.matchAll(fence), (match) => {
    const code = match[1] ?? "";
    const line = text.slice(0, match.index).split("\n").length + 1;
    return {
      page,
      line,
      code,
      runs: code.includes('from "openline/server"') && code.includes("server.close()"),
    };
  });
}
