import type { Fault, FaultDirection } from "./control-protocol.js";

// The language of fault scripts: one step a line. No Node module here: the page checks a script while it is written.

/** One line of a script that does something. `wait` is in milliseconds. */
export type ScriptStep = { readonly line: number } & ({ readonly wait: number } | { readonly fault: Fault });

/** What is wrong with a line, which counts from 1. */
export interface ScriptProblem {
  readonly line: number;
  readonly message: string;
}

export type ParsedScript =
  | { readonly steps: readonly ScriptStep[] }
  | { readonly problems: readonly ScriptProblem[] };

/** What a command takes, and what it does. */
interface ScriptCommand {
  /** As help shows it. */
  readonly usage: string;
  readonly about: string;
  read(words: Words): { readonly wait: number } | { readonly fault: Fault };
}

/** The commands by name. */
export const scriptCommands: Readonly<Record<string, ScriptCommand>> = {
  wait: {
    usage: "wait MILLISECONDS",
    about: "goes on after a while",
    read: (words) => ({ wait: words.number("milliseconds", 0, 3_600_000) }),
  },
  delay: {
    usage: "delay MILLISECONDS [to-server|to-client]",
    about: "each byte takes so much longer",
    read: (words) => ({
      fault: {
        kind: "delay",
        milliseconds: words.number("milliseconds", 0, 3_600_000),
        direction: words.direction(),
      },
    }),
  },
  throttle: {
    usage: "throttle BYTES|off [to-server|to-client]",
    about: "so many bytes a second pass",
    read: (words) => ({
      fault: {
        kind: "throttle",
        bytesPerSecond: words.take("off") ? null : words.number("bytes a second", 1, 1_000_000_000),
        direction: words.direction(),
      },
    }),
  },
  hold: {
    usage: "hold [to-server|to-client]",
    about: "nothing passes, and nobody is told: a half-open connection",
    read: (words) => ({ fault: { kind: "hold", direction: words.direction() } }),
  },
  release: {
    usage: "release [to-server|to-client]",
    about: "what was held passes",
    read: (words) => ({ fault: { kind: "release", direction: words.direction() } }),
  },
  cut: plain("cut", "ends the connections without a closing handshake"),
  reset: plain("reset", "resets the connections"),
  "cut-inside-frame": plain("cut-inside-frame", "cuts them in the midst of the next frame"),
  "drop-handshakes": plain("drop-handshakes", "new connections are never answered"),
  answer: {
    usage: "answer STATUS",
    about: "new connections get this HTTP status in the server's place",
    read: (words) => ({ fault: { kind: "answer", status: words.number("a status", 200, 599) } }),
  },
  restart: restart("restart", false, "the embedded server goes away, tells its clients, and comes back"),
  crash: restart("crash", true, "the embedded server resets its clients, and comes back"),
  heal: plain("heal", "ends all faults"),
};

/** Reads a script: empty lines and what follows a # mean nothing. */
export function parseFaultScript(script: string): ParsedScript {
  const steps: ScriptStep[] = [];
  const problems: ScriptProblem[] = [];
  for (const [index, text] of script.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1;
    const words = new Words(text.replace(/#.*/s, ""));
    const name = words.next();
    if (name === undefined) continue;
    try {
      const command = Object.hasOwn(scriptCommands, name) ? scriptCommands[name] : undefined;
      if (command === undefined) {
        throw new ScriptError(`no command ${quoted(name)}: ${Object.keys(scriptCommands).join(", ")}`);
      }
      const step = command.read(words);
      words.end(command.usage);
      steps.push({ line, ...step });
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      problems.push({ line, message: error.message });
    }
  }
  return problems.length > 0 ? { problems } : { steps };
}

/** A fault that takes nothing more. */
type PlainKind = "cut" | "reset" | "cut-inside-frame" | "drop-handshakes" | "heal";

function plain(kind: PlainKind, about: string): ScriptCommand {
  return { usage: kind, about, read: () => ({ fault: { kind } }) };
}

function restart(name: string, crash: boolean, about: string): ScriptCommand {
  return {
    usage: `${name} MILLISECONDS`,
    about,
    read: (words) => ({
      fault: { kind: "restart-server", crash, downFor: words.number("milliseconds", 0, 3_600_000) },
    }),
  };
}

class ScriptError extends Error {}

/** The words of one line, taken one after the other. */
class Words {
  readonly #words: string[];

  constructor(text: string) {
    this.#words = text.split(/\s+/).filter((word) => word !== "");
  }

  next(): string | undefined {
    return this.#words.shift();
  }

  /** Takes the next word if it is this one. */
  take(word: string): boolean {
    if (this.#words[0] !== word) return false;
    this.#words.shift();
    return true;
  }

  number(what: string, from: number, to: number): number {
    const word = this.next();
    if (word === undefined) throw new ScriptError(`${what} missing: a whole number from ${from} to ${to}`);
    const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    if (!(value >= from && value <= to)) {
      throw new ScriptError(`${quoted(word)} should be ${what}: a whole number from ${from} to ${to}`);
    }
    return value;
  }

  direction(): FaultDirection {
    if (this.take("to-server")) return "to-server";
    if (this.take("to-client")) return "to-client";
    this.take("both");
    return "both";
  }

  end(usage: string): void {
    const word = this.next();
    if (word !== undefined) throw new ScriptError(`${quoted(word)} is too much: ${usage}`);
  }
}

function quoted(word: string): string {
  return JSON.stringify(word.length > 40 ? `${word.slice(0, 40)}…` : word);
}
