import process from "node:process";
import { type JsonEvent, jsonLine } from "../connect/json-events.js";
import type { Difference } from "./comparison.js";
import { describeDifference } from "./difference-view.js";
import type { MessageData, Role, Scene } from "./scene.js";

/** Differences that are shown; `--json` has them all. */
const mostShown = 20;

/** Tells on stdout what happens, for people or for programs. */
export class Report {
  readonly #isJson: boolean;

  constructor(isJson: boolean) {
    this.#isJson = isJson;
  }

  /** The first line of a replay that waits for a client. */
  listening(url: string): void {
    if (this.#isJson) this.#event({ event: "listening", url });
    else this.#line(url);
  }

  opened(peer: string, { steps, role }: Scene): void {
    const own = steps.filter(({ isOwn }) => isOwn).length;
    const expected = steps.length - own;
    if (this.#isJson) this.#event({ event: "open", peer, played: role, messages: own, expected });
    else this.#line(`playing the ${role}'s side to ${peer}: ${count(own)}, and ${expected} expected`);
  }

  result(differences: readonly Difference[], role: Role, expected: number): void {
    if (this.#isJson) {
      for (const difference of differences) this.#event(jsonOf(difference));
      this.#event({
        event: "result",
        same: differences.length === 0,
        differences: differences.length,
        expected,
      });
      return;
    }
    for (const difference of differences.slice(0, mostShown)) {
      for (const line of describeDifference(difference, role)) this.#line(line);
    }
    const rest = differences.length - mostShown;
    if (rest > 0) this.#line(`… and ${rest} differences more, which --json shows`);
    if (differences.length === 0) this.#line(`the same as recorded: ${count(expected)}`);
  }

  #event(event: JsonEvent): void {
    this.#line(jsonLine(event, process.stdout.isTTY === true));
  }

  #line(line: string): void {
    process.stdout.write(`${line}\n`);
  }
}

function jsonOf(difference: Difference): JsonEvent {
  if (difference.kind === "end") {
    const { expected, got } = difference;
    return { event: "difference", kind: "end", expected: expected ?? null, got: got ?? null };
  }
  const { kind, number } = difference;
  return {
    event: "difference",
    kind,
    number,
    ...("expected" in difference ? { expected: contentOf(difference.expected) } : {}),
    ...("got" in difference ? { got: contentOf(difference.got) } : {}),
  };
}

function contentOf(data: MessageData): object {
  return typeof data === "string" ? { data } : { base64: Buffer.from(data).toString("base64") };
}

export function count(messages: number): string {
  return `${messages} ${messages === 1 ? "message" : "messages"}`;
}
