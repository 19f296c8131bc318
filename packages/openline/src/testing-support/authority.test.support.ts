import forge from "node-forge";
import type { Certificate } from "./certificate.test.support.js";

const day = 24 * 60 * 60 * 1000;

/** One key pair for all: what the tests tell apart are the certificates, and keys take long to make. */
const keys = forge.pki.rsa.generateKeyPair({ bits: 2048 });

let serials = 0;

export interface IssuedCertificate extends Certificate {
  /** The same in PKCS #12 form. */
  pkcs12(passphrase: string): Buffer;
  /** The private key encrypted. */
  encryptedKey(passphrase: string): string;
}

/** A certificate authority of a test's own. */
export class Authority {
  readonly #name: string;
  readonly #certificate: forge.pki.Certificate;
  /** In PEM form. */
  readonly cert: string;

  constructor(name = "openline test authority") {
    this.#name = name;
    this.#certificate = certificate(name, name, [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ]);
    this.cert = forge.pki.certificateToPem(this.#certificate);
  }

  /** A certificate for a server, or for a client that is called `name`. */
  issue(name = "localhost", names: readonly string[] = ["localhost"]): IssuedCertificate {
    const altNames = [
      ...names.map((value) => ({ type: 2, value })),
      { type: 7, ip: "127.0.0.1" },
      { type: 7, ip: "::1" },
    ];
    const issued = certificate(name, this.#name, [{ name: "subjectAltName", altNames }]);
    const { privateKey } = keys;
    return {
      key: forge.pki.privateKeyToPem(privateKey),
      cert: forge.pki.certificateToPem(issued),
      pkcs12: (passphrase) => {
        const structure = forge.pkcs12.toPkcs12Asn1(privateKey, [issued], passphrase, {
          algorithm: "aes256",
        });
        return Buffer.from(forge.asn1.toDer(structure).getBytes(), "latin1");
      },
      encryptedKey: (passphrase) =>
        forge.pki.encryptRsaPrivateKey(privateKey, passphrase, { algorithm: "aes256" }),
    };
  }
}

function certificate(subject: string, issuer: string, extensions: object[]): forge.pki.Certificate {
  const made = forge.pki.createCertificate();
  made.publicKey = keys.publicKey;
  made.serialNumber = `01${(++serials).toString(16).padStart(6, "0")}`;
  made.validity.notBefore = new Date(Date.now() - day);
  made.validity.notAfter = new Date(Date.now() + day);
  made.setSubject([{ name: "commonName", value: subject }]);
  made.setIssuer([{ name: "commonName", value: issuer }]);
  made.setExtensions(extensions);
  made.sign(keys.privateKey, forge.md.sha256.create());
  return made;
}
