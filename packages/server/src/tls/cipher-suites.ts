import { ConfigError } from "../config/config-error.ts";

/** Parts of IANA's names for suites up to TLS 1.2, as OpenSSL writes them. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/^TLS_/, ""],
  [/_WITH_/, "-"],
  [/^RSA-/, ""],
  [/AES_(128|256)/, "AES$1"],
  [/CHACHA20_POLY1305_SHA256/, "CHACHA20-POLY1305"],
  [/_CBC_/, "-"],
  [/3DES_EDE/, "DES-CBC3"],
];

/** Suites of TLS 1.3 have no key exchange in their names, and OpenSSL calls them as IANA does. */
const TLS13 = /^TLS_(AES|CHACHA20)_/;

/** OpenSSL's list for IANA's names. Throws `ConfigError` for a name that is none. */
export function openSslCiphers(
  names: readonly string[],
  known: readonly string[],
): string | undefined {
  if (names.length === 0) return undefined;
  return names.map((name) => openSslName(name, known)).join(":");
}

function openSslName(name: string, known: readonly string[]): string {
  if (TLS13.test(name) && known.includes(name.toLowerCase())) return name;
  let translated = name;
  for (const [pattern, replacement] of PARTS) translated = translated.replace(pattern, replacement);
  translated = translated.replaceAll("_", "-");
  if (name.startsWith("TLS_") && known.includes(translated.toLowerCase())) return translated;
  throw new ConfigError(
    `--cipher-suites names "${name}", which is not a cipher suite that this system has.`,
  );
}
