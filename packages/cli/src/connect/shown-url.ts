import { hidden, maskUrl } from "openline/tracing";

/** A URL for people, without what may be a credential. */
export function shownUrl(url: string): string {
  return maskUrl(url).replaceAll("%28hidden%29", hidden);
}
