/** Handshakes that wait, by host and port; a key is there while a handshake to it is under way. */
const waiting = new Map<string, (() => void)[]>();

/**
 * Calls `start` once no other handshake to `key` is under way. [6455] 4.1 allows one at a time for each host and port.
 * @returns ends the turn, or gives the place in the queue up; only its first call counts.
 */
export function takeTurn(key: string, start: () => void): () => void {
  const queue = waiting.get(key);
  if (queue === undefined) {
    waiting.set(key, []);
    start();
  } else {
    queue.push(start);
  }
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    const others = waiting.get(key);
    const place = others?.indexOf(start) ?? -1;
    if (place >= 0) {
      others?.splice(place, 1);
      return;
    }
    const next = others?.shift();
    if (next === undefined) waiting.delete(key);
    else next();
  };
}
