import { isUnixSocketUrl, splitUnixSocketUrl } from "../network/unix-socket-url.js";
import { shown, syntaxError } from "./exceptions.js";

/** Schemes that stand for a WebSocket's; Chromium and the standard map HTTP's. */
const schemes: Readonly<Record<string, string>> = {
  "ws:": "ws:",
  "wss:": "wss:",
  "http:": "ws:",
  "https:": "wss:",
  "ws+unix:": "ws+unix:",
  "wss+unix:": "wss+unix:",
};

/** The texts of a URL that its connection shows. */
export interface UrlTexts {
  readonly href: string;
  /** That of the messages, too. */
  readonly origin: string;
}

let latestTexts: UrlTexts = { href: "", origin: "" };

/** The texts of `url`, shared with the connection before where that went to the same: 100 bytes a connection. */
export function textsOf(url: URL): UrlTexts {
  const { href } = url;
  if (href !== latestTexts.href) latestTexts = { href, origin: url.origin };
  return latestTexts;
}

/** The URL that was parsed last: a program mostly opens all its connections to the same. */
let latest: { readonly text: string; readonly url: URL } | undefined;

/**
 * The URL that a connection is to be opened to; not to be changed. [WS] 3.1, the constructor's steps 1 to 6
 * @throws DOMException SyntaxError where it is no absolute URL, has another scheme or a fragment.
 */
export function parseUrl(text: string): URL {
  if (text !== latest?.text) latest = { text, url: parse(text) };
  return latest.url;
}

function parse(text: string): URL {
  if (!URL.canParse(text)) throw syntaxError(`The URL ${shownUrl(text)} is not a valid absolute URL`);
  const url = new URL(text);
  const scheme = schemes[url.protocol];
  if (scheme === undefined) {
    throw syntaxError(
      `The URL's scheme is "${url.protocol.slice(0, -1)}", but must be "ws", "wss", "http" or "https", or "ws+unix" or "wss+unix"`,
    );
  }
  if (url.protocol !== scheme) url.protocol = scheme;
  if (isUnixSocketUrl(url) && splitUnixSocketUrl(url) === undefined) {
    throw syntaxError(
      `The URL ${shownUrl(text)} names no Unix domain socket as "ws+unix:/path/to.sock:/resource" does`,
    );
  }
  // An empty fragment leaves `hash` empty, but not the text.
  if (url.href.includes("#")) throw syntaxError(`The URL ${shownUrl(url.href)} has a fragment`);
  return url;
}

/** A URL for a message, without the credentials it may hold. */
function shownUrl(text: string): string {
  return shown(text.replace(/^([a-z][a-z0-9+.-]*:[/\\]*)?.*@/is, "$1…@"));
}
