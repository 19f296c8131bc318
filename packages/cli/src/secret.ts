import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 192 bits that nobody guesses, fit for a path. */
export function newSecret(): string {
  return randomBytes(24).toString("base64url");
}

/** Takes as long for a wrong secret as for the right one, wherever they differ. */
export function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}
