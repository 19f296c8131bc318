import { randomBytes } from "node:crypto";
import { accessSync, constants, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Why a file can't be written there, or `undefined`: to be asked before there is something to lose. */
export function problemWithFile(path: string): string | undefined {
  const folder = dirname(resolve(path));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
    return `there is no folder ${folder}`;
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return `the folder ${folder} can't be written to`;
  }
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return undefined;
  return stat.isDirectory() ? `${path} is a folder` : `${path} is no ordinary file`;
}

/** Writes a file that only its owner can read. It is there as a whole, or not at all: an older one stays until then. */
export async function writePrivateFile(path: string, pieces: Iterable<string>): Promise<void> {
  const target = resolve(path);
  const temporary = `${target}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
