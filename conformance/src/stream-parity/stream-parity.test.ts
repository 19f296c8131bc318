import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cannotRun } from "../browser-parity/chromium.js";
import { expected } from "../browser-parity/differences.js";
import { ChromiumRunner } from "../browser-parity/run-in-chromium.js";
import { NodeRunner } from "../browser-parity/run-on-node.js";
import type { Scene } from "../browser-parity/scene.js";
import { takeTranscript } from "../browser-parity/transcript.js";
import { closingScenes } from "./closing.scenes.js";
import { failingScenes } from "./failing.scenes.js";
import { interfaceScenes } from "./interface.scenes.js";
import { openingScenes } from "./opening.scenes.js";
import { readingScenes } from "./reading.scenes.js";
import { writingScenes } from "./writing.scenes.js";

const scenes: readonly Scene[] = [
  ...interfaceScenes,
  ...openingScenes,
  ...readingScenes,
  ...writingScenes,
  ...closingScenes,
  ...failingScenes,
];

const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;

describe(`WebSocketStream, parity with Chromium${skipped}`, { skip: cannotRun !== undefined }, () => {
  let chromium: ChromiumRunner;
  const node = new NodeRunner();

  before(async () => {
    chromium = await ChromiumRunner.start();
  });

  after(async () => {
    await chromium.stop();
  });

  for (const scene of scenes) {
    it(title(scene), async () => {
      const theirs = await takeTranscript(scene, chromium);
      const ours = await takeTranscript(scene, node);
      assert.ok(theirs.length > 0, "the scene records nothing");
      assert.deepEqual(ours, expected(theirs, scene.differences));
    });
  }
});

function title({ name, section, differences = [] }: Scene): string {
  const whys = [...new Set(differences.map(({ why }) => why))];
  return `${name} (${section})${whys.length === 0 ? "" : ` - differs: ${whys.join("; ")}`}`;
}
