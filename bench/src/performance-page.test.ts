import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type SavedReport, updatePage } from "./performance-page.js";

test("docs/performance.md shows the figures of bench/results/latest.json", () => {
  const page = readFileSync(new URL("../../docs/performance.md", import.meta.url), "utf8");
  const report = readFileSync(new URL("../results/latest.json", import.meta.url), "utf8");
  assert.equal(page, updatePage(page, JSON.parse(report) as SavedReport));
});

test("a page without its marks is refused", () => {
  const report: SavedReport = { takenAt: "", machine: {}, versions: {}, runs: 0, workloads: [] };
  assert.throws(() => updatePage("# Performance", report), /lacks the lines/);
});
