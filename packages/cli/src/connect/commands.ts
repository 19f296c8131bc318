import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { whyUnreadable } from "../connection-target.js";
import { readHex } from "../terminal/hex-view.js";
import { jsonMistake } from "../terminal/json-layout.js";

/** What the commands of the line editor act on. */
export interface Talk {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  ping(data: string | undefined): void;
  close(code: number, reason: string): void;
  showState(): void;
  /** Turns the layout of JSON on or off. */
  toggleJson(): void;
  showHelp(lines: readonly string[]): void;
}

/** What was typed can't be done. */
export class Mistake extends Error {}

interface Command {
  readonly argument: string;
  readonly help: string;
  run(talk: Talk, argument: string): void;
}

const commands: Readonly<Record<string, Command>> = {
  close: {
    argument: "[CODE [REASON]]",
    help: "close the connection; CODE is 1000 (the default), or 3000 to 4999",
    run(talk, argument) {
      const [, code, reason = ""] = /^(\d*)(?:\s+(.*))?$/s.exec(argument) ?? [];
      if (code === undefined) throw new Mistake(`/close ${argument}: expected a code, and then a reason`);
      talk.close(code === "" ? 1000 : Number(code), reason);
    },
  },
  ping: {
    argument: "[TEXT]",
    help: "send a ping, and show how long its pong takes",
    run: (talk, argument) => talk.ping(argument === "" ? undefined : argument),
  },
  binary: {
    argument: "HEX|@FILE",
    help: "send bytes: pairs of hex digits, or a file's",
    run: (talk, argument) => talk.send(bytesOf(argument)),
  },
  json: {
    argument: "[JSON]",
    help: "send JSON if it is right; without it, turn the layout of received JSON on or off",
    run(talk, argument) {
      if (argument === "") {
        talk.toggleJson();
        return;
      }
      const mistake = jsonMistake(argument);
      if (mistake !== undefined) throw new Mistake(`/json: not sent: ${mistake}`);
      talk.send(argument);
    },
  },
  state: { argument: "", help: "show the object and its connection", run: (talk) => talk.showState() },
  help: { argument: "", help: "show this", run: (talk) => talk.showHelp(helpLines()) },
};

/** Does what a line says: a command, or else a text to send. @throws Mistake. */
export function runLine(talk: Talk, line: string): void {
  if (!line.startsWith("/")) {
    talk.send(line);
    return;
  }
  if (line.startsWith("//")) {
    talk.send(line.slice(1));
    return;
  }
  const [, name = "", argument = ""] = /^\/(\S*)\s*(.*)$/s.exec(line.trimEnd()) ?? [];
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    throw new Mistake(
      `/${name}: there is no such command; /help lists them, // sends a text that begins with /`,
    );
  }
  if (command.argument === "" && argument !== "") throw new Mistake(`/${name} takes no argument`);
  command.run(talk, argument);
}

/** What may stand in place of the end of a line, and that end. */
export function complete(line: string): [hits: string[], end: string] {
  const [, file] = /^\/binary\s+@(.*)$/.exec(line) ?? [];
  if (file !== undefined) return [filesLike(file), file];
  if (line.startsWith("/") && !line.includes(" ")) {
    const names = Object.entries(commands).map(
      ([name, { argument }]) => `/${name}${argument === "" ? "" : " "}`,
    );
    return [names.filter((name) => name.startsWith(line)), line];
  }
  // In a text, Tab is a character.
  return [["\t"], ""];
}

function filesLike(start: string): string[] {
  const folder = start.endsWith("/") ? start : dirname(start);
  const name = start.endsWith("/") ? "" : basename(start);
  try {
    return readdirSync(folder === "" ? "." : folder, { withFileTypes: true })
      .filter((entry) => entry.name.startsWith(name) && (name !== "" || !entry.name.startsWith(".")))
      .map((entry) => {
        const path = start.includes("/") ? join(folder, entry.name) : entry.name;
        return entry.isDirectory() ? `${path}/` : path;
      });
  } catch {
    return [];
  }
}

function helpLines(): string[] {
  const rows = Object.entries(commands).map(([name, { argument, help }]) => [`/${name} ${argument}`, help]);
  rows.push(["//TEXT", "send a text that begins with /"], ["Ctrl-C, Ctrl-D", "close with 1000 and end"]);
  const width = Math.max(...rows.map(([usage = ""]) => usage.length));
  return rows.map(([usage = "", help = ""]) => `${usage.padEnd(width)}  ${help}`);
}

function bytesOf(argument: string): Uint8Array<ArrayBuffer> {
  if (argument.startsWith("@")) {
    const path = argument.slice(1);
    try {
      return Uint8Array.from(readFileSync(path));
    } catch (error) {
      throw new Mistake(`/binary @${path}: can't be read (${whyUnreadable(error)})`);
    }
  }
  const bytes = argument === "" ? undefined : readHex(argument);
  if (bytes !== undefined) return bytes;
  throw new Mistake(`/binary ${argument}: expected pairs of hex digits, or @FILE`);
}
