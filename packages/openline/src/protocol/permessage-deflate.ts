import type { Extension, ExtensionParameter } from "./extension-header.js";

/** The extension's name in headers. [7692] 7 */
export const extensionName = "permessage-deflate";

/** How permessage-deflate is to be used. */
export interface PerMessageDeflateOptions {
  /** The server forgets its window after each message: costs compression, saves the client memory. Default false. */
  readonly serverNoContextTakeover?: boolean;
  /** The client forgets its window after each message. Default false. */
  readonly clientNoContextTakeover?: boolean;
  /** Largest window of the server, as a power of two from 8 to 15. Default 15. */
  readonly serverMaxWindowBits?: number;
  /** Largest window of the client, as a power of two from 8 to 15. Default 15. */
  readonly clientMaxWindowBits?: number;
  /** Messages of fewer bytes go out uncompressed. Default 128. */
  readonly threshold?: number;
  /** zlib's level, 0 (none) to 9 (best). Default 6. */
  readonly level?: number;
  /** zlib's memory level, 1 to 9. Default 8. */
  readonly memLevel?: number;
}

/** What the handshake has agreed on. [7692] 7.1 */
export interface AgreedDeflate {
  readonly serverNoContextTakeover: boolean;
  readonly clientNoContextTakeover: boolean;
  readonly serverMaxWindowBits: number;
  readonly clientMaxWindowBits: number;
}

/** The parameters of one offer or answer; `true` where client_max_window_bits stands without a value. */
interface Parameters {
  serverNoContextTakeover?: true;
  clientNoContextTakeover?: true;
  serverMaxWindowBits?: number;
  clientMaxWindowBits?: number | true;
}

const largestWindowBits = 15;
const windowBits = /^(?:[89]|1[0-5])$/;

/** The client's offer. It always lets the server limit the client's window. [7692] 7.1 */
export function buildOffer(options: PerMessageDeflateOptions): Extension {
  return toExtension({
    ...(options.serverNoContextTakeover === true && { serverNoContextTakeover: true }),
    ...(options.clientNoContextTakeover === true && { clientNoContextTakeover: true }),
    ...(options.serverMaxWindowBits !== undefined && { serverMaxWindowBits: options.serverMaxWindowBits }),
    clientMaxWindowBits: options.clientMaxWindowBits ?? true,
  });
}

/** Answers the first of the client's offers that the server can take. [7692] 5, 7.1 */
export function acceptOffer(
  offers: readonly Extension[],
  options: PerMessageDeflateOptions,
): { answer: Extension; agreed: AgreedDeflate } | undefined {
  for (const offer of offers) {
    if (offer.name !== extensionName) continue;
    const offered = readParameters(offer.parameters);
    // An offer that can't be understood is declined, the next may do.
    if (typeof offered === "string") continue;
    const answer: Parameters = {};
    if (offered.serverNoContextTakeover || options.serverNoContextTakeover)
      answer.serverNoContextTakeover = true;
    if (offered.clientNoContextTakeover || options.clientNoContextTakeover)
      answer.clientNoContextTakeover = true;
    const server = Math.min(
      offered.serverMaxWindowBits ?? largestWindowBits,
      options.serverMaxWindowBits ?? largestWindowBits,
    );
    if (offered.serverMaxWindowBits !== undefined || server < largestWindowBits)
      answer.serverMaxWindowBits = server;
    if (offered.clientMaxWindowBits !== undefined) {
      const most = offered.clientMaxWindowBits === true ? largestWindowBits : offered.clientMaxWindowBits;
      const client = Math.min(most, options.clientMaxWindowBits ?? largestWindowBits);
      if (client < largestWindowBits) answer.clientMaxWindowBits = client;
    }
    return { answer: toExtension(answer), agreed: toAgreed(answer) };
  }
  return undefined;
}

