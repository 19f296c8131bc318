import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions as TlsOptions } from "node:tls";
import { FaultyProxy, type PassageObserver } from "openline/testing";
import type { Recorder } from "../recording/recorder.js";
import { newSecret } from "../secret.js";
import { Gate } from "./gate.js";
import { LineRecorder } from "./line-recorder.js";

/** What faults do to a line: see `FaultyProxy` of openline/testing. */
export type FaultyLine = Pick<
  FaultyProxy,
  | "delay"
  | "throttle"
  | "hold"
  | "release"
  | "cut"
  | "reset"
  | "cutInsideFrame"
  | "dropHandshakes"
  | "answer"
  | "forward"
  | "heal"
>;

/** A port of this machine that leads to a server, with all that passes recorded. */
export interface Line extends FaultyLine {
  readonly port: number;
  /** What a program is to connect to: the target's path, at the line's address. */
  readonly url: string;
  /** How many connections there are. */
  readonly connections: number;
  /** Resets what is left, and stops to listen. */
  close(): Promise<void>;
}

export interface LineOptions {
  /** Where the line leads to: a `ws:` or `wss:` URL without user name and password. */
  readonly url: string;
  readonly recorder: Recorder;
  /** Added to the requests, in place of the client's own of the same name. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** The only origins that browsers may come from. Default: any. */
  readonly origins?: readonly string[];
  /** Whether only those get through who know `url`, which then has a secret in its path. Default false. */
  readonly isSecret?: boolean;
  /** The port to listen on. Default: a free one. */
  readonly port?: number;
  /** How to speak TLS with the target of a `wss:` URL. */
  readonly tls?: Pick<TlsOptions, "ca" | "cert" | "key" | "rejectUnauthorized" | "servername">;
}

/**
 * Opens a line: bytes pass unchanged, but for the request's `Host`, which names the target, and for the headers that are
 * added. Only programs that call this machine by its own name get through.
 */
export async function openLine(options: LineOptions): Promise<Line> {
  const { recorder, headers = [], origins, port = 0, isSecret = false } = options;
  const secret = isSecret ? newSecret() : undefined;
  const target = new URL(options.url);
  const secure = target.protocol === "wss:";
  const proxy = await FaultyProxy.start({
    listenPort: port,
    connect: () => connectTo(target, options.tls),
    observe: () =>
      new LinePassage(
        new Gate({ host: target.host, headers, origins, secret }),
        new LineRecorder(recorder, secure),
      ),
  });
  const path = secret === undefined ? target.pathname : `/${secret}${target.pathname}`;
  const url = `ws://127.0.0.1:${proxy.port}${path}${target.search}`;
  return Object.defineProperty(proxy, "url", { value: url });
}

function connectTo(target: URL, tls: LineOptions["tls"]): Socket {
  const host = target.hostname.replace(/^\[|\]$/g, "");
  const secure = target.protocol === "wss:";
  const port = target.port === "" ? (secure ? 443 : 80) : Number(target.port);
  if (!secure) return connectTcp({ host, port, allowHalfOpen: true, noDelay: true });
  const servername = isIP(host) === 0 ? host : "";
  const socket = connectTls({
    ...tls,
    host,
    port,
    servername: tls?.servername ?? servername,
    ALPNProtocols: ["http/1.1"],
  });
  return socket.setNoDelay(true);
}

/** One connection of a line. */
class LinePassage implements PassageObserver {
  readonly #gate: Gate;
  readonly #recorder: LineRecorder;
  #isRefused = false;

  constructor(gate: Gate, recorder: LineRecorder) {
    this.#gate = gate;
    this.#recorder = recorder;
  }

  toServer(bytes: Buffer): ReturnType<PassageObserver["toServer"]> {
    const passed = this.#gate.pass(bytes);
    // Who is refused is no client of the target.
    if ("answer" in passed) this.#isRefused = true;
    else this.#recorder.clientSent(passed);
    return passed;
  }

  toClient(bytes: Uint8Array): void {
    if (!this.#isRefused) this.#recorder.serverSent(bytes);
  }

  ended(error: Error | undefined): void {
    this.#recorder.ended(this.#isRefused ? undefined : error?.message);
  }
}
