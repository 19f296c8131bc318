import { type ReadonlySignal, signal } from "@preact/signals";

/** Counts changes of something that lies outside of the signals, at most once a frame however many there are. */
export class FrameSignal {
  readonly #version = signal(0);
  #isPending = false;

  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  /** Says that something has changed. */
  touch(): void {
    if (this.#isPending) return;
    this.#isPending = true;
    requestAnimationFrame(() => {
      this.#isPending = false;
      this.#version.value++;
    });
  }
}
