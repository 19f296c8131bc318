// What the reader chose, kept from one visit to the next; never what was typed, which may hold secrets.

const prefix = "openline.";

export function recall(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(prefix + name, value);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
}
