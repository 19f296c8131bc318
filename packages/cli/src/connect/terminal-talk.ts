import { ping, type WebSocket } from "openline";
import { onOutputClosed } from "../closed-output.js";
import type { ConnectionTarget } from "../connection-target.js";
import { FailureError } from "../exit.js";
import { Interruption } from "../interruption.js";
import { complete, Mistake, runLine, type Talk } from "./commands.js";
import { Conversation, type End } from "./conversation.js";
import { failureOf } from "./failure.js";
import { History } from "./history.js";
import { LineEditor } from "./line-editor.js";
import * as show from "./presentation.js";
import { ReceivedPings } from "./received-pings.js";
import type { ConnectFlags } from "./settings.js";
import { shownUrl } from "./shown-url.js";

/** `openline connect` on a terminal: what is typed is sent, and what happens is shown. */
export async function talkOnTerminal(target: ConnectionTarget, flags: ConnectFlags): Promise<void> {
  const talk = new TerminalTalk(target, flags);
  const failure = talk.failureOf(await talk.ended);
  if (failure !== undefined) throw failure;
}

class TerminalTalk implements Talk {
  readonly ended: Promise<End>;
  readonly #conversation: Conversation;
  readonly #editor: LineEditor;
  readonly #url: string;
  #failure: FailureError | undefined;
  readonly #isReconnecting: boolean;
  #isJsonLaidOut = true;
  #wasOpen = false;
  #received = 0;

  constructor(target: ConnectionTarget, { reconnect, count, timeout }: ConnectFlags) {
    this.#isReconnecting = reconnect === true;
    const history = new History();
    const pings = new ReceivedPings((payload) => this.#print(show.ping(payload)));
    const conversation = new Conversation(target, reconnect === true, {
      opened: (connection) => {
        this.#wasOpen = true;
        this.#print(show.opened(connection));
        pings.opened(connection);
      },
      received: (data) => {
        this.#received += 1;
        if (this.#received > (count ?? Infinity)) return;
        this.#print(show.received(data, this.#isJsonLaidOut));
        pings.messageTold();
        if (this.#received === count) this.close(1000, "");
      },
      reconnecting: (attempt, delay, end) => this.#print(show.reconnecting(attempt, delay, end)),
      lost: (messages) => this.#print(show.note(`${messages} sent messages may not have arrived`)),
      closed: (end) => {
        this.#print(show.closed(end));
        pings.stop();
        clearTimeout(timer);
        interruption.stop();
        this.#editor.close();
      },
    });
    this.#conversation = conversation;
    this.ended = conversation.ended;
    this.#url = shownUrl(target.url);
    const interruption = new Interruption(
      () => this.close(1000, ""),
      () => conversation.terminate(),
    );
    this.#editor = new LineEditor({
      history: history.read(),
      complete,
      onLine: (line) => {
        history.add(line);
        this.#take(line);
      },
      onInterrupt: interruption.interrupt,
      onEnd: interruption.interrupt,
    });
    onOutputClosed(() => conversation.closeSoon());
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            this.#failure = new FailureError(`not done after ${timeout} s`);
            conversation.closeSoon();
          }, timeout * 1000);
    this.#print(show.connecting(this.#url));
  }

  failureOf(end: End): FailureError | undefined {
    return (
      this.#failure ?? failureOf(end, { wasOpen: this.#wasOpen, closeAsked: this.#conversation.closeAsked })
    );
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    const { readyState } = this.#conversation;
    if (readyState > 1) throw new Mistake("not sent: the connection is being closed");
    if (readyState === 0) {
      if (!this.#isReconnecting) throw new Mistake("not sent: the connection is not open yet");
      this.#print(show.note("waits for the connection"));
    }
    this.#conversation.send(data);
    if (typeof data !== "string") this.#print(show.sent(data));
  }

  ping(data: string | undefined): void {
    const connection = this.#open();
    ping(connection, data).then(
      (milliseconds) => this.#print(show.pong(milliseconds)),
      // That the connection ends first is told anyway.
      (error: Error) => error instanceof RangeError && this.#print(show.mistake(error.message)),
    );
  }

  close(code: number, reason: string): void {
    this.#conversation.close(code, reason);
    this.#print(show.closing(code, reason));
  }

  showState(): void {
    const { readyState, bufferedAmount, connection } = this.#conversation;
    this.#print(show.state(readyState, bufferedAmount, connection, this.#url));
  }

  toggleJson(): void {
    this.#isJsonLaidOut = !this.#isJsonLaidOut;
    this.#print(show.note(`received JSON is ${this.#isJsonLaidOut ? "laid out" : "shown as it comes"}`));
  }

  showHelp(lines: readonly string[]): void {
    this.#print(show.note("What you type is sent as text; but:", lines));
  }

  #open(): WebSocket {
    const { connection } = this.#conversation;
    if (connection?.readyState === 1) return connection;
    throw new Mistake("the connection is not open");
  }

  #take(line: string): void {
    if (line === "") return;
    try {
      runLine(this, line);
    } catch (error) {
      if (!(error instanceof Mistake || error instanceof DOMException)) throw error;
      this.#print(show.mistake(error.message));
    }
  }

  #print(text: string): void {
    this.#editor.print(text);
  }
}
