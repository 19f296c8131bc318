/**
 * Puts a class of events that we fire between its instances and the platform's class, so that these are instances of
 * the platform's.
 */
export function standFor(
  fired: { readonly prototype: Event },
  platform: { readonly prototype: Event; readonly name: string },
): void {
  Object.setPrototypeOf(fired.prototype, platform.prototype);
  Object.defineProperty(fired.prototype, "constructor", { value: platform });
  // Node 20's MessageEvent has no tag of its own.
  Object.defineProperty(fired.prototype, Symbol.toStringTag, { value: platform.name, configurable: true });
}
