import type { Competitor } from "./competitor.js";

/** A plain socket that moves the same bytes: the limit for whatever is built on Node's sockets. */
export const net: Competitor = { name: "net", runtime: "node" };
