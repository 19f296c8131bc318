import type { WireEvent } from "../../../src/workbench/control-protocol.js";
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

  constructor(name?: string) {
    this.name = name;
  }

  push(events: readonly WireEvent[]): void {
    this.wire.push(events);
    this.connections.count(events);
    this.traffic.countWire(events);
  }

  clear(): void {
    this.wire.clear();
    this.connections.clear();
    this.traffic.clear();
  }
}
