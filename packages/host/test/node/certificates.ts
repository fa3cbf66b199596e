import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { TlsOptions } from "../../src/node/tls-material.ts";

/** A throw-away authority in `directory` that issues certificates. */
export class Authority {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    openssl(directory, [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", "ca.key", "-out", "ca.pem", "-days", "30", "-subj", "/CN=test authority"],
    ]);
  }

  /** Certificate and key for `name`, as `<file>.pem` and `<file>.key`. */
  issue(file: string, name: string): TlsOptions {
    const at = this.#directory;
    openssl(at, [
      ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-keyout", `${file}.key`, "-out", `${file}.csr`, "-subj", `/CN=${name}`],
    ]);
    writeFileSync(`${at}/${file}.ext`, `subjectAltName=DNS:${name},IP:127.0.0.1\n`);
    openssl(at, [
      ...["x509", "-req", "-in", `${file}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key"],
      ...["-CAcreateserial", "-out", `${file}.pem`, "-days", "30", "-extfile", `${file}.ext`],
    ]);
    return {
      certFile: `${at}/${file}.pem`,
      keyFile: `${at}/${file}.key`,
      caFile: `${at}/ca.pem`,
    };
  }
}

function openssl(directory: string, parameters: readonly string[]): void {
  execFileSync("openssl", [...parameters], { cwd: directory, stdio: "ignore" });
}
