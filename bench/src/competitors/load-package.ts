import { Unsupported } from "../child.js";

/**
 * A package's exports, untyped: type checking this folder must not need the packages that only `npm run bench`
 * installs.
 */
export async function loadPackage<Exports>(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports;
  } catch (error) {
    throw new Unsupported(
      `${name} can't be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
