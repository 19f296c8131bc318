import type { Competitor } from "./competitor.js";
import { bun, deno, node } from "./native.js";
import { net } from "./net.js";
import { openline } from "./openline.js";
import { undici } from "./undici.js";
import { ws } from "./ws.js";

export const competitors: readonly Competitor[] = [openline, ws, undici, bun, deno, node, net];

export function findCompetitor(name: string): Competitor {
  const found = competitors.find((competitor) => competitor.name === name);
  if (found === undefined) throw new Error(`no competitor is named "${name}"`);
  return found;
}
