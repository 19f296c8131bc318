/** How permessage-deflate stands on a connection whose memory is measured. */
export type DeflateState = "none" | "negotiated" | "used";

/** Opened before the first measurement, so that code and pools are there already. */
export const firstConnections = 50;

export interface IdleMemoryCase {
  readonly connections: number;
  readonly deflate: DeflateState;
  readonly suffix: string;
  readonly words: string;
}

const states: readonly { deflate: DeflateState; suffix: string; words: string }[] = [
  { deflate: "none", suffix: "", words: "no deflate" },
  { deflate: "negotiated", suffix: "-deflate", words: "deflate negotiated" },
  { deflate: "used", suffix: "-deflate-used", words: "deflate used once" },
];

export const idleMemoryCases: readonly IdleMemoryCase[] = [1000, 10_000].flatMap((connections) =>
  states.map((state) => ({ connections, ...state })),
);