/** Checks the server's answer to our offer; a text says what is wrong with it. [7692] 7.1 */
export function checkAnswer(answer: Extension, options: PerMessageDeflateOptions): AgreedDeflate | string {
  const answered = readParameters(answer.parameters);
  if (typeof answered === "string") return answered;
  const { serverMaxWindowBits, clientMaxWindowBits } = answered;
  if (options.serverNoContextTakeover === true && answered.serverNoContextTakeover === undefined) {
    return "the answer lacks server_no_context_takeover, which was asked for";
  }
  if (options.serverMaxWindowBits !== undefined) {
    if (serverMaxWindowBits === undefined)
      return "the answer lacks server_max_window_bits, which was asked for";
    if (serverMaxWindowBits > options.serverMaxWindowBits) {
      return `server_max_window_bits=${serverMaxWindowBits} is more than the ${options.serverMaxWindowBits} offered`;
    }
  }
  if (clientMaxWindowBits === true) return "client_max_window_bits has no value";
  if (
    clientMaxWindowBits !== undefined &&
    clientMaxWindowBits > (options.clientMaxWindowBits ?? largestWindowBits)
  ) {
    return `client_max_window_bits=${clientMaxWindowBits} is more than the ${options.clientMaxWindowBits} offered`;
  }
  const agreed = toAgreed(answered);
  return {
    ...agreed,
    // What we announced of ourselves holds, even where the answer doesn't repeat it.
    clientNoContextTakeover: agreed.clientNoContextTakeover || options.clientNoContextTakeover === true,
    clientMaxWindowBits: Math.min(
      agreed.clientMaxWindowBits,
      options.clientMaxWindowBits ?? largestWindowBits,
    ),
  };
}

function toAgreed(parameters: Parameters): AgreedDeflate {
  const client = parameters.clientMaxWindowBits;
  return {
    serverNoContextTakeover: parameters.serverNoContextTakeover === true,
    clientNoContextTakeover: parameters.clientNoContextTakeover === true,
    serverMaxWindowBits: parameters.serverMaxWindowBits ?? largestWindowBits,
    clientMaxWindowBits: client === undefined || client === true ? largestWindowBits : client,
  };
}

/** Reads the parameters of an offer or answer; a text says what is wrong with them. */
function readParameters(parameters: readonly ExtensionParameter[]): Parameters | string {
  const read: Parameters = {};
  const seen = new Set<string>();
  for (const { name, value } of parameters) {
    if (seen.has(name)) return `${name} is repeated`;
    seen.add(name);
    if (name === "server_no_context_takeover" || name === "client_no_context_takeover") {
      if (value !== undefined) return `${name} has the value ${value}, but takes none`;
      if (name === "server_no_context_takeover") read.serverNoContextTakeover = true;
      else read.clientNoContextTakeover = true;
    } else if (name === "server_max_window_bits" || name === "client_max_window_bits") {
      if (value === undefined && name === "client_max_window_bits") {
        read.clientMaxWindowBits = true;
        continue;
      }
      if (value === undefined || !windowBits.test(value)) {
        return `${name} is ${value ?? "without a value"}, but must be a number from 8 to 15`;
      }
      if (name === "server_max_window_bits") read.serverMaxWindowBits = Number(value);
      else read.clientMaxWindowBits = Number(value);
    } else {
      return `${name} is not a parameter of ${extensionName}`;
    }
  }
  return read;
}

function toExtension(parameters: Parameters): Extension {
  const list: ExtensionParameter[] = [];
  if (parameters.serverNoContextTakeover) list.push({ name: "server_no_context_takeover" });
  if (parameters.clientNoContextTakeover) list.push({ name: "client_no_context_takeover" });
  if (parameters.serverMaxWindowBits !== undefined) {
    list.push({ name: "server_max_window_bits", value: String(parameters.serverMaxWindowBits) });
  }
  if (parameters.clientMaxWindowBits === true) list.push({ name: "client_max_window_bits" });
  else if (parameters.clientMaxWindowBits !== undefined) {
    list.push({ name: "client_max_window_bits", value: String(parameters.clientMaxWindowBits) });
  }
  return { name: extensionName, parameters: list };
}
