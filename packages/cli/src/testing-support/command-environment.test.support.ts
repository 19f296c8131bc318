import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** What npm links as `openline`. */
export const commandFile = fileURLToPath(new URL("../../bin/openline.js", import.meta.url));

/** A new folder, gone with this process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "openline-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

let home: string | undefined;

/** This process's environment, without what would make a command behave differently, and with a home of its own. */
export function commandEnvironment(
  more: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  home ??= temporaryFolder();
  const foreign =
    /^(FORCE_COLOR|NO_COLOR|CLICOLOR.*|COLORTERM|TERM|CI|NODE_OPTIONS|NODE_TEST_CONTEXT|XDG_.*|.*_PROXY)$/i;
  const own = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  const all = { ...Object.fromEntries(own), HOME: home, XDG_STATE_HOME: join(home, "state"), ...more };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

const running = new Set<() => void>();
process.once("exit", () => {
  for (const kill of running) kill();
});

/** Ends a process with this one, should the test forget it. Returns what forgets it. */
export function endWithTests(kill: () => void): () => void {
  running.add(kill);
  return () => running.delete(kill);
}
