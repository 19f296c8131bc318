/**
 * What traces leave out, for programs that show or write down connections themselves. Runs in pages, too.
 * @module openline/tracing
 */

export { hidden, maskHeaders, maskUrl } from "./redaction.js";
export type { TracedHeaders } from "./traces.js";
