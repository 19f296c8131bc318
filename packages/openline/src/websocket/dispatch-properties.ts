/** The properties under which Node's dispatch keeps its state on an event. */
export interface DispatchProperties {
  /** Holds the object that the event was dispatched to. */
  readonly target: symbol;
  /** Holds true during the dispatch. */
  readonly dispatching: symbol;
  /** Holds true once no further listener is to be called. */
  readonly stopped: symbol;
}

/**
 * Finds them by what they hold while an event is on its way, since they have no public names.
 * @returns undefined where a dispatch works in another way.
 */
export function findDispatchProperties(): DispatchProperties | undefined {
  const probe = new EventTarget();
  let found: DispatchProperties | undefined;
  probe.addEventListener("probe", (event) => {
    const state = event as unknown as Record<symbol, unknown>;
    const properties = () => Object.getOwnPropertySymbols(event);
    const [target] = properties().filter((property) => state[property] === probe);
    const [dispatching, ambiguous] = properties().filter((property) => state[property] === true);
    const known = new Set(properties());
    event.stopImmediatePropagation();
    const [stopped] = properties().filter((property) => !known.has(property) && state[property] === true);
    if (
      target !== undefined &&
      dispatching !== undefined &&
      stopped !== undefined &&
      ambiguous === undefined
    ) {
      found = { target, dispatching, stopped };
    }
  });
  probe.dispatchEvent(new Event("probe"));
  return found;
}
