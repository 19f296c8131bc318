/** Named points in a script that others may wait for, before or after they are reached. */
export class Steps {
  readonly #reached = new Map<string, PromiseWithResolver>();

  reach(step: string): void {
    this.#step(step).resolve();
  }

  wait(step: string): Promise<void> {
    return this.#step(step).promise;
  }

  #step(step: string): PromiseWithResolver {
    const known = this.#reached.get(step);
    if (known) return known;
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    const fresh = { promise, resolve };
    this.#reached.set(step, fresh);
    return fresh;
  }
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}
