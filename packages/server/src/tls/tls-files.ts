import { readFileSync, unwatchFile, watchFile } from "node:fs";
import {
  createSecureContext,
  getCiphers,
  type SecureContextOptions,
  type SecureVersion,
} from "node:tls";
import { ConfigError } from "../config/config-error.ts";
import type { TlsSettings, TlsVersion } from "../config/settings.ts";
import { openSslCiphers } from "./cipher-suites.ts";

/** How often the files are looked at for new certificates. */
const LOOK_INTERVAL_MS = 5000;

const OLDEST: SecureVersion = "TLSv1.2";

/** Where the settings came from, for sentences: `--cert-file` or `--peer-cert-file`. */
export type TlsPrefix = "" | "peer-";

/** Reads what the settings name. Throws `ConfigError` for files that cannot be read or do not fit together. */
export function loadCertificates(tls: TlsSettings, prefix: TlsPrefix): SecureContextOptions {
  const options: SecureContextOptions = {
    cert: readPem(tls.certFile, `--${prefix}cert-file`),
    key: readPem(tls.keyFile, `--${prefix}key-file`),
    ca: readPem(tls.trustedCaFile, `--${prefix}trusted-ca-file`),
    crl: readPem(tls.crlFile, prefix === "" ? "--client-crl-file" : "--peer-crl-file"),
    ciphers: openSslCiphers(tls.cipherSuites, getCiphers()),
    minVersion: secureVersion(tls.minVersion) ?? OLDEST,
    maxVersion: secureVersion(tls.maxVersion),
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(
      `The files of --${prefix}cert-file and --${prefix}key-file cannot be used together: ${why}.`,
      { cause },
    );
  }
  return options;
}

function readPem(path: string | undefined, flag: string): Buffer | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new ConfigError(`Cannot read ${path}, which ${flag} names.`, { cause });
  }
}

function secureVersion(version: TlsVersion): SecureVersion | undefined {
  switch (version) {
    case "TLS1.2":
      return "TLSv1.2";
    case "TLS1.3":
      return "TLSv1.3";
    case "":
      return undefined;
  }
}

/**
 * Calls `changed` with the new certificates whenever a file has been replaced by one that can be used; until then the old
 * ones stay in force. Returns the function that ends it.
 */
export function watchCertificates(
  tls: TlsSettings,
  prefix: TlsPrefix,
  changed: (certificates: SecureContextOptions) => void,
): () => void {
  const files = [tls.certFile, tls.keyFile, tls.trustedCaFile, tls.crlFile].filter(
    (file): file is string => file !== undefined,
  );
  const look = (): void => {
    try {
      changed(loadCertificates(tls, prefix));
    } catch (error) {
      // Half replaced: the next file's change calls again.
      if (!(error instanceof ConfigError)) throw error;
    }
  };
  for (const file of files) {
    watchFile(file, { interval: LOOK_INTERVAL_MS, persistent: false }, look);
  }
  return () => {
    for (const file of files) unwatchFile(file, look);
  };
}
