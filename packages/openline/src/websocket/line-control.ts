/** What our objects can do that a browser's can't, for functions that take either. Imports nothing: it runs anywhere. */
export interface LineControl {
  /** How the connection ended, once the `close` event has been fired. */
  readonly ending: LineEnding | undefined;
  /** Stops reading until every holder has let go. */
  holdReading(holder: object): void;
  releaseReading(holder: object): void;
  /** Calls back each time the network has taken bytes, so that `bufferedAmount` has fallen. Gives what ends that. */
  onTaken(callback: () => void): () => void;
}

export interface LineEnding {
  readonly event: Event & { readonly code: number; readonly reason: string; readonly wasClean: boolean };
  /** What the `error` event before it carried. */
  readonly error: Error | undefined;
}

let find: (object: object) => LineControl | undefined = () => undefined;

/** `undefined` for objects of another implementation. */
export function lineControlOf(object: object): LineControl | undefined {
  return find(object);
}

export function provideLineControl(finder: (object: object) => LineControl | undefined): void {
  find = finder;
}
