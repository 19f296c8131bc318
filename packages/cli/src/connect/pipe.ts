import process from "node:process";
import { onOutputClosed } from "../closed-output.js";
import type { ConnectionTarget } from "../connection-target.js";
import { FailureError, UsageError } from "../exit.js";
import { Interruption } from "../interruption.js";
import { readHex } from "../terminal/hex-view.js";
import { formatDuration } from "../terminal/quantities.js";
import { visibleLine } from "../terminal/visible-text.js";
import { Conversation, type End } from "./conversation.js";
import { failureOf, shortEnd } from "./failure.js";
import {
  endEvents,
  type JsonEvent,
  jsonLine,
  lostEvent,
  messageEvent,
  openEvent,
  pingEvent,
  reconnectingEvent,
} from "./json-events.js";
import { LineOutput } from "./line-output.js";
import { messageLine } from "./message-line.js";
import { ReceivedPings } from "./received-pings.js";
import type { ConnectFlags } from "./settings.js";
import { isInputLeft, linesOf, NotUtf8 } from "./stdin-lines.js";

/** Bytes that may wait to be sent before no more input is read, and down to which they have to fall. */
const mostBuffered = 1024 * 1024;
const enoughRoom = mostBuffered / 4;

/** Seconds of silence after the end of the input that are taken as the end of the answers. */
const defaultWait = 1;

const open = 1;

/** `openline connect` in a pipe: a line of stdin is a message, and a message is a line of stdout. */
export async function talkThroughPipes(target: ConnectionTarget, flags: ConnectFlags): Promise<void> {
  const talk = new PipeTalk(target, flags);
  const end = await talk.ended;
  const failure = talk.failureOf(end);
  if (failure !== undefined) throw failure;
}

class PipeTalk {
  readonly ended: Promise<End>;
  readonly #flags: ConnectFlags;
  readonly #conversation: Conversation;
  readonly #interruption: Interruption;
  readonly #output: LineOutput;
  readonly #isTerminal = process.stdout.isTTY === true;
  readonly #pings: ReceivedPings | undefined;
  readonly #timeout: NodeJS.Timeout | undefined;
  #received = 0;
  #wasOpen = false;
  #hasReader = true;
  /** Messages that have been read from stdin and not been sent. */
  #unsent = 0;
  /** Whether there was input that had not been read when the connection ended. */
  #inputLeft = false;
  /** What ends it otherwise than an end of the connection. */
  #failure: Error | undefined;
  #silence: NodeJS.Timeout | undefined;

  constructor(target: ConnectionTarget, flags: ConnectFlags) {
    this.#flags = flags;
    const { json, timeout } = flags;
    const pings = json ? new ReceivedPings((payload) => this.#tell(pingEvent(payload))) : undefined;
    this.#pings = pings;
    const conversation = new Conversation(target, flags.reconnect === true, {
      opened: (connection) => {
        if (json) this.#tell(openEvent(connection));
        pings?.opened(connection);
        if (!this.#wasOpen) void this.#sendInput();
        this.#wasOpen = true;
      },
      received: (data) => {
        this.#receive(data);
        pings?.messageTold();
      },
      reconnecting: (attempt, delay, end) => {
        if (json) this.#tell(reconnectingEvent(attempt, delay, end));
        this.#notice(`${shortEnd(end)}; attempt ${attempt} in ${formatDuration(delay)}`);
      },
      lost: (count) => {
        if (json) this.#tell(lostEvent(count));
        this.#notice(`${count === 1 ? "a message" : `${count} messages`} may not have arrived`);
      },
      closed: (end) => {
        if (json) for (const event of endEvents(end)) this.#tell(event);
        this.#finish();
      },
    });
    this.#conversation = conversation;
    this.ended = conversation.ended;
    this.#output = new LineOutput(
      process.stdout,
      () => conversation.pause(),
      () => conversation.resume(),
    );
    this.#interruption = new Interruption(
      () => conversation.close(),
      () => conversation.terminate(),
    );
    onOutputClosed((problem) => {
      this.#hasReader = false;
      if (problem !== undefined) this.#failure ??= new FailureError(`stdout: ${problem.message}`);
      this.#output.close();
      conversation.closeSoon();
    });
    if (timeout !== undefined) {
      const late = (): void => this.#fail(new FailureError(`not done after ${timeout} s${this.#progress()}`));
      this.#timeout = setTimeout(late, timeout * 1000);
    }
  }

