import { isDeepStrictEqual } from "node:util";
import { complaint } from "./page.js";
import { show } from "./show.js";

/** The tour shows what happens, and also looks whether it is what the standard asks for. */

let checked = 0;
let wrong = 0;

export function expect(what: string, actual: unknown, expected: unknown): void {
  checked++;
  if (isDeepStrictEqual(actual, expected)) return;
  wrong++;
  complaint(`${what} is ${show(actual)}, expected ${show(expected)}`);
}

export function verdict(): { checked: number; wrong: number } {
  return { checked, wrong };
}
