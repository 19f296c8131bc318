import { readFileSync, writeFileSync } from "node:fs";
import { type SavedReport, updatePage } from "./performance-page.js";

/** Writes the results of the latest whole run into docs/performance.md. */
export function main(): number {
  const page = new URL("../../docs/performance.md", import.meta.url);
  const report = new URL("../results/latest.json", import.meta.url);
  const results = JSON.parse(readFileSync(report, "utf8")) as SavedReport;
  writeFileSync(page, updatePage(readFileSync(page, "utf8"), results));
  return 0;
}
