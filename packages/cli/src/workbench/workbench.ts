import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ConnectionEvent } from "../recording/connection-event.js";
import type { ServerMessage, SessionId } from "./control-protocol.js";
import type { FaultyLine, Line, LineTarget, Recorder } from "./line.js";
import { LineFaults } from "./line-faults.js";
import { maskUrl, openLine, type Recording } from "./interim.js";
import { PageConnection } from "./page-connection.js";
import { PageFiles } from "./page-files.js";
import { PageServer } from "./page-server.js";
import { PlayServer } from "./play-server.js";
import { wireEvent } from "./wire-event.js";

/** What `startWorkbench` takes. */
export interface WorkbenchOptions {
  /** The page's port; 0 for a free one. */
  readonly port: number;
  /** Of the command, as the page shows it. */
  readonly version: string;
  /** Shows what is in it and what comes; sessions are recorded to it. Whoever made it closes it. */
  readonly recording: Recording;
  /** The line that an application uses, and whose faults the page sets; without it there is an embedded server. */
  readonly inspect?: {
    readonly line: FaultyLine;
    readonly proxyUrl: string;
    readonly targetUrl: string;
  };
  /** Default: `dist/page` of this package. */
  readonly pageDirectory?: string;
}

/** Whose a connection is. */
interface Owner {
  readonly page: PageConnection;
  readonly session: SessionId;
}

/** Starts the local server with the page. @throws FailureError where it can't. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const files = new PageFiles(
    options.pageDirectory ?? fileURLToPath(new URL("../page/", import.meta.url)),
  );
  await files.check();
  return Workbench.start(options, files);
}

/** The page's server with everything behind it. */
export class Workbench {
  readonly #options: WorkbenchOptions;
  readonly #server: PageServer;
  readonly #play: PlayServer | undefined;
  readonly #inspected: LineFaults | undefined;
  readonly #pages = new Set<PageConnection>();
  readonly #owners = new Map<number, Owner>();
  readonly #unsubscribe: () => void;
}
