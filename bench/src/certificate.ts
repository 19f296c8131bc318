import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CertificateFiles {
  readonly folder: string;
  readonly certificate: string;
  readonly privateKey: string;
}

interface SelfSigned {
  readonly default: {
    generate(
      attributes: readonly { readonly name: string; readonly value: string }[],
      options: object,
    ): Promise<{ readonly private: string; readonly cert: string }>;
  };
}

/** A certificate for localhost, made on the spot and trusted by nothing but the benchmark's own processes. */
export async function makeCertificate(): Promise<CertificateFiles> {
  const name: string = "selfsigned"; // a type of string keeps the compiler from looking for the package
  const { default: selfsigned } = (await import(name)) as SelfSigned;
  const pems = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
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
  const files = { folder, certificate: join(folder, "certificate.pem"), privateKey: join(folder, "key.pem") };
  writeFileSync(files.certificate, pems.cert);
  writeFileSync(files.privateKey, pems.private, { mode: 0o600 });
  return files;
}
