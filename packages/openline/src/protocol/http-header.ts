/** An HTTP token. [6455] 4.1 refers to RFC 2616 2.2, now RFC 9110 5.6.2 */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export function isToken(text: string): boolean {
  return token.test(text);
}

/** Whether a comma-separated header value has `expected` (in lower case) among its tokens, in any case. */
export function hasToken(value: string | undefined, expected: string): boolean {
  return value?.split(",").some((item) => item.trim().toLowerCase() === expected) ?? false;
}
