/** The properties under which an `EventTarget` of Node's keeps its listeners. */
interface TableProperties {
  /** Holds a map by type, or nothing yet. */
  readonly listeners: symbol;
  /** Holds a map of the handlers that Node's own classes have, in Node 20 and 22. */
  readonly others: readonly symbol[];
}

/** Finds them by what they hold, since they have no public names; `undefined` where there are none such. */
function findTableProperties(): TableProperties | undefined {
  const probe = new EventTarget();
  const others = ownMaps(probe).filter(([, map]) => map.size === 0);
  probe.addEventListener("probe", () => {});
  const [found, ambiguous] = ownMaps(probe).filter(([, map]) => map.has("probe"));
  if (found === undefined || ambiguous !== undefined) return undefined;
  const [listeners] = found;
  return {
    listeners,
    others: others.map(([property]) => property).filter((property) => property !== listeners),
  };
}

/** Node's maps are no instances of `Map`: their prototype is out of a program's reach. */
function ownMaps(object: object): [property: symbol, map: Map<unknown, unknown>][] {
  return Object.getOwnPropertySymbols(object).flatMap((property) => {
    const value: unknown = Reflect.get(object, property);
    return typeof value === "object" && value !== null && "has" in value && "size" in value
      ? [[property, value as Map<unknown, unknown>]]
      : [];
  });
}

const tableProperties = findTableProperties();

/**
 * Stands for the map in which Node keeps an object's listeners: tells when it is looked at, and makes the real map only
 * when a listener is added. Node 20 and 22 make two for each `EventTarget`, which is 370 bytes a connection.
 */
export abstract class ListenerTable {
  #map: Map<string, unknown> | undefined;

  /** Puts the table into `object`; does nothing where Node keeps its listeners in another way. */
  constructor(object: EventTarget) {
    if (tableProperties === undefined) return;
    const state = object as unknown as Record<symbol, unknown>;
    state[tableProperties.listeners] = this;
    for (const other of tableProperties.others) state[other] = undefined;
  }

  /** Whether tables are used at all. */
  static readonly inUse: boolean = tableProperties !== undefined;

  /** Node is about to look at the listeners of a type. */
  protected abstract beforeLookup(type: string): void;

  /** Whether there are listeners of this type, without telling of the look. */
  includes(type: string): boolean {
    return this.#map?.has(type) ?? false;
  }

  // What a map has.

  get(type: string): unknown {
    this.beforeLookup(type);
    return this.#map?.get(type);
  }

  has(type: string): boolean {
    return this.get(type) !== undefined;
  }

  set(type: string, listeners: unknown): this {
    this.#map ??= new Map();
    this.#map.set(type, listeners);
    return this;
  }

  delete(type: string): boolean {
    return this.#map?.delete(type) ?? false;
  }

  clear(): void {
    this.#map?.clear();
  }

  get size(): number {
    return this.#map?.size ?? 0;
  }

  keys(): IterableIterator<string> {
    return (this.#map ?? new Map()).keys();
  }

  values(): IterableIterator<unknown> {
    return (this.#map ?? new Map()).values();
  }

  entries(): IterableIterator<[string, unknown]> {
    return (this.#map ?? new Map()).entries();
  }

  [Symbol.iterator](): IterableIterator<[string, unknown]> {
    return this.entries();
  }

  forEach(callback: (listeners: unknown, type: string) => void): void {
    this.#map?.forEach(callback);
  }
}
