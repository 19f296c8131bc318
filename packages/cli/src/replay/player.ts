import { setTimeout as delay } from "node:timers/promises";
import {
  type CloseEvent,
  connectionInfo,
  drained,
  type ErrorEvent,
  ping,
  terminate,
  type WebSocket,
} from "openline";
import type { MessageData, Scene, SceneEnd, Step } from "./scene.js";

/** How a scene is played. */
export interface Tempo {
  /** Times as fast as recorded; Infinity for no pauses. */
  readonly speed: number;
  /** Whether an own message waits for those of the other side that came before it, and for nothing else. */
  readonly isStepwise: boolean;
  /** Milliseconds to wait for what doesn't come, beyond the time that it took in the recording. */
  readonly patience: number;
}

/** What came of it. */
export interface Outcome {
  readonly received: readonly MessageData[];
  /** Own messages that were sent. */
  readonly played: number;
  /** Whether `interrupt` has ended it. */
  readonly wasInterrupted: boolean;
  /** The other side's end of the connection; undefined if it was ours. */
  readonly end: OutcomeEnd | undefined;
}

export interface OutcomeEnd {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  /** What was wrong with what the other side has sent. */
  readonly error: string | undefined;
}

/** Timers of Node.js take no more. */
const longestDelay = 2 ** 31 - 1;

/** Bytes that may wait for the network before the next message does. */
const muchWaiting = 1024 * 1024;

/** Plays one side of a recorded connection on an open socket. */
export class Player {
  readonly #socket: WebSocket;
  readonly #scene: Scene;
  readonly #tempo: Tempo;
  readonly #received: MessageData[] = [];
  #played = 0;
  #end: OutcomeEnd | undefined;
  /** Whether we have begun to end the connection. */
  #isEnding = false;
  #wasInterrupted = false;
  readonly #stop = new AbortController();
  /** Looks again at what is waited for. */
  #look: (() => void) | undefined;

  /** @param socket it has just opened: no message may have been lost. */
  constructor(socket: WebSocket, scene: Scene, tempo: Tempo) {
    this.#socket = socket;
    this.#scene = scene;
    this.#tempo = tempo;
    socket.binaryType = "arraybuffer";
    socket.addEventListener("message", ({ data }) => {
      this.#received.push(typeof data === "string" ? data : new Uint8Array(data as ArrayBuffer));
      this.#look?.();
    });
    let error: string | undefined;
    socket.addEventListener("error", (event) => {
      error = (event as ErrorEvent).error.message;
    });
    socket.addEventListener("close", (event) => {
      const { code, reason, wasClean } = event as CloseEvent;
      if (!this.#isEnding) this.#end = { code, reason, wasClean, error };
      this.#look?.();
      this.#stop.abort();
    });
  }

  /** Ends it early. */
  interrupt(): void {
    this.#wasInterrupted = true;
    this.#close(1000, "");
    this.#stop.abort();
    this.#look?.();
  }

  /** Resolves when the connection is over. */
  async play(): Promise<Outcome> {
    const { steps, end } = this.#scene;
    const begin = performance.now();
    for (const step of steps) {
      if (!step.isOwn) continue;
      const isDue = this.#tempo.isStepwise
        ? await this.#until(() => this.#received.length >= step.expectedBefore)
        : await this.#sleepUntil(begin + step.time / this.#tempo.speed);
      if (!isDue || !this.#isOpen) break;
      this.#socket.send(step.data as Uint8Array<ArrayBuffer>);
      this.#played += 1;
      if (this.#socket.bufferedAmount > muchWaiting) await drained(this.#socket).catch(() => {});
    }
    const expected = steps.filter(({ isOwn }) => !isOwn).length;
    await this.#until(() => this.#received.length >= expected);
    await this.#finish(end, begin);
    return {
      received: this.#received,
      played: this.#played,
      wasInterrupted: this.#wasInterrupted,
      end: this.#end,
    };
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  async #finish(end: SceneEnd | undefined, begin: number): Promise<void> {
    if (end?.by === "other") {
      await this.#until(() => !this.#isOpen);
    } else if (this.#isOpen) {
      if (end !== undefined && !this.#tempo.isStepwise) {
        await this.#sleepUntil(begin + end.time / this.#tempo.speed);
      }
      await this.#lastMessages();
    }
    if (end?.by === "nobody" && this.#scene.role === "server") {
      this.#isEnding ||= this.#isOpen;
      terminate(this.#socket);
    } else if (end?.by === "own") this.#close(end.code, end.reason);
    else this.#close(1000, "");
    await this.#closed();
  }

  /** What the other side has sent before it has answered a ping is here, and is no longer on its way. */
  async #lastMessages(): Promise<void> {
    const pong = ping(this.#socket).then(
      () => true,
      () => false,
    );
    const limit = delay(this.#tempo.patience, false, { signal: this.#stop.signal }).catch(() => false);
    if (!(await Promise.race([pong, limit]))) return;
    const { messagesReceived } = connectionInfo(this.#socket);
    await this.#until(() => this.#received.length >= messagesReceived);
  }

  /** A code that a program may not send becomes 1000. */
  #close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isEnding = true;
    if (code === 1005) this.#socket.close();
    else this.#socket.close(code >= 3000 && code <= 4999 ? code : 1000, reason);
  }

  #closed(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState === this.#socket.CLOSED) resolve();
      else this.#socket.addEventListener("close", () => resolve());
    });
  }

  /** False if the connection, or the whole, is over before. */
  async #sleepUntil(time: number): Promise<boolean> {
    const { signal } = this.#stop;
    for (;;) {
      const rest = time - performance.now();
      if (signal.aborted || !this.#isOpen) return false;
      if (rest <= 0) return true;
      await delay(Math.min(rest, longestDelay), undefined, { signal }).catch(() => {});
    }
  }

  /**
   * Resolves with true once `condition` holds, looking whenever something happens; with false if the connection is over
   * before, or nothing happens for too long.
   */
  #until(condition: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const end = (result: boolean): void => {
        clearTimeout(timer);
        this.#look = undefined;
        resolve(result);
      };
      this.#look = () => {
        if (condition()) end(true);
        else if (!this.#isOpen || this.#stop.signal.aborted) end(false);
        else {
          clearTimeout(timer);
          timer = setTimeout(() => end(false), this.#patience());
        }
      };
      this.#look();
    });
  }

  /** What the next expected message took in the recording, and some time more. */
  #patience(): number {
    const { steps, end } = this.#scene;
    const { speed, patience, isStepwise } = this.#tempo;
    const index = this.#indexOfNextExpected();
    const last = steps[index - 1]?.time ?? 0;
    const next = steps[index]?.time ?? end?.time ?? last;
    const factor = isStepwise || speed === Number.POSITIVE_INFINITY ? 1 : speed;
    return Math.min(Math.max(0, next - last) / factor + patience, longestDelay);
  }

  #indexOfNextExpected(): number {
    let expected = 0;
    const index = this.#scene.steps.findIndex((step: Step) => {
      if (step.isOwn) return false;
      expected += 1;
      return expected > this.#received.length;
    });
    return index < 0 ? this.#scene.steps.length : index;
  }
}
