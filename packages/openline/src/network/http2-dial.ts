import type { ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import type { DialOptions, HandshakeHandler } from "./dial-options.js";
import { Http2Handshake } from "./http2-handshake.js";
import { requireExtendedConnect, startSession } from "./http2-session.js";
import { type Opened, type SharedSession, sharedSession } from "./http2-sessions.js";
import { openStream } from "./server-stream.js";

export interface Http2DialHandler extends HandshakeHandler {
  /** The server wants HTTP/1.1, over `stream` if there is one already. */
  http1(stream: Duplex | undefined): void;
}

/** An opening handshake over HTTP/2, on a session of its own or a shared one. [8441] */
export class Http2Dial {
  readonly #options: DialOptions;
  readonly #handler: Http2DialHandler;
  #handshake: Http2Handshake | undefined;
  /** The shared session that is waited for. */
  #awaited: SharedSession | undefined;
  #over = false;

  constructor(options: DialOptions, handler: Http2DialHandler) {
    this.#options = options;
    this.#handler = handler;
    this.#run().catch((error: Error) => handler.failed(error));
  }

  destroy(): void {
    if (this.#over) return;
    this.#over = true;
    this.#handshake?.destroy();
    this.#awaited?.release();
  }

  async #run(): Promise<void> {
    const { http2, url } = this.#options;
    if (typeof http2 !== "object") {
      await this.#share();
      return;
    }
    await requireExtendedConnect(http2);
    if (url.protocol === "wss:" && http2.encrypted !== true) {
      throw failure("ERR_WS_HTTP2_SESSION", "The HTTP/2 session is not encrypted, as wss: asks for");
    }
    if (!this.#over) this.#request(http2);
  }

  async #share(): Promise<void> {
    for (;;) {
      const { shared, isNew } = sharedSession(this.#options, (signal) => open(this.#options, signal));
      this.#awaited = shared;
      const opened = await shared.join();
      if (this.#over) {
        if (isNew && "http1" in opened) opened.http1?.destroy();
        return;
      }
      this.#awaited = undefined;
      if ("http1" in opened) {
        shared.release();
        this.#handler.http1(isNew ? opened.http1 : undefined);
        return;
      }
      // Others who waited may have taken what room there was.
      if (isNew || (shared.hasRoom && !opened.closed)) {
        this.#requestOn(shared, opened);
        return;
      }
      shared.release();
    }
  }

  #requestOn(shared: SharedSession, session: ClientHttp2Session): void {
    try {
      const { stream } = this.#request(session);
      shared.streamOpened();
      stream.once("close", () => shared.streamClosed());
    } catch (error) {
      shared.release();
      throw error;
    }
  }

  #request(session: ClientHttp2Session): Http2Handshake {
    this.#handshake = new Http2Handshake(this.#options, session, this.#handler);
    return this.#handshake;
  }
}

/** Opens a session, or finds that the server has none for us. */
async function open(options: DialOptions, signal: AbortSignal): Promise<Opened> {
  const { url } = options;
  const isSecure = url.protocol === "wss:";
  const mayFallBack = options.http2 === "auto";
  const stream = await openStream(url, options, mayFallBack ? ["h2", "http/1.1"] : ["h2"], () => signal);
  const destroy = (): void => {
    stream.destroy();
  };
  signal.addEventListener("abort", destroy);
  if (signal.aborted) destroy();
  try {
    await established(stream);
    if (isSecure && !speaksHttp2(stream)) {
      if (mayFallBack) return { http1: stream };
      throw failure("ERR_WS_HTTP2_ALPN", "The server does not speak HTTP/2: it did not choose h2 in TLS");
    }
    const session = startSession(url, stream);
    try {
      await requireExtendedConnect(session);
      return session;
    } catch (error) {
      session.destroy();
      const lacks = error instanceof ConnectionError && error.code === "ERR_WS_HTTP2_EXTENDED_CONNECT";
      if (mayFallBack && lacks) return { http1: undefined };
      throw error;
    }
  } catch (error) {
    stream.destroy();
    throw error;
  } finally {
    signal.removeEventListener("abort", destroy);
  }
}

function speaksHttp2(stream: Duplex): boolean {
  return "alpnProtocol" in stream && stream.alpnProtocol === "h2";
}

/** Waits until a socket is connected, and TLS agreed on. */
function established(stream: Duplex): Promise<void> {
  const isTls = "secureConnecting" in stream;
  const waits = isTls
    ? stream.secureConnecting === true
    : "connecting" in stream && stream.connecting === true;
  return new Promise((resolve, reject) => {
    const closed = (): void =>
      reject(failure("ERR_WS_HANDSHAKE_CLOSED", "The connection ended before HTTP/2 could be agreed on"));
    if (stream.destroyed) closed();
    if (!waits) resolve();
    stream.once(isTls ? "secureConnect" : "connect", resolve);
    // Stays, for whatever comes before another takes the stream over.
    stream.on("error", reject);
    stream.once("close", closed);
  });
}

function failure(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
