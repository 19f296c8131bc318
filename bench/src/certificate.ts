import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CertificateFiles {
  readonly folder: string;
  /** What the clients trust. */
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

interface Pems {
  readonly private: string;
  readonly cert: string;
}

interface SelfSigned {
  readonly default: {
    generate(
      attributes: readonly { readonly name: string; readonly value: string }[],
      options: object,
    ): Promise<Pems>;
  };
}

/**
 * A certificate for localhost, made on the spot, and the authority that signed it: an authority's own certificate
 * isn't taken for a server's everywhere. Nothing but the benchmark's own processes trusts it.
 */
export async function makeCertificate(): Promise<CertificateFiles> {
  const library: string = "selfsigned"; // a type of string keeps the compiler from looking for the package
  const { default: selfsigned } = (await import(library)) as SelfSigned;
  const common = { keyType: "ec", curve: "P-256", algorithm: "sha256" };
  const authority = await selfsigned.generate([{ name: "commonName", value: "openline benchmark" }], {
    ...common,
    extensions: [{ name: "basicConstraints", cA: true, critical: true }],
  });
  const server = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    ...common,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), "openline-bench-"));
  const files = {
    folder,
    authority: join(folder, "authority.pem"),
    certificate: join(folder, "certificate.pem"),
    privateKey: join(folder, "key.pem"),
  };
  writeFileSync(files.authority, authority.cert);
  writeFileSync(files.certificate, server.cert);
  writeFileSync(files.privateKey, server.private, { mode: 0o600 });
  return files;
}
