import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { TlsSettings } from "../network/tls-stream.js";
import { checkBoolean, checkFunction, checkString, type Given, refuseSecret } from "./option-checks.js";

/** What a TLS connection may be told; names and meaning are those of `node:tls`. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of Node's own, in PEM form. */
  readonly ca?: Exclude<TlsSettings["ca"], undefined>;
  /** Client certificate in PEM form. */
  readonly cert?: Exclude<TlsSettings["cert"], undefined>;
  /** The client certificate's private key in PEM form. */
  readonly key?: Exclude<TlsSettings["key"], undefined>;
  /** Client certificate and private key in PKCS #12 form, instead of `cert` and `key`. */
  readonly pfx?: Exclude<TlsSettings["pfx"], undefined>;
  /** What `key` or `pfx` is encrypted with. */
  readonly passphrase?: string;
  /** Whether a certificate that can't be verified ends the attempt. Default true; false is for tests. */
  readonly rejectUnauthorized?: boolean;
  /** The name to indicate to the server and to verify its certificate for. Default: the URL's host. */
  readonly servername?: string;
  /** Verifies that a trusted certificate is that of the host: returns an Error if it isn't. Default: Node's own check. */
  readonly checkServerIdentity?: Exclude<TlsSettings["checkServerIdentity"], undefined>;
}

export const tlsOptionNames = [
  "ca",
  "cert",
  "key",
  "pfx",
  "passphrase",
  "rejectUnauthorized",
  "servername",
  "checkServerIdentity",
] as const;

/** Options whose values OpenSSL reads. */
const secrets = ["cert", "key", "pfx", "passphrase"] as const;

/** @throws TypeError that names the option and what was expected. */
export function readTlsSettings(given: Given): TlsSettings {
  const settings = {
    ca: checkPem(given, "ca"),
    cert: checkPem(given, "cert"),
    key: checkPem(given, "key"),
    pfx: checkPem(given, "pfx"),
    passphrase: checkPassphrase(given),
    rejectUnauthorized: checkBoolean(given, "rejectUnauthorized"),
    servername: checkString(given, "servername"),
    checkServerIdentity: checkFunction<TlsOptions["checkServerIdentity"]>(given, "checkServerIdentity"),
  };
  checkAuthorities(settings.ca);
  const tls: TlsSettings = Object.fromEntries(
    Object.entries(settings).filter(([, setting]) => setting !== undefined),
  );
  if (secrets.every((name) => tls[name] === undefined)) return tls;
  return { ...tls, secureContext: readSecrets(tls) };
}

/** Certificates and keys, in the forms that `node:tls` takes. */
function checkPem(options: Given, name: "ca" | "cert" | "key" | "pfx"): string | Buffer | undefined {
  const value = options[name];
  const each = Array.isArray(value) ? value : [value];
  if (value === undefined || each.every((item) => typeof item === "string" || ArrayBuffer.isView(item))) {
    return value as string | Buffer | undefined;
  }
  return refuseSecret(name, value, "a string, a Buffer or a list of these");
}

function checkPassphrase(options: Given): string | undefined {
  const { passphrase, key, pfx } = options;
  if (passphrase === undefined) return undefined;
  if (typeof passphrase !== "string") {
    return refuseSecret("passphrase", passphrase, "a string");
  }
  if (key === undefined && pfx === undefined) {
    throw new TypeError("The option passphrase is of no use without the option key or pfx");
  }
  return passphrase;
}

/** Node would drop an authority that it can't read, and then trust nobody. */
function checkAuthorities(ca: TlsSettings["ca"]): void {
  for (const authority of ca === undefined ? [] : [ca].flat()) {
    try {
      new X509Certificate(authority);
    } catch (error) {
      throw unreadable("ca", error, "certificates in PEM form");
    }
  }
}

/** The context to connect with; what can't be read is found now, one option after the other. */
function readSecrets({
  ca,
  cert,
  key,
  pfx,
  passphrase,
}: TlsSettings): ReturnType<typeof createSecureContext> {
  try {
    return createSecureContext({ ca, cert, key, pfx, passphrase });
  } catch (error) {
    const withPassphrase = passphrase === undefined ? "" : ", or the option passphrase";
    if (fails({ cert })) throw unreadable("cert", error, "certificates in PEM form");
    if (fails({ key, passphrase })) {
      throw unreadable(
        `key${withPassphrase}`,
        error,
        "a private key in PEM form, with its passphrase if it has one",
      );
    }
    if (fails({ pfx, passphrase })) {
      throw unreadable(
        `pfx${withPassphrase}`,
        error,
        "a certificate and a private key in PKCS #12 form, with their passphrase if they have one",
      );
    }
    throw unreadable("key", error, "the private key of the certificate in the option cert");
  }
}

function fails(settings: Parameters<typeof createSecureContext>[0]): boolean {
  try {
    createSecureContext(settings);
    return false;
  } catch {
    return true;
  }
}

/** OpenSSL's words are about the form, and never show the value. */
function unreadable(name: string, error: unknown, expected: string): TypeError {
  const why = error instanceof Error ? error.message : String(error);
  return new TypeError(`The option ${name} can't be used (${why}), but must be ${expected}`);
}
