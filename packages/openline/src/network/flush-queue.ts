/** Something whose output can be handed to the operating system. */
export interface Flushable {
  flush(): void;
}

const resolved = Promise.resolve();
let queue: Flushable[] = [];
let armed = false;
let held = false;

/**
 * Flushes `flushable` at the end of the current task, after its microtasks: all that one task sends leaves in one
 * write. Echoing 100 messages that came together so takes 1 system call instead of 100.
 */
export function flushSoon(flushable: Flushable): void {
  queue.push(flushable);
  if (!held) arm();
}

/** Puts flushes off while more tasks of ours are due in this turn of the event loop. */
export function holdFlushes(): void {
  held = true;
}

/** The last of those tasks begins: flushes happen at its end. */
export function releaseFlushes(): void {
  held = false;
  if (queue.length > 0) arm();
}

/** Flushes all that waits. */
export function flushAll(): void {
  const flushables = queue;
  queue = [];
  for (const flushable of flushables) flushable.flush();
}

function arm(): void {
  if (armed) return;
  armed = true;
  resolved.then(armTick);
}

// A tick that is queued from a microtask runs once the microtasks are through.
function armTick(): void {
  process.nextTick(flushAtEnd);
}

function flushAtEnd(): void {
  armed = false;
  if (!held) flushAll();
}
