import { isToken } from "./http-header.js";

/** The first of `subprotocols` that isn't a token or repeats an earlier one in any case. [6455] 4.1, 11.3.4 */
export function findInvalidSubprotocol(subprotocols: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (const subprotocol of subprotocols) {
    const folded = subprotocol.toLowerCase();
    if (!isToken(subprotocol) || seen.has(folded)) return subprotocol;
    seen.add(folded);
  }
  return undefined;
}

/**
 * Reads the `Sec-WebSocket-Protocol` header of a request; `undefined` where something else than different tokens
 * stands in it.
 * [6455] 11.3.4
 */
export function parseSubprotocols(value: string): Set<string> | undefined {
  const subprotocols = value.split(",").map((item) => item.trim());
  // An empty element says nothing: RFC 9110 5.6.1.
  const named = subprotocols.filter((item) => item !== "");
  const unique = new Set(named);
  return named.length > 0 && unique.size === named.length && named.every(isToken) ? unique : undefined;
}
