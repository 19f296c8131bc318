import { readdir, readFile } from "node:fs/promises";
import { extname, join, relative, sep } from "node:path";
import { FailureError } from "../exit.js";

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly content: Buffer;
}

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** The files of the page as Vite has built them. */
export class PageFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws FailureError where the page was never built. */
  async check(): Promise<void> {
    if ((await this.#names()).has("index.html")) return;
    throw new FailureError(`The page isn't built: there is no index.html in ${this.#directory}`);
  }

  /** @param name as it stands in the URL; only the name of a file that is there leads to one, so no ".." ever does. */
  async read(name: string): Promise<PageFile | undefined> {
    if (!(await this.#names()).has(name)) return undefined;
    const content = await readFile(join(this.#directory, name));
    return { type: types[extname(name)] ?? "application/octet-stream", content };
  }

  async #names(): Promise<ReadonlySet<string>> {
    const entries = await readdir(this.#directory, { withFileTypes: true, recursive: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile());
    return new Set(
      files.map(({ parentPath, name }) =>
        relative(this.#directory, join(parentPath, name)).replaceAll(sep, "/"),
      ),
    );
  }
}
