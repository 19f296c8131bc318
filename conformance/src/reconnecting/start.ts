import { readFile, writeFile } from "node:fs/promises";
import { compare } from "./compare.js";

/** `node start.js` prints the table; with the name of a page, the table between its marks is made anew. */
const [page] = process.argv.slice(2);
const table = await compare();
if (page === undefined) {
  console.log(table);
} else {
  const text = await readFile(page, "utf8");
  await writeFile(page, text.replace(/(<!-- comparison -->\n).*(\n<!-- \/comparison -->)/s, `$1${table}$2`));
}
// A library's timers may still run.
process.exit();
