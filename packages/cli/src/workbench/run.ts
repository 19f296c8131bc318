import { onInterruption } from "../interruption.js";
import { Recording } from "../recording/recording.js";
import { ownVersion } from "../version.js";
import { showPage } from "./browser.js";
import { startWorkbench } from "./workbench.js";

/** What the command line gives. */
export interface WorkbenchFlags {
  readonly port: number;
  /** False with `--no-open`. */
  readonly open: boolean;
}

/** `openline workbench`: until it is told to end. */
export async function runWorkbench({ port, open }: WorkbenchFlags): Promise<void> {
  const recording = new Recording();
  try {
    const workbench = await startWorkbench({ port, version: ownVersion(), recording });
    const interrupted = new Promise<void>((resolve) => onInterruption(resolve));
    await showPage(workbench, open);
    await interrupted;
    await workbench.close();
  } finally {
    recording.close();
  }
}
