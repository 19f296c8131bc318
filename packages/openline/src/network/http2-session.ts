import type { ClientHttp2Session } from "node:http2";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError } from "../protocol/connection-error.js";

/** What a peer may send on one stream before we have read it: enough for fast lines, little for a slow reader. */
const windowSize = 1024 * 1024;

/** Starts HTTP/2 over a stream to the server. `node:http2` is loaded with the first session. */
export function startSession(url: URL, stream: Duplex): ClientHttp2Session {
  const { connect } = process.getBuiltinModule("node:http2");
  const session = connect(`${url.protocol === "wss:" ? "https" : "http"}://${url.host}`, {
    createConnection: () => stream,
    settings: { enablePush: false, initialWindowSize: windowSize },
  });
  // Each stream hears of the session's failure itself.
  session.on("error", () => {});
  return session;
}

const settingsOf = new WeakMap<ClientHttp2Session, Promise<void>>();

/**
 * Waits until the server's settings are known, and checks that they allow extended CONNECT. [8441] 3
 * @throws ConnectionError where they do not, or the session ends before.
 */
export async function requireExtendedConnect(session: ClientHttp2Session): Promise<void> {
  if (session.closed || session.destroyed) throw sessionEnded();
  let settings = settingsOf.get(session);
  if (settings === undefined) {
    settings = settingsArrival(session);
    settingsOf.set(session, settings);
  }
  await settings;
  if (session.closed || session.destroyed) throw sessionEnded();
  if (session.remoteSettings.enableConnectProtocol === true) return;
  throw new ConnectionError(
    "ERR_WS_HTTP2_EXTENDED_CONNECT",
    CloseCode.Abnormal,
    "The server does not take WebSockets over HTTP/2: its settings lack SETTINGS_ENABLE_CONNECT_PROTOCOL",
  );
}

function settingsArrival(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve, reject) => {
    // RFC 9113, 3.4: the settings are the first that a server sends, so they come before the answer to a ping.
    const ping = (): void => {
      session.ping((error) => {
        if (error === null) done();
      });
    };
    const done = (): void => {
      session.off("remoteSettings", done);
      session.off("error", failed);
      session.off("close", closed);
      resolve();
    };
    const failed = (error: Error): void => reject(error);
    const closed = (): void => reject(sessionEnded());
    session.on("remoteSettings", done);
    session.on("error", failed);
    session.on("close", closed);
    if (session.connecting) session.once("connect", ping);
    else ping();
  });
}

function sessionEnded(): ConnectionError {
  return new ConnectionError(
    "ERR_WS_HTTP2_SESSION",
    CloseCode.Abnormal,
    "The HTTP/2 session ended before the WebSocket was open",
  );
}
