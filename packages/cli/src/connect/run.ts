import type { ConnectionFlags } from "../connection-options.js";
import { readConnectionTarget } from "../connection-target.js";

export async function connect(url: string, flags: ConnectionFlags): Promise<void> {
  await readConnectionTarget(url, flags);
}
