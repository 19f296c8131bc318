import { flushAll, holdFlushes, releaseFlushes } from "../network/flush-queue.js";

/** A step that the standard runs as a task of its own. */
export interface Task {
  run(): void;
}

// Fake timers in a program's tests replace the global one: the order of tasks is not theirs to change.
const { setImmediate } = globalThis;

/** Replies to many messages of one packet leave together, but none waits for more than so many handlers. */
const tasksPerFlush = 128;

/** Tasks that have run are forgotten once there are so many of them. */
const tasksPerCompaction = 8192;

let tasks: Task[] = [];
let next = 0;

/**
 * Queues a task: it runs after those queued before it, with a microtask checkpoint between any two. [WS] 6
 *
 * Node runs one `setImmediate` callback after the other, ticks and microtasks in between, before it looks at the
 * network again. That is what the standard asks for, and cheaper (45 ns) than a tick from a microtask (80 ns).
 */
export function queueTask(task: Task): void {
  if (!watching) watchExceptions();
  if (fresh) {
    if (alone === undefined) {
      alone = task;
      return;
    }
    // It is not alone: both wait for their turns.
    fresh = false;
    queue(alone);
    alone = undefined;
  }
  queue(task);
}

function queue(task: Task): void {
  if (tasks.length === next) holdFlushes();
  tasks.push(task);
  setImmediate(runTask);
}

function runTask(): void {
  if (interrupted) {
    // Node drains ticks and microtasks before its next immediate: this one gives its turn up for that.
    interrupted = false;
    setImmediate(runTask);
    return;
  }
  const task = tasks[next++] as Task;
  if (next === tasks.length) {
    tasks = [];
    next = 0;
    releaseFlushes();
  } else if (next % tasksPerFlush === 0) {
    flushAll();
    if (next === tasksPerCompaction) {
      tasks = tasks.slice(next);
      next = 0;
    }
  }
  task.run();
}

const resolved = Promise.resolve();
/** Whether a task that is queued may turn out to be the only one of its callback. */
let fresh = false;
let alone: Task | undefined;
/** Whether a task has run on the spot without a microtask checkpoint since. */
let unsettled = false;

/**
 * Hands on bytes in a callback that comes straight from the network, and so is a task of its own: no script has run
 * before it, and a microtask checkpoint follows. If the bytes lead to a single task and none waits, it runs on the spot:
 * a message that comes alone needs no further turn of the event loop (echo of 64 bytes, one in flight: 1 µs of 24).
 */
export function runFresh<B>(
  receiver: { receive(bytes: B, lent: boolean): void },
  bytes: B,
  lent: boolean,
): void {
  fresh = next === tasks.length && !unsettled && !interrupted;
  try {
    receiver.receive(bytes, lent);
  } finally {
    fresh = false;
  }
  if (alone === undefined) return;
  const task = alone;
  alone = undefined;
  unsettled = true;
  resolved.then(settle);
  task.run();
}

function settle(): void {
  unsettled = false;
}

let watching = false;
/** Whether an exception that nobody caught has kept Node from its microtask checkpoint. */
let interrupted = false;

/** A listener's exception is an uncaught one. A program may go on after it, and then the order has to hold still. */
function watchExceptions(): void {
  watching = true;
  process.on("uncaughtExceptionMonitor", () => {
    interrupted = true;
  });
}
