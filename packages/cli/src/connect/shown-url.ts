import { hidden, maskUrl } from "../recording/masking.js";

/** A URL for people, without what may be a credential. */
export function shownUrl(url: string): string {
  return maskUrl(url).replaceAll("%28hidden%29", hidden);
}
