import { readFile, writeFile } from "node:fs/promises";
import { compare } from "./compare.js";
import { drawStates } from "./state-diagram.js";

// Makes the picture and the table of docs/reconnecting.md anew; with --check it only says whether they are up to date.
const docs = new URL("../../../docs/", import.meta.url);
const picture = new URL("reconnecting-states.svg", docs);
const page = new URL("reconnecting.md", docs);

const states = drawStates();
const table = await compare();
const before = { picture: await readFile(picture, "utf8"), page: await readFile(page, "utf8") };
const after = before.page.replace(
  /(<!-- comparison -->\n).*(\n<!-- \/comparison -->)/s,
  (_all, start, end) => start + table + end,
);
const isUpToDate = states === before.picture && after === before.page;
if (process.argv.includes("--check")) {
  if (!isUpToDate) console.log(table);
} else {
  await writeFile(picture, states);
  await writeFile(page, after);
}
// A library's timers may still run.
process.exit(isUpToDate || !process.argv.includes("--check") ? 0 : 1);
