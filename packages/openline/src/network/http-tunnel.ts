import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import type { Duplex } from "node:stream";
import { CloseCode } from "../protocol/close-code.js";
import { ConnectionError, type ConnectionErrorCode } from "../protocol/connection-error.js";
import { toProxyError } from "./network-error.js";
import { type ProxyServer, shownProxy } from "./proxy.js";
import { type AddressSettings, connectTls, type TlsSettings, tlsSettingsForProxy } from "./tls-stream.js";

/** What a tunnel is opened with. */
export interface TunnelOptions {
  readonly proxy: ProxyServer;
  /** How to reach the proxy. */
  readonly address: AddressSettings;
  readonly tls: TlsSettings;
}

/**
 * Has a proxy connect to `authority` (host and port) and gives the stream to it. RFC 9110, 9.3.6
 * @param signal ends the attempt.
 */
export function openTunnel(
  { proxy, address, tls }: TunnelOptions,
  authority: string,
  signal: AbortSignal,
): Promise<Duplex> {
  const { host, port, authorization } = proxy;
  const headers = ["Host", authority];
  if (authorization !== undefined) headers.push("Proxy-Authorization", authorization);
  return new Promise((resolve, reject) => {
    const request = (proxy.secure ? httpsRequest : httpRequest)({
      method: "CONNECT",
      path: authority,
      headers,
      signal,
      createConnection: () =>
        proxy.secure
          ? connectTls(host, ["http/1.1"], tlsSettingsForProxy(tls), { ...address, port })
          : connectTcp({ ...address, host, port }),
    });
    request.on("connect", ({ statusCode = 0 }, socket, head) => {
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(refused(proxy, statusCode));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.on("error", (error) => reject(toTunnelError(error, proxy)));
    request.end();
  });
}

function refused(proxy: ProxyServer, status: number): ConnectionError {
  if (status === 407) {
    const what =
      proxy.authorization === undefined
        ? "asks for a user name and a password"
        : "did not accept the user name and the password";
    return failed("ERR_WS_PROXY_AUTHENTICATION", `The proxy ${shownProxy(proxy)} ${what} (status 407)`);
  }
  return failed(
    "ERR_WS_PROXY_STATUS",
    `The proxy ${shownProxy(proxy)} answered CONNECT with status ${status}, not 200`,
  );
}

function toTunnelError(error: NodeJS.ErrnoException, proxy: ProxyServer): Error {
  if (error.message === "socket hang up") {
    return failed(
      "ERR_WS_PROXY_CLOSED",
      `The proxy ${shownProxy(proxy)} ended the connection before it had answered CONNECT`,
    );
  }
  if (error.code?.startsWith("HPE_") === true) {
    return failed("ERR_WS_PROXY_HTTP", `What the proxy ${shownProxy(proxy)} answered is not HTTP`);
  }
  return toProxyError(error, proxy);
}

function failed(code: ConnectionErrorCode, message: string): ConnectionError {
  return new ConnectionError(code, CloseCode.Abnormal, message);
}
