/** What our objects can do that a browser's can't, for functions that take either. Imports nothing: it runs anywhere. */
export interface LineControl {
  /** Stops reading until every holder has let go. */
  holdReading(holder: object): void;
  releaseReading(holder: object): void;
  /** Calls back each time the network has taken bytes, so that `bufferedAmount` has fallen. Gives what ends that. */
  onTaken(callback: () => void): () => void;
}

let find: (object: object) => LineControl | undefined = () => undefined;

/** `undefined` for objects of another implementation. */
export function lineControlOf(object: object): LineControl | undefined {
  return find(object);
}

export function provideLineControl(finder: (object: object) => LineControl | undefined): void {
  find = finder;
}
