/** What the functions ask of an object: the standard's `WebSocket` of any implementation has it. */
export interface SocketLike {
  readonly readyState: number;
  addEventListener(type: string, listener: (event: Event) => void): void;
  removeEventListener(type: string, listener: (event: Event) => void): void;
}

export const open = 1;
export const closed = 3;

/** @throws TypeError for what is no WebSocket of any kind. */
export function checkSocket(ws: unknown, caller: string): asserts ws is SocketLike {
  const candidate = ws as Partial<SocketLike> | null | undefined;
  if (
    typeof ws !== "object" ||
    typeof candidate?.readyState !== "number" ||
    typeof candidate.addEventListener !== "function"
  ) {
    throw new TypeError(`${caller} takes a WebSocket, but got ${ws === null ? ws : typeof ws}`);
  }
}
