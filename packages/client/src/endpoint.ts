import { readFileSync } from "node:fs";
import { ClientError } from "./errors.ts";

/** Certificates, as PEM text or bytes. */
export interface TlsOptions {
  /** Authorities that may have signed the server's certificate. Default: those the platform trusts. */
  readonly ca?: string | Uint8Array | undefined;
  /** Our own certificate and its key, for servers that ask for one. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  /** Accept any certificate. Only for tests: whoever is in between can read everything. */
  readonly insecureSkipVerify?: boolean | undefined;
}

/** Where a member listens. */
export interface Endpoint {
  /** `host:port`. */
  readonly address: string;
  readonly secure: boolean;
  /** As it was given. */
  readonly text: string;
}

/** Reads `host:port`, `http://host:port` or `https://host:port`. */
export function parseEndpoint(text: string, secureByDefault: boolean): Endpoint {
  const [, scheme, address] = /^(?:(https?):\/\/)?([^/]+?)\/?$/.exec(text.trim()) ?? [];
  const port = /:(\d+)$/.exec(address ?? "")?.[1];
  if (address === undefined || port === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new ClientError(
      "INVALID_ARGUMENT",
      `"${text}" is not an endpoint; write host:port, such as 127.0.0.1:2379.`,
      { outcome: "notApplied" },
    );
  }
  return { address, secure: scheme === undefined ? secureByDefault : scheme === "https", text };
}

/** Reads certificates from files. Throws INVALID_ARGUMENT with a sentence that names the file. */
export function readTlsFiles(files: {
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}): TlsOptions {
  const read = (path: string | undefined): Uint8Array | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(path);
    } catch (cause) {
      throw new ClientError("INVALID_ARGUMENT", `Cannot read the certificate file ${path}.`, {
        outcome: "notApplied",
        cause,
      });
    }
  };
  return { ca: read(files.caFile), cert: read(files.certFile), key: read(files.keyFile) };
}
