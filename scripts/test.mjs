// Runs all tests, part by part, and says how many cases each part had: `npm test`, `npm test -- --only library`.
import process from "node:process";
import { readChoices } from "./command-line.mjs";
import { outcomeLine, runPart, summaryLine } from "./run-part.mjs";
import { parts } from "./test-parts.mjs";

const { only } = readChoices("npm test", { only: parts.map(({ name }) => name) });

const outcomes = [];
for (const part of parts.filter(({ name }) => only.includes(name))) {
  process.stdout.write(`${part.name}: ${part.about}\n`);
  outcomes.push({ part, outcome: await runPart(part) });
}

process.stdout.write(`\nNode.js ${process.version}\n`);
for (const { part, outcome } of outcomes) process.stdout.write(`${outcomeLine(part.name, outcome)}\n`);
process.stdout.write(`\n${summaryLine(outcomes.map(({ outcome }) => outcome))}\n`);
process.exitCode = outcomes.some(({ outcome }) => outcome.failed > 0) ? 1 : 0;
