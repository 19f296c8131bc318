import { type Clock, noop, type WebSocketLike } from "./environment.js";
import type { HeartbeatOptions } from "./options.js";
import type { SentLedger } from "./sent-ledger.js";

/** A timer that comes this much too late tells of a process or a machine that slept, not of a silent peer. */
const slept = 1000;

/** What is watched, and how. */
export interface Watched {
  readonly idle: number;
  readonly timeout: number;
  readonly maxSilence: number;
  readonly heartbeat?: HeartbeatOptions | undefined;
  readonly clock: Clock;
  readonly ledger: SentLedger;
  /** Sends a protocol ping and resolves with the pong; absent where the platform has none. */
  readonly ping: (() => Promise<unknown>) | undefined;
  readonly connection: WebSocketLike;
  /** @returns to be asked later: whether bytes have moved since. */
  watchMovement(connection: WebSocketLike): () => boolean;
  /** A frame has come. */
  alive(): void;
  /** The connection is dead, whatever its object says. */
  dead(reason: string): void;
}

/** Finds out whether a connection that says OPEN still is. */
export interface Liveness {
  /** Any frame counts as life. @returns whether the message is the heartbeat's answer. */
  heard(data: unknown): boolean;
  /** A message has been sent: soon it is asked whether it has arrived. */
  sent(): void;
  /** Asks for a sign of life at once, unless that is under way. @returns whether there is a way to ask. */
  probe(): boolean;
  /** @returns whether a probe's answer was awaited: the connection is under suspicion. */
  stop(): boolean;
}

/** Starts to watch: silence for `idle`, then a probe, then `timeout`. */
export function watchLiveness({
  idle,
  timeout,
  maxSilence,
  heartbeat,
  clock,
  ledger,
  connection,
  ping,
  watchMovement,
  alive,
  dead,
}: Watched): Liveness {
  const canProbe = !!(ping ?? heartbeat);
  /** Whether an answer proves that what was sent before has arrived. */
  const canConfirm = !!(ping ?? heartbeat?.isReply);
  /** A ping costs the application nothing, so it is sent much sooner. */
  const confirmAfter = ping ? idle / 20 : idle;
  const limit = canProbe ? idle : maxSilence;
  /** For each heartbeat without an answer: confirms what had been sent before it. */
  const confirmations: (() => void)[] = [];
  let heardAt = clock.now();
  let isProbing = false;
  let isOver = false;
  let stopTimer = noop;
  let stopAsking = noop;

  const restart = (milliseconds: number, callback: () => void) => {
    stopTimer();
    stopTimer = clock.after(milliseconds, callback);
  };

  const silence = () => clock.now() - heardAt;
  const die = () => dead(`Silent for ${silence()} ms`);

  /** Waits for silence. A message moves no timer: the timer looks for itself how long the silence is. */
  const watch = () => {
    isProbing = false;
    sent();
    // A clock that was set back would make the silence look shorter than none.
    restart(limit - Math.max(0, silence()), () => {
      if (silence() < limit) watch();
      else if (canProbe) probe();
      else if (silence() > limit + slept) awaitLife(false);
      else die();
    });
  };

  /**
   * What came while the process slept is read after the timers, so a timer that is too late means nothing. And while
   * bytes move, the question may still wait behind what was sent, or its answer behind a message that is coming.
   * @param isPatient whether there is one more question in that case.
   */
  const awaitLife = (isPatient: boolean) => {
    const due = clock.now() + timeout;
    const hasMoved = watchMovement(connection);
    isProbing = true;
    restart(timeout, () => {
      if (isPatient && clock.now() > due + slept) {
        ask();
        awaitLife(false);
      } else if (hasMoved()) awaitLife(isPatient);
      else die();
    });
  };

  const hear = () => {
    if (isOver) return;
    heardAt = clock.now();
    if (isProbing) watch();
    alive();
  };

  const ask = () => {
    const confirm = ledger.mark();
    if (ping) {
      // A ping overtakes what waits to be sent.
      const { bufferedAmount } = connection;
      ping().then(() => {
        if (bufferedAmount === 0) confirm();
        hear();
        // A ping fails with its connection, which tells so itself.
      }, noop);
    } else if (heartbeat) {
      if (canConfirm) confirmations.push(confirm);
      connection.send(heartbeat.message);
    }
  };

  const probe = () => {
    if (canProbe && !isOver && !isProbing) {
      ask();
      awaitLife(true);
    }
    return canProbe;
  };

  const sent = () => {
    if (!canConfirm || stopAsking !== noop || ledger.unconfirmed() === 0) return;
    stopAsking = clock.after(confirmAfter, () => {
      stopAsking = noop;
      if (ledger.unconfirmed() > 0) probe();
    });
  };

  watch();
  return {
    heard(data) {
      const isReply = heartbeat?.isReply?.(data) === true;
      if (isReply) confirmations.shift()?.();
      hear();
      return isReply;
    },
    sent,
    probe,
    stop() {
      isOver = true;
      stopTimer();
      stopAsking();
      return isProbing;
    },
  };
}
