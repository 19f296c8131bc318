import { signal } from "@preact/signals";
import type { Missed, WireEvent } from "../../../src/workbench/control-protocol.js";
import { Connections } from "./connections.js";
import { Traffic } from "./traffic.js";
import { WireLog } from "./wire-log.js";

/** What passed on lines: the live one's, or that of a file. Panels of the line show either. */
export class Recording {
  /** The file's, absent for the live one. */
  readonly name: string | undefined;
  readonly wire = new WireLog();
  readonly connections = new Connections();
  readonly traffic = new Traffic();

  /** Frames that passed too fast for the page; they stand in the server's recording only. */
  readonly missedFrames = signal(0);

  constructor(name?: string) {
    this.name = name;
  }

  push(events: readonly WireEvent[], missed: readonly Missed[] = []): void {
    this.wire.push(events);
    this.connections.add(events);
    this.traffic.countWire(events);
    for (const { what, count, bytes } of missed) {
      if (what === "reports") continue;
      this.missedFrames.value += count;
      this.traffic.countMissed(what, count, bytes);
    }
  }

  clear(): void {
    this.wire.clear();
    this.connections.clear();
    this.traffic.clear();
    this.missedFrames.value = 0;
  }
}
