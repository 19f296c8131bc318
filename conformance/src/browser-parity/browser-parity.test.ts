import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CloseEvent, MessageEvent } from "openline";
import { cannotRun } from "./chromium.js";
import { expected } from "./differences.js";
import { ChromiumRunner } from "./run-in-chromium.js";
import { NodeRunner } from "./run-on-node.js";
import type { Scene } from "./scene.js";
import { scenes } from "./scenes.js";
import { takeTranscript } from "./transcript.js";

const skipped = cannotRun === undefined ? "" : ` (skipped: ${cannotRun})`;

describe(`browser parity with Chromium${skipped}`, { skip: cannotRun ?? false }, () => {
  let chromium: ChromiumRunner;
  const node = new NodeRunner();

  before(async () => {
    chromium = await ChromiumRunner.start();
  });

  after(async () => {
    await chromium.stop();
  });

  for (const scene of scenes) {
    const notOurs = nodesOwnClass(scene);
    it(title(scene, notOurs), { skip: notOurs ?? false }, async () => {
      const theirs = await takeTranscript(scene, chromium);
      const ours = await takeTranscript(scene, node);
      assert.ok(theirs.length > 0, "the scene records nothing");
      assert.deepEqual(ours, expected(theirs, scene.differences));
    });
  }
});

function title(scene: Scene, notOurs: string | undefined): string {
  const whys = [...new Set((scene.differences ?? []).map(({ why }) => why))];
  const differs = whys.length === 0 ? "" : ` - differs: ${whys.join("; ")}`;
  const left = notOurs === undefined ? "" : ` - skipped: ${notOurs}`;
  return `${scene.name} (${scene.section})${differs}${left}`;
}

/** Why the scene would try Node's class instead of one of ours, if it would. */
function nodesOwnClass({ classOf }: Scene): string | undefined {
  if (classOf === undefined) return undefined;
  const ours = { CloseEvent, MessageEvent }[classOf];
  const platform = (globalThis as Record<string, unknown>)[classOf];
  return ours === platform ? `openline's ${classOf} is Node ${process.version}'s own` : undefined;
}
