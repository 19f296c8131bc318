import { flushAll, holdFlushes, releaseFlushes } from "../network/flush-queue.js";
import { checkpoint } from "./microtask-checkpoint.js";

/** A step that the standard runs as a task of its own. */
export interface Task {
  run(): void;
}

// Fake timers in a program's tests replace the global one: the order of tasks is not theirs to change.
const { setImmediate } = globalThis;

/** Replies to many messages of one packet leave together, but none waits for more than so many handlers. */
const tasksPerFlush = 128;

/** A callback with more tasks than that leaves the rest, so that other connections have their turn. */
const tasksPerCallback = 4096;

/** A connection that has brought so many in one turn of the event loop is read no further in it. */
const tasksPerTurn = 1024;

/** Fewer than that in a callback are no flood, and not counted. */
const tasksOfFlood = 64;

let tasks: Task[] = [];
let next = 0;

/** Whether one of our tasks is running. */
let running = false;
/** Tasks that have ended within the callback at hand. */
let settled = 0;
/** Tasks of earlier floods in this turn of the event loop. */
let flooded = 0;
/** What a tick or a microtask threw, and nobody caught, while our callback goes on. */
let escaped: { readonly error: unknown } | undefined;

/**
 * Queues a task: it runs after those queued before it, with a microtask checkpoint between any two. [WS] 6
 *
 * Node runs one `setImmediate` callback after the other, ticks and microtasks in between, before it looks at the
 * network again.
 */
export function queueTask(task: Task): void {
  if (!watching) watchExceptions();
  tasks.push(task);
  if (!collecting) setImmediate(runTask);
}

/** The same for a task that is to leave the callback at hand to others, as those queued after it do then. */
export function queueTurn(task: Task): void {
  stopCollecting();
  queueTask(task);
}

function takeTask(): Task {
  const task = tasks[next++] as Task;
  if (next === tasks.length) {
    tasks = [];
    next = 0;
  }
  return task;
}

function runTask(): void {
  if (interrupted) {
    // Node drains ticks and microtasks before its next immediate: this one gives its turn up for that.
    interrupted = false;
    setImmediate(runTask);
    return;
  }
  running = true;
  holdFlushes();
  try {
    takeTask().run();
  } finally {
    running = false;
    settled = 0;
    releaseFlushes();
  }
  throwEscaped();
}

/** Whether tasks that are queued may still run in the callback at hand. */
let collecting = false;

function stopCollecting(): void {
  if (!collecting) return;
  collecting = false;
  for (let i = next; i < tasks.length; i++) setImmediate(runTask);
}

export interface Reader<B> {
  /**
   * Reads a packet: each message on the way is a task that is settled before the next begins.
   * @param lent whether the memory is the reader's until it returns, and no longer.
   */
  read(bytes: B, lent: boolean): void;
}

/**
 * Fast path: reads in a callback that comes straight from the network, and so is a task of its own: no script has run
 * before it, and a microtask checkpoint follows. What is read needs no further turn of the event loop: echoing one
 * message saves 1 µs of 24, and a flood of short ones takes half the time.
 *
 * @returns false where other tasks come first, or something else is in the way: nothing has been read.
 */
export function readAtOnce<B>(reader: Reader<B>, bytes: B, lent: boolean): boolean {
  if (checkpoint === undefined || running || interrupted || tasks.length > 0) return false;
  if (!watching) watchExceptions();
  running = collecting = true;
  holdFlushes();
  try {
    reader.read(bytes, lent);
    // What the bytes have led to, besides messages.
    while (collecting && tasks.length > 0) {
      takeTask().run();
      if (!settle()) stopCollecting();
    }
  } finally {
    running = false;
    stopCollecting();
    // The microtasks are through: this is the end of the last task.
    flushAll();
    releaseFlushes();
    if (settled >= tasksOfFlood) countFlood();
    settled = 0;
  }
  throwEscaped();
  return true;
}

/**
 * Ends a task within a callback of ours, so that another can follow it there: with a microtask checkpoint.
 * @returns false where the next one has to wait for a callback of its own.
 */
export function settle(): boolean {
  if (checkpoint === undefined) return false;
  if (++settled % tasksPerFlush === 0) flushAll();
  try {
    checkpoint();
  } catch (error) {
    escaped = { error };
    return false;
  }
  return settled < tasksPerCallback;
}

/** Whether the connection that is read in the callback at hand has had its share of this turn of the event loop. */
export function isTurnOver(): boolean {
  return settled >= tasksOfFlood && flooded + settled >= tasksPerTurn;
}

function countFlood(): void {
  if (flooded === 0) {
    setImmediate(() => {
      flooded = 0;
    });
  }
  flooded += settled;
}

/** An exception that nobody caught ends Node's callback, as it would without us. */
function throwEscaped(): void {
  if (escaped === undefined) return;
  const { error } = escaped;
  escaped = undefined;
  throw error;
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
