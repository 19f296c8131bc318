import { DeflateDecoder } from "./deflate-decoder.js";
import { DeflateEncoder } from "./deflate-encoder.js";

/** The four parameters of permessage-deflate, as two ends agree on them. [7692] 7.1 */
export interface DeflateParameters {
  readonly serverNoContextTakeover?: boolean;
  readonly clientNoContextTakeover?: boolean;
  readonly serverMaxWindowBits?: number;
  readonly clientMaxWindowBits?: number;
}

/** What the two ends agreed on, as the raw peer's own pair of contexts. */
export interface PeerCompression {
  readonly encoder: DeflateEncoder;
  readonly decoder: DeflateDecoder;
}

export function peerCompression(agreed: DeflateParameters, peerIsClient: boolean): PeerCompression {
  const client = [agreed.clientMaxWindowBits ?? 15, agreed.clientNoContextTakeover !== true] as const;
  const server = [agreed.serverMaxWindowBits ?? 15, agreed.serverNoContextTakeover !== true] as const;
  return {
    encoder: new DeflateEncoder(...(peerIsClient ? client : server)),
    decoder: new DeflateDecoder(...(peerIsClient ? server : client)),
  };
}

export function formatDeflate(parameters: DeflateParameters): string {
  const { serverMaxWindowBits, clientMaxWindowBits } = parameters;
  const parts = ["permessage-deflate"];
  if (parameters.serverNoContextTakeover === true) parts.push("server_no_context_takeover");
  if (parameters.clientNoContextTakeover === true) parts.push("client_no_context_takeover");
  if (serverMaxWindowBits !== undefined) parts.push(`server_max_window_bits=${serverMaxWindowBits}`);
  if (clientMaxWindowBits !== undefined) parts.push(`client_max_window_bits=${clientMaxWindowBits}`);
  return parts.join("; ");
}

/** Reads an answer: one extension with its parameters, no quotes, no list. */
export function parseDeflate(header: string): DeflateParameters {
  const [name, ...parameters] = header.split(";").map((part) => part.trim());
  if (name !== "permessage-deflate") throw new Error(`expected permessage-deflate, got: ${header}`);
  let parsed: DeflateParameters = {};
  for (const parameter of parameters) {
    const [key, value] = parameter.split("=").map((part) => part.trim());
    if (key === "server_no_context_takeover") parsed = { ...parsed, serverNoContextTakeover: true };
    else if (key === "client_no_context_takeover") parsed = { ...parsed, clientNoContextTakeover: true };
    else if (key === "server_max_window_bits") parsed = { ...parsed, serverMaxWindowBits: Number(value) };
    else if (key === "client_max_window_bits") parsed = { ...parsed, clientMaxWindowBits: Number(value) };
    else throw new Error(`unknown parameter in: ${header}`);
  }
  return parsed;
}
