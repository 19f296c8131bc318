import { createRequire } from "node:module";

// `playwright-core`'s own declarations need the DOM library, which would hide a mistaken use of a browser's global
// in all of our own code. These are the few members that the runner calls.

export interface Page {
  exposeFunction(name: string, callback: (step: string) => Promise<void> | void): Promise<unknown>;
  goto(url: string): Promise<unknown>;
  evaluate(source: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Browser {
  version(): string;
  /** A page in a context of its own. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: {
    launch(options: {
      readonly executablePath: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string | undefined>>;
    }): Promise<Browser>;
  };
}

export const { chromium } = createRequire(import.meta.url)("playwright-core") as Playwright;
