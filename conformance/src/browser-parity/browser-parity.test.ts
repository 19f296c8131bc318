import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { cannotRun } from "./chromium.js";
import { expected } from "./differences.js";
import { ChromiumRunner } from "./run-in-chromium.js";
import { NodeRunner } from "./run-on-node.js";
import { scenes } from "./scenes.js";
import { takeTranscript } from "./transcript.js";

const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;

describe(`browser parity with Chromium${skipped}`, { skip: cannotRun !== undefined }, () => {
  let chromium: ChromiumRunner;
  const node = new NodeRunner();

  before(async () => {
    chromium = await ChromiumRunner.start();
  });

  after(async () => {
    await chromium.stop();
  });

  for (const scene of scenes) {
    const whys = [...new Set((scene.differences ?? []).map(({ why }) => why))];
    const differs = whys.length === 0 ? "" : ` — differs: ${whys.join("; ")}`;
    it(`${scene.name} (${scene.section})${differs}`, async () => {
      const theirs = await takeTranscript(scene, chromium);
      const ours = await takeTranscript(scene, node);
      assert.ok(theirs.length > 0, "the scene records nothing");
      assert.deepEqual(ours, expected(theirs, scene.differences));
    });
  }
});
