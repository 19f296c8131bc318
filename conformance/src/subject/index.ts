import { openlineSubject } from "./openline.js";
import type { Subject } from "./subject.js";
import { wsSubject } from "./ws.js";

const SUBJECTS: readonly Subject[] = [openlineSubject, wsSubject];

/** `CONFORMANCE_SUBJECT=ws` runs the catalogue against another library, to see whether a case is right. */
function chosen(): Subject {
  const name = process.env["CONFORMANCE_SUBJECT"] ?? "openline";
  const found = SUBJECTS.find((subject) => subject.name === name);
  if (found === undefined)
    throw new Error(`CONFORMANCE_SUBJECT is ${name}, not ${SUBJECTS.map((s) => s.name).join(" or ")}`);
  return found;
}

export const subject = chosen();
