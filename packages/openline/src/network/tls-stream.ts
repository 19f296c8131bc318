import { isIP, type LookupFunction } from "node:net";
import type { Duplex } from "node:stream";
import { connect, type SecureContext, type TLSSocket, type ConnectionOptions as TlsOptions } from "node:tls";

import type { sharedReads } from "./shared-read-buffer.js";

/** The TLS settings that a program may choose; names and meaning are those of `node:tls`. */
export type TlsSettings = Pick<
  TlsOptions,
  "ca" | "cert" | "key" | "pfx" | "passphrase" | "rejectUnauthorized" | "servername" | "checkServerIdentity"
> & {
  /** Made of the settings before it, so that wrong ones are found in time. */
  readonly secureContext?: SecureContext;
};

/** How a host's address is found and connected to; names and meaning are those of `node:net`. */
export interface AddressSettings {
  readonly lookup?: LookupFunction;
  readonly family?: 0 | 4 | 6;
  readonly localAddress?: string;
}

/** What TLS is spoken over: a stream that is there, or a new connection. */
export type TlsCarrier =
  | { readonly socket: Duplex }
  | { readonly path: string; readonly onread?: ReturnType<typeof sharedReads> }
  | (AddressSettings & { readonly port: number; readonly onread?: ReturnType<typeof sharedReads> });

/** A TLS connection that is about to be made, and verified to be one to `host`. */
export function connectTls(
  host: string,
  alpn: readonly string[],
  tls: TlsSettings,
  carrier: TlsCarrier,
): TLSSocket {
  return connect({
    ALPNProtocols: [...alpn],
    // [6455] 4.1: server name indication; a bare address has no name to indicate.
    servername: isIP(host) === 0 ? host : "",
    ...tls,
    ...carrier,
    host,
  });
}

/** A proxy is no party to what the client and the server have agreed on, but to the authorities to trust. */
export function tlsSettingsForProxy({ ca, rejectUnauthorized }: TlsSettings): TlsSettings {
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}
