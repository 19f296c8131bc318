import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { generate } from "selfsigned";

/** A certificate that signs itself, with its private key, in PEM form. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256, as browsers and `openssl x509 -fingerprint` show it. */
  readonly fingerprint: string;
}

const day = 24 * 60 * 60 * 1000;

/** Made anew for each run, for the names of loopback and for `host`. It is never written anywhere. */
export async function makeCertificate(host: string): Promise<Certificate> {
  const names = new Set(["localhost", "127.0.0.1", "::1", host]);
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    // Clocks of machines and containers differ.
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 30 * day),
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: Array.from(names, (name) =>
          isIP(name) === 0 ? { type: 2 as const, value: name } : { type: 7 as const, ip: name },
        ),
      },
    ],
  });
  const { fingerprint256 } = new X509Certificate(made.cert);
  return { cert: made.cert, key: made.private, fingerprint: fingerprint256 };
}
