import { join } from "node:path";
import type { SecureContextOptions, TlsOptions } from "node:tls";
import type { Settings, TlsSettings } from "../config/settings.ts";
import { isTls, type Url } from "../config/url.ts";
import { selfSignedFiles } from "./self-signed.ts";
import { loadCertificates, type TlsPrefix } from "./tls-files.ts";

/** How one side of the member encrypts; undefined: not at all. */
export interface TlsSide {
  /** With the files of a certificate of our own where none was given. */
  readonly settings: TlsSettings;
  readonly prefix: TlsPrefix;
  readonly certificates: SecureContextOptions;
  readonly server: TlsOptions;
}

/** Certificates for clients, if any client URL asks for them. Throws `ConfigError`. */
export function clientTlsSide(settings: Settings): TlsSide | undefined {
  const urls = [
    ...settings.listenClientUrls,
    ...settings.listenClientHttpUrls,
    ...settings.listenMetricsUrls,
  ];
  return tlsSide(settings, settings.clientTls, "", urls);
}

/** Certificates for other members, if the peer URLs ask for them. Throws `ConfigError`. */
export function peerTlsSide(settings: Settings): TlsSide | undefined {
  return tlsSide(settings, settings.peerTls, "peer-", settings.listenPeerUrls);
}

function tlsSide(
  settings: Settings,
  tls: TlsSettings,
  prefix: TlsPrefix,
  urls: readonly Url[],
): TlsSide | undefined {
  if (!urls.some(isTls)) return undefined;
  const own = tls.certFile === undefined ? ownCertificate(settings, prefix, urls) : {};
  const complete = { ...tls, ...own };
  const asksForCertificates = tls.clientCertAuth || tls.trustedCaFile !== undefined;
  const certificates = loadCertificates(complete, prefix);
  return {
    settings: complete,
    prefix,
    certificates,
    server: {
      ...certificates,
      requestCert: asksForCertificates,
      rejectUnauthorized: asksForCertificates,
    },
  };
}

function ownCertificate(
  settings: Settings,
  prefix: TlsPrefix,
  urls: readonly Url[],
): Pick<TlsSettings, "certFile" | "keyFile"> {
  const folder = join(settings.dataDir, "fixtures", prefix === "" ? "client" : "peer");
  const hosts = new Set(["localhost", "127.0.0.1", "::1", ...urls.map(({ host }) => host)]);
  return selfSignedFiles(folder, [...hosts]);
}
