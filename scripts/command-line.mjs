import process from "node:process";
import { parseArgs } from "node:util";

/**
 * Reads the options of a script; what is wrong with them ends the process with 2 and says so.
 * @param {Record<string, readonly string[]>} choices the values that each option may have
 * @returns {Record<string, readonly string[]>} the values chosen, all where the option is not given
 */
export function readChoices(command, choices) {
  const options = Object.fromEntries(
    Object.keys(choices).map((name) => [name, { type: "string", multiple: true }]),
  );
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: "boolean" } } });
    if (values.help) {
      process.stdout.write(`${usage(command, choices)}\n`);
      process.exit(0);
    }
    return Object.fromEntries(
      Object.entries(choices).map(([name, known]) => [name, chosen(name, values[name], known)]),
    );
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage(command, choices)}\n`);
    process.exit(2);
  }
}

function chosen(option, values, known) {
  if (values === undefined) return known;
  const names = values.flatMap((value) => value.split(","));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`--${option} ${JSON.stringify(unknown)}: there is ${known.join(", ")}`);
  return known.filter((name) => names.includes(name));
}

function usage(command, choices) {
  const lines = Object.entries(choices).map(
    ([name, known]) => `  --${name} NAME[,NAME…]   of ${known.join(", ")}`,
  );
  return [`Usage: ${command} [-- OPTIONS]`, ...lines].join("\n");
}
