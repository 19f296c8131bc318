import { signal } from "@preact/signals";

const announcement = signal("");

/** Has a screen reader say something in its own time. */
export function announce(text: string): void {
  announcement.value = text;
}

export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {announcement.value}
    </div>
  );
}
