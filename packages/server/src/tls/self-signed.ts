import { generateKeyPairSync, randomBytes, sign, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  bits,
  boolean,
  type Der,
  integer,
  objectId,
  octets,
  sequence,
  set,
  tagged,
  utcTime,
  utf8String,
} from "./der.ts";

const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
const COMMON_NAME = "2.5.4.3";
const KEY_USAGE = "2.5.29.15";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const ALTERNATIVE_NAMES = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

const VALIDITY_MS = 365 * 24 * 60 * 60 * 1000;
/** A certificate that would end while the process may still run is made anew at the start. */
const RENEW_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes a certificate for these hosts in the folder, or takes the one from last time while it is good. */
export function selfSignedFiles(
  folder: string,
  hosts: readonly string[],
  now: Date = new Date(),
): CertificateFiles {
  const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  if (existsSync(files.certFile) && existsSync(files.keyFile) && isGood(files.certFile, now)) {
    return files;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { certificate, key } = selfSigned(hosts, now);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  writeFileSync(files.certFile, certificate);
  return files;
}

function isGood(certFile: string, now: Date): boolean {
  try {
    const certificate = new X509Certificate(readFileSync(certFile));
    return new Date(certificate.validTo).getTime() - now.getTime() > RENEW_BEFORE_MS;
  } catch {
    return false;
  }
}

/** A certificate and its key, PEM, for host names and addresses. */
export function selfSigned(
  hosts: readonly string[],
  now: Date,
): { readonly certificate: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectId(COMMON_NAME), utf8String("quorate"))));
  const body = sequence(
    tagged(0, integer(Buffer.of(2)), true),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    name,
    sequence(utcTime(now), utcTime(new Date(now.getTime() + VALIDITY_MS))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, sequence(...extensions(hosts)), true),
  );
  const signature = sign("sha256", body, privateKey);
  const der = sequence(body, algorithm, bits(signature));
  return {
    certificate: pem(der),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extensions(hosts: readonly string[]): readonly Der[] {
  const names = hosts.map((host) =>
    isIP(host) === 0
      ? tagged(2, Buffer.from(host, "latin1"), false)
      : tagged(7, addressBytes(host), false),
  );
  return [
    extension(BASIC_CONSTRAINTS, true, sequence(boolean(true))),
    // Signing, and signing certificates: the certificate is its own authority.
    extension(KEY_USAGE, true, bits(Buffer.of(0b1000_0100), 2)),
    extension(EXTENDED_KEY_USAGE, false, sequence(objectId(SERVER_AUTH), objectId(CLIENT_AUTH))),
    extension(ALTERNATIVE_NAMES, false, sequence(...names)),
  ];
}

function extension(id: string, critical: boolean, value: Der): Der {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const words = (text: string): number[] =>
    text === "" ? [] : text.split(":").map((word) => Number.parseInt(word, 16));
  const front = words(head);
  const back = words(tail);
  const all = [...front, ...new Array<number>(8 - front.length - back.length).fill(0), ...back];
  return Buffer.from(all.flatMap((word) => [word >> 8, word & 0xff]));
}

function pem(der: Der): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
