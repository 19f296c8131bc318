import type { DialRequest } from "./control-protocol.js";

/** Where a line is to lead, and what it adds to the requests. */
export interface LineTarget {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/**
 * What the page has asked for, as a line takes it. A user name and a password in the URL become a header: so no object
 * and no report has them.
 * @throws DOMException SyntaxError for a URL that `new WebSocket` would refuse.
 */
export function readTarget({ url: text, headers }: Pick<DialRequest, "url" | "headers">): LineTarget {
  if (!URL.canParse(text)) refuse("isn't valid");
  const url = new URL(text);
  if (url.protocol === "http:") url.protocol = "ws:";
  if (url.protocol === "https:") url.protocol = "wss:";
  if (url.protocol !== "ws:" && url.protocol !== "wss:") {
    refuse(`has the scheme ${JSON.stringify(url.protocol)}, but must have ws: or wss:`);
  }
  if (text.includes("#")) refuse("has a fragment");
  const { username, password } = url;
  url.username = url.password = "";
  const isChosen = headers.some(([name]) => name.toLowerCase() === "authorization");
  if ((username === "" && password === "") || isChosen) return { url: url.href, headers };
  return { url: url.href, headers: [...headers, ["Authorization", basic(username, password)]] };
}

function refuse(why: string): never {
  // Not which one: it may hold a password.
  throw new DOMException(`The URL ${why}`, "SyntaxError");
}

/** @param username as it stands in a URL, and so the password. */
function basic(username: string, password: string): string {
  const credentials = [username, password].map(decoded).join(":");
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
