import { readFile, writeFile } from "node:fs/promises";
import { compare } from "./compare.js";
import { drawStates } from "./state-diagram.js";

/** Makes the picture and the table of docs/reconnecting.md anew. */
const docs = new URL("../../../docs/", import.meta.url);
const page = new URL("reconnecting.md", docs);

await writeFile(new URL("reconnecting-states.svg", docs), drawStates());
const table = await compare();
const text = await readFile(page, "utf8");
await writeFile(
  page,
  text.replace(
    /(<!-- comparison -->\n).*(\n<!-- \/comparison -->)/s,
    (_all, before, after) => before + table + after,
  ),
);
// A library's timers may still run.
process.exit();