  /** What the end comes to. */
  failureOf(end: End): Error | undefined {
    if (this.#failure !== undefined) return this.#failure;
    if (!this.#hasReader) return undefined;
    const failure = failureOf(end, { wasOpen: this.#wasOpen, closeAsked: this.#conversation.closeAsked });
    if (failure !== undefined || this.#interruption.isWanted) return failure;
    const { count } = this.#flags;
    if (this.#received >= (count ?? Infinity)) return undefined;
    if (this.#unsent > 0 || this.#conversation.bufferedAmount > 0 || this.#inputLeft) {
      return new FailureError(`${shownEnd(end)} before all input was sent`);
    }
    return count === undefined ? undefined : new FailureError(`${shownEnd(end)}${this.#progress()}`);
  }

  #receive(data: string | ArrayBuffer): void {
    const { json, count = Infinity } = this.#flags;
    if (this.#received >= count) return;
    this.#received += 1;
    if (json) this.#tell(messageEvent(data));
    else this.#output.write(messageLine(data, this.#isTerminal));
    if (this.#received === count) this.#conversation.close();
    this.#silence?.refresh();
  }

  #tell(event: JsonEvent): void {
    this.#output.write(jsonLine(event, this.#isTerminal));
  }

  /** On stderr, where it disturbs no script. */
  #notice(text: string): void {
    process.stderr.write(`openline: ${visibleLine(text)}\n`);
  }

  async #sendInput(): Promise<void> {
    try {
      let number = 0;
      for await (const lines of linesOf(process.stdin)) {
        this.#unsent = lines.length;
        for (const line of lines) {
          number += 1;
          if (!(await this.#send(line, number))) return;
          this.#unsent -= 1;
        }
      }
      await this.#conversation.drained(0);
      this.#inputEnded();
    } catch (error) {
      if (this.#conversation.readyState > open) return;
      this.#fail(error instanceof NotUtf8 ? new UsageError("stdin: expected text in UTF-8") : error);
    }
  }

  /** @returns whether it went out. */
  async #send(line: string, number: number): Promise<boolean> {
    const conversation = this.#conversation;
    const message = this.#flags.binary ? readHex(line) : line;
    if (message === undefined) {
      const shown = visibleLine(line.length > 40 ? `${line.slice(0, 40)}…` : line);
      throw new UsageError(
        `stdin, line ${number}: expected pairs of hex digits with --binary, not "${shown}"`,
      );
    }
    await conversation.up();
    if (conversation.readyState !== open) return false;
    conversation.send(message);
    if (conversation.bufferedAmount > mostBuffered) await conversation.drained(enoughRoom);
    return true;
  }

  /** With `--count` it is the messages that end it, unless `--wait` says something else. */
  #inputEnded(): void {
    const { count, wait = count === undefined ? defaultWait : Infinity } = this.#flags;
    if (wait === Infinity || this.#conversation.readyState > open) return;
    this.#silence = setTimeout(() => this.#conversation.close(), wait * 1000);
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#conversation.closeSoon();
  }

  /** Lets the process end. */
  #finish(): void {
    this.#pings?.stop();
    clearTimeout(this.#timeout);
    clearTimeout(this.#silence);
    this.#interruption.stop();
    this.#output.flush();
    this.#inputLeft = isInputLeft();
    process.stdin.destroy();
  }

  #progress(): string {
    const { count } = this.#flags;
    if (!this.#wasOpen) return ": the connection isn't open";
    return count === undefined ? "" : `: received ${this.#received} of ${count} messages`;
  }
}

function shownEnd(end: End): string {
  return `closed (${visibleLine(shortEnd(end))})`;
}
