import type { Clock } from "./environment.js";
import type { HeartbeatOptions } from "./options.js";
import type { SentLedger } from "./sent-ledger.js";
import type { Timers } from "./timers.js";

/** A timer that comes this much too late tells of a process or a machine that slept, not of a silent peer. */
const slept = 1000;

export interface LivenessSettings {
  readonly idle: number;
  readonly timeout: number;
  readonly maxSilence: number;
  readonly heartbeat?: HeartbeatOptions | undefined;
}

/** What is watched. */
export interface Watched {
  /** Sends a protocol ping and resolves with the pong; absent where the platform has none. */
  readonly ping: (() => Promise<unknown> | undefined) | undefined;
  /** Whether nothing waits to be sent: a ping overtakes what does. */
  isDrained(): boolean;
  /** Sends the heartbeat. */
  sendHeartbeat(): void;
  /** A frame has come. */
  alive(): void;
  /** The connection is dead, whatever its object says. */
  dead(reason: string): void;
}

/** Finds out whether a connection that says OPEN still is: silence for `idle`, then a probe, then `timeout`. */
export class Liveness {
  readonly #watched: Watched;
  readonly #settings: LivenessSettings;
  readonly #ledger: SentLedger;
  readonly #timers: Timers;
  readonly #clock: Clock;
  #heardAt: number;
  #stopTimer: () => void = () => {};
  /** Whether a probe's answer is awaited. */
  #probing = false;
  #over = false;
  /** For each heartbeat without an answer: confirms what had been sent before it. */
  readonly #confirmations: (() => void)[] = [];

  constructor(
    watched: Watched,
    settings: LivenessSettings,
    ledger: SentLedger,
    timers: Timers,
    clock: Clock,
  ) {
    this.#watched = watched;
    this.#settings = settings;
    this.#ledger = ledger;
    this.#timers = timers;
    this.#clock = clock;
    this.#heardAt = clock.now();
    this.#watch();
  }

  /** Whether the connection is under suspicion. */
  get probing(): boolean {
    return this.#probing;
  }

  get canProbe(): boolean {
    return this.#watched.ping !== undefined || this.#settings.heartbeat !== undefined;
  }

  get #canConfirm(): boolean {
    return this.#watched.ping !== undefined || this.#settings.heartbeat?.isReply !== undefined;
  }

  /** Any frame counts as life. @returns whether the message is the heartbeat's answer. */
  heard(data: unknown): boolean {
    const isReply = this.#settings.heartbeat?.isReply?.(data) === true;
    if (isReply) this.#confirmations.shift()?.();
    this.#alive();
    return isReply;
  }

  /** Asks for a sign of life at once. */
  probe(): void {
    if (this.#over || this.#probing || !this.canProbe) return;
    this.#probing = true;
    this.#await(true);
    this.#ask();
  }

  stop(): void {
    this.#over = true;
    this.#stopTimer();
  }

  #alive(): void {
    if (this.#over) return;
    this.#heardAt = this.#clock.now();
    if (this.#probing) {
      this.#probing = false;
      this.#watch();
    }
    this.#watched.alive();
  }

  /** Waits for silence. A message moves no timer: the timer looks for itself how long the silence is. */
  #watch(): void {
    this.#stopTimer();
    const { idle, maxSilence } = this.#settings;
    const limit = this.canProbe ? idle : maxSilence;
    // A clock that was set back would make the silence look shorter than none.
    const silence = Math.max(0, this.#clock.now() - this.#heardAt);
    this.#stopTimer = this.#timers.start(limit - silence, () => this.#look(limit));
  }

  #look(limit: number): void {
    const silence = this.#clock.now() - this.#heardAt;
    if (silence < limit) {
      // Not silent, but nothing has proved yet that what was sent arrives.
      if (this.#canConfirm && this.#ledger.unconfirmed > 0) this.#ask();
      this.#watch();
    } else if (this.canProbe) {
      this.probe();
    } else if (silence > limit + slept) {
      // What came while the process slept is read after this timer.
      this.#probing = true;
      this.#await(false);
    } else {
      this.#watched.dead(`Nothing was received for ${limit} ms`);
    }
  }

  /** @param patient whether one more probe is due if this timer came too late to mean anything. */
  #await(patient: boolean): void {
    this.#stopTimer();
    const { timeout } = this.#settings;
    const due = this.#clock.now() + timeout;
    this.#stopTimer = this.#timers.start(timeout, () => {
      if (patient && this.#clock.now() > due + slept) {
        this.#await(false);
        this.#ask();
      } else {
        this.#watched.dead(`No sign of life within ${timeout} ms`);
      }
    });
  }

  #ask(): void {
    const confirm = this.#ledger.mark();
    const isDrained = this.#watched.isDrained();
    const pong = this.#watched.ping?.();
    if (pong === undefined) {
      if (this.#canConfirm) this.#confirmations.push(confirm);
      this.#watched.sendHeartbeat();
      return;
    }
    pong.then(
      () => {
        if (this.#over) return;
        if (isDrained) confirm();
        this.#alive();
      },
      // The connection is gone, which its close event tells.
      () => {},
    );
  }
}
