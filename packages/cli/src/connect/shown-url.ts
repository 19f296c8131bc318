/** Names of query parameters that speak of credentials. */
const secretName = /auth|code|credential|jwt|key|pass|secret|session|sig|ticket|token/i;

/** A URL without user name, password and what its query names as a credential. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  url.username = "";
  url.password = "";
  for (const name of new Set(url.searchParams.keys())) {
    if (secretName.test(name)) url.searchParams.set(name, "(hidden)");
  }
  return url.href;
}
