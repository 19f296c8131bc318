import type { Page } from "./environment.js";

/**
 * Listens to what a page learns of the network, and of itself.
 * @param signal ends it.
 * @param offline there is no network, says the browser.
 * @param left the page may go to the back-forward cache: most browsers keep none that has an open connection.
 * @param back there is a network again, or somebody looks at the page again.
 */
export function watchPage(
  page: Page,
  signal: AbortSignal,
  offline: () => void,
  left: () => void,
  back: () => void,
): void {
  const listen = (type: string, listener: (event: Event & { readonly persisted?: boolean }) => void) =>
    page.addEventListener?.(type, listener, { signal });
  listen("offline", offline);
  listen("online", back);
  listen("pagehide", ({ persisted }) => persisted && left());
  listen("pageshow", ({ persisted }) => persisted && back());
  listen("visibilitychange", () => page.document?.visibilityState === "visible" && back());
}
