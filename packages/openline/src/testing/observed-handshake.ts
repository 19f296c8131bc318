import { ConnectionError } from "../protocol/connection-error.js";
import { type Extension, parseExtensions } from "../protocol/extension-header.js";
import { type HandshakeHeaders, headerValue } from "../protocol/opening-handshake.js";
import { checkResponse } from "../protocol/opening-handshake-client.js";
import {
  type AgreedDeflate,
  checkAnswer,
  extensionName,
  type PerMessageDeflateOptions,
} from "../protocol/permessage-deflate.js";
import { parseSubprotocols } from "../protocol/subprotocol.js";
import type { ObservedHeaders } from "./observed-event.js";

/** What a client of the standard finds wrong with the answer to its request. */
export function refusalOf(
  status: number,
  answer: ObservedHeaders,
  request: ObservedHeaders,
): string | undefined {
  const protocols = headerOf(request, "sec-websocket-protocol");
  try {
    checkResponse(status, toRecord(answer), headerOf(request, "sec-websocket-key") ?? "", {
      subprotocols: [...(parseSubprotocols(protocols ?? "") ?? [])],
      perMessageDeflate: offerOf(request) ?? false,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ConnectionError) return error.message;
    throw error;
  }
}

/** How permessage-deflate is used, so far as the answer can be understood. */
export function deflateOf(answer: ObservedHeaders, request: ObservedHeaders): AgreedDeflate | undefined {
  const extension = deflateIn(answer)[0];
  if (extension === undefined) return undefined;
  const agreed = checkAnswer(extension, offerOf(request) ?? {});
  return typeof agreed === "string" ? undefined : agreed;
}

/** What the client has asked for; of several offers nobody knows which was meant. */
function offerOf(request: ObservedHeaders): PerMessageDeflateOptions | undefined {
  const [offer, ...others] = deflateIn(request);
  if (offer === undefined) return undefined;
  if (others.length > 0) return {};
  const values = new Map(offer.parameters.map(({ name, value }) => [name, value ?? true] as const));
  const server = Number(values.get("server_max_window_bits"));
  const client = values.get("client_max_window_bits");
  return {
    serverNoContextTakeover: values.has("server_no_context_takeover"),
    clientNoContextTakeover: values.has("client_no_context_takeover"),
    ...(values.has("server_max_window_bits") ? { serverMaxWindowBits: server } : {}),
    ...(typeof client === "string" ? { clientMaxWindowBits: Number(client) } : {}),
  };
}

function deflateIn(headers: ObservedHeaders): Extension[] {
  const value = headerOf(headers, "sec-websocket-extensions");
  return (value === undefined ? [] : (parseExtensions(value) ?? [])).filter(
    ({ name }) => name === extensionName,
  );
}

function headerOf(headers: ObservedHeaders, name: string): string | undefined {
  return headerValue(toRecord(headers), name);
}

function toRecord(headers: ObservedHeaders): HandshakeHeaders {
  const values = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    values.set(key, [...(values.get(key) ?? []), value]);
  }
  return Object.fromEntries(values);
}
