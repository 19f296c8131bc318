import { constants } from "node:buffer";
import type { PerMessageDeflateOptions } from "../protocol/permessage-deflate.js";
import { checkBoolean, checkInteger, checkNames, type Given, refuseOption } from "./option-checks.js";

/** Limits and times of one connection, the same for both roles. */
export interface ConnectionSettings {
  /** Compression of messages. `false` turns it off; an object sets how. Default `{}`. [7692] */
  readonly perMessageDeflate: PerMessageDeflateOptions | false;
  /** Most bytes of one received message, after inflation. Default 104,857,600 (100 MiB). */
  readonly maxPayload: number;
  /** Most frames of one received message. Default 131,072. */
  readonly maxFragments: number;
  /** Milliseconds for the closing handshake before the connection is cut. Default 10,000. */
  readonly closeTimeout: number;
}

export const connectionOptionNames = [
  "perMessageDeflate",
  "maxPayload",
  "maxFragments",
  "closeTimeout",
] as const;

const deflateOptionNames = [
  "serverNoContextTakeover",
  "clientNoContextTakeover",
  "serverMaxWindowBits",
  "clientMaxWindowBits",
  "threshold",
  "level",
  "memLevel",
] as const;

const defaultMaxPayload = 100 * 1024 * 1024;
const defaultMaxFragments = 131_072;
const defaultCloseTimeout = 10_000;

/** The longest delay that Node's timers take. */
export const maxDelay = 2 ** 31 - 1;

/** @throws TypeError that names the option, the value and what was expected. */
export function readConnectionSettings(options: Given): ConnectionSettings {
  return shared({
    perMessageDeflate: readPerMessageDeflate(options),
    maxPayload: checkInteger(options, "maxPayload", 0, constants.MAX_LENGTH) ?? defaultMaxPayload,
    maxFragments: checkInteger(options, "maxFragments", 1, Number.MAX_SAFE_INTEGER) ?? defaultMaxFragments,
    closeTimeout: checkInteger(options, "closeTimeout", 0, maxDelay) ?? defaultCloseTimeout,
  });
}

let latest: ConnectionSettings | undefined;

/** The connections of a program mostly have the same settings, and then share the object. */
function shared(settings: ConnectionSettings): ConnectionSettings {
  const isSame =
    latest !== undefined &&
    latest.perMessageDeflate === settings.perMessageDeflate &&
    latest.maxPayload === settings.maxPayload &&
    latest.maxFragments === settings.maxFragments &&
    latest.closeTimeout === settings.closeTimeout;
  if (!isSame) latest = settings;
  return latest ?? settings;
}

const defaultDeflate: PerMessageDeflateOptions = {};

function readPerMessageDeflate(options: Given): PerMessageDeflateOptions | false {
  const value = options["perMessageDeflate"];
  if (value === undefined || value === true) return defaultDeflate;
  if (value === false) return false;
  if (typeof value !== "object" || value === null) {
    return refuseOption("perMessageDeflate", value, "false or an object");
  }
  const given = checkNames(value, deflateOptionNames, "perMessageDeflate");
  const settings = {
    serverNoContextTakeover: checkBoolean(given, "serverNoContextTakeover"),
    clientNoContextTakeover: checkBoolean(given, "clientNoContextTakeover"),
    serverMaxWindowBits: checkInteger(given, "serverMaxWindowBits", 8, 15),
    clientMaxWindowBits: checkInteger(given, "clientMaxWindowBits", 8, 15),
    threshold: checkInteger(given, "threshold", 0, Number.MAX_SAFE_INTEGER),
    level: checkInteger(given, "level", 0, 9),
    memLevel: checkInteger(given, "memLevel", 1, 9),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, setting]) => setting !== undefined));
}
