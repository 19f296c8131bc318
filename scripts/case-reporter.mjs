import { inspect } from "node:util";

/**
 * A reporter for `node --test`: one line of JSON for each case, for the scripts beside it to count and print.
 * Groups (`describe`) are no cases of their own, nor are the files, unless they fail by themselves.
 */
export default async function* caseReporter(source) {
  /** Names of the groups and cases that are open, by file and depth. */
  const open = new Map();
  for await (const { type, data } of source) {
    if (type === "test:start") {
      const path = open.get(data.file) ?? [];
      open.set(data.file, [...path.slice(0, data.nesting), data.name]);
    } else if (type === "test:stdout" || type === "test:stderr") {
      yield record({ type: "output", file: data.file, text: data.message });
    } else if (type === "test:pass" || type === "test:fail") {
      const outcome = outcomeOf(type, data);
      if (outcome === undefined) continue;
      const path = open.get(data.file)?.slice(0, data.nesting) ?? [];
      const error = outcome === "failed" ? describe(data.details.error) : undefined;
      yield record({
        type: "case",
        outcome,
        file: data.file,
        line: data.line,
        name: data.name === data.file ? undefined : [...path, data.name].join(" › "),
        reason: reasonOf(data),
        error,
      });
    }
  }
}

function outcomeOf(type, { name, file, details, skip, todo }) {
  const isGroup = name === file || details.type === "suite";
  if (type === "test:fail") {
    // A group fails with its cases, which have been counted.
    if (isGroup && details.error?.failureType === "subtestsFailed") return undefined;
    return todo === undefined ? "failed" : "skipped";
  }
  if (isGroup) return skip === undefined ? undefined : "skipped";
  return skip === undefined && todo === undefined ? "passed" : "skipped";
}

function reasonOf({ skip, todo }) {
  const reason = skip ?? todo;
  return typeof reason === "string" && reason !== "" ? reason : undefined;
}

function describe(error) {
  const cause = error?.cause ?? error;
  if (error?.failureType === "subtestsFailed") return undefined;
  return typeof cause === "string" ? cause : (cause?.stack ?? inspect(cause));
}

function record(value) {
  return `${JSON.stringify(value)}\n`;
}
