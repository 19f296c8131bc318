import type { ReadonlySignal } from "@preact/signals";
import type { ObjectReport, WireEvent } from "../../../src/workbench/control-protocol.js";
import { FrameSignal } from "./frame-signal.js";

/** What passed within one second. */
export interface TrafficSecond {
  /** Seconds since 1970. */
  readonly second: number;
  sentMessages: number;
  receivedMessages: number;
  /** Payload bytes on the wire. */
  sentBytes: number;
  receivedBytes: number;
  /** The most that `bufferedAmount` was; with two objects that of both together. */
  bufferedAmount: number;
  /** The longest time from a ping to its pong, in milliseconds; absent without one. */
  roundTrip: number | undefined;
}

const maxSeconds = 15 * 60;

/** Figures for the charts, second by second, of the last quarter of an hour. */
export class Traffic {
  readonly #changes = new FrameSignal();
  readonly #seconds: TrafficSecond[] = [];
  /** When each ping went out, by connection and payload. */
  readonly #pings = new Map<string, number>();
  readonly #buffered = new Map<string, number>();

  get version(): ReadonlySignal<number> {
    return this.#changes.version;
  }

  /** In the order of time. Seconds in which nothing passed are left out. */
  get seconds(): readonly TrafficSecond[] {
    return this.#seconds;
  }

  countWire(events: readonly WireEvent[]): void {
    for (const event of events) if (event.kind === "frame") this.#countFrame(event);
    this.#changes.touch();
  }

  /** What the page wasn't told one by one. */
  countMissed(direction: "sent" | "received", count: number, bytes: number): void {
    const second = this.#second(this.#seconds.at(-1)?.second ?? Math.floor(Date.now() / 1000));
    if (direction === "sent") {
      second.sentMessages += count;
      second.sentBytes += bytes;
    } else {
      second.receivedMessages += count;
      second.receivedBytes += bytes;
    }
    this.#changes.touch();
  }

  countReport(report: ObjectReport): void {
    const { bufferedAmount, readyState } = report.properties;
    if (readyState === 3) this.#buffered.delete(report.session);
    else this.#buffered.set(report.session, bufferedAmount);
    let sum = 0;
    for (const amount of this.#buffered.values()) sum += amount;
    const second = this.#second(Math.floor(report.time / 1000));
    second.bufferedAmount = Math.max(second.bufferedAmount, sum);
    this.#changes.touch();
  }

  clear(): void {
    this.#seconds.length = 0;
    this.#pings.clear();
    this.#changes.touch();
  }

  #countFrame(frame: Extract<WireEvent, { kind: "frame" }>): void {
    const second = this.#second(Math.floor(frame.time / 1000));
    const isSent = frame.direction === "sent";
    // A message counts with its last frame.
    const messages = frame.opcode < 8 && frame.fin ? 1 : 0;
    if (isSent) {
      second.sentMessages += messages;
      second.sentBytes += frame.length;
    } else {
      second.receivedMessages += messages;
      second.receivedBytes += frame.length;
    }
    if (frame.opcode < 9) return;
    // Whoever asked, the pong comes the other way with the same payload.
    const asker = (frame.opcode === 9) === isSent ? "client" : "server";
    const key = `${frame.connection} ${asker} ${JSON.stringify(frame.data)}`;
    if (frame.opcode === 9) {
      this.#pings.set(key, frame.time);
      return;
    }
    const asked = this.#pings.get(key);
    if (asked === undefined) return;
    this.#pings.delete(key);
    second.roundTrip = Math.max(second.roundTrip ?? 0, frame.time - asked);
  }

  #second(wanted: number): TrafficSecond {
    const seconds = this.#seconds;
    let index = seconds.length;
    // Wire and objects report on their own, so one may be late by a moment.
    while (index > 0 && (seconds[index - 1]?.second ?? 0) > wanted) index--;
    const before = seconds[index - 1];
    if (before?.second === wanted) return before;
    const fresh: TrafficSecond = {
      second: wanted,
      sentMessages: 0,
      receivedMessages: 0,
      sentBytes: 0,
      receivedBytes: 0,
      bufferedAmount: 0,
      roundTrip: undefined,
    };
    seconds.splice(index, 0, fresh);
    if (seconds.length > maxSeconds) seconds.shift();
    return fresh;
  }
}
