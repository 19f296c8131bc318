import { test } from "node:test";
import type { Role } from "./case.js";
import { catalogue } from "./catalogue/index.js";
import { runCase } from "./run-case.js";
import { subject } from "./subject/index.js";

/** Each case of the catalogue as one test, with the subject in `role`. */
export function defineTests(role: Role): void {
  for (const wireCase of catalogue) {
    if (wireCase.roles !== undefined && !wireCase.roles.includes(role)) continue;
    test(`${role} ${wireCase.id}: ${wireCase.shows} (${wireCase.section})`, () =>
      runCase(subject, role, wireCase));
  }
}
