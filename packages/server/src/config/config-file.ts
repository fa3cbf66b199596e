import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { checkRefused } from "./command-line.ts";
import { ConfigError } from "./config-error.ts";
import { flagNamed, IGNORED_FLAGS, REFUSED_FLAGS } from "./flags.ts";
import type { Given, GivenValue, Source } from "./given.ts";

/** Loaded for those who have a file: nobody else should wait for it at the start. */
function yaml(): typeof import("yaml") {
  return createRequire(import.meta.url)("yaml") as typeof import("yaml");
}

/** etcd's sections for certificates, with the flag each of their keys stands for. */
const SECTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "client-transport-security": {
    "cert-file": "cert-file",
    "key-file": "key-file",
    "trusted-ca-file": "trusted-ca-file",
    "client-cert-auth": "client-cert-auth",
    "auto-tls": "auto-tls",
  },
  "peer-transport-security": {
    "cert-file": "peer-cert-file",
    "key-file": "peer-key-file",
    "trusted-ca-file": "peer-trusted-ca-file",
    "client-cert-auth": "peer-client-cert-auth",
    "auto-tls": "peer-auto-tls",
    "allowed-cn": "peer-cert-allowed-cn",
    "allowed-hostname": "peer-cert-allowed-hostname",
  },
};

/** Reads the YAML or JSON file of settings, with the flags' names as keys. */
export function readConfigFile(path: string): Source {
  const content = parseContent(path, readContent(path));
  const settings = new Map<string, Given>();
  const ignored: string[] = [];
  const set = (name: string, value: unknown, key: string): void => {
    if (value === null || value === undefined) return;
    const known = flagNamed(name);
    if (known !== undefined) {
      const where = `${key} in ${path}`;
      settings.set(known.name, { value: givenValue(value, where), where });
    } else if (REFUSED_FLAGS.has(name)) checkRefused(name, value, `${key} in ${path}`);
    else if (IGNORED_FLAGS.has(name)) ignored.push(key);
    else
      throw new ConfigError(
        `The configuration file ${path} has a setting "${key}" that does not exist.`,
      );
  };
  for (const [key, value] of Object.entries(content)) {
    const section = SECTIONS[key];
    if (section === undefined) {
      set(key, value, key);
      continue;
    }
    if (!isRecord(value)) throw new ConfigError(`${key} in ${path} must be a section of settings.`);
    for (const [inner, innerValue] of Object.entries(value)) {
      set(section[inner] ?? `${key}.${inner}`, innerValue, `${key}.${inner}`);
    }
  }
  return { settings, ignored };
}

function readContent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const reason =
      why === "ENOENT" ? "it does not exist" : why === "EISDIR" ? "it is a folder" : why;
    throw new ConfigError(`Cannot read the configuration file ${path}: ${reason}.`, {
      cause: error,
    });
  }
}

function parseContent(path: string, text: string): Readonly<Record<string, unknown>> {
  let content: unknown;
  try {
    content = yaml().parse(text);
  } catch (cause) {
    const place =
      cause instanceof yaml().YAMLParseError && cause.linePos !== undefined
        ? ` at line ${cause.linePos[0].line}`
        : "";
    throw new ConfigError(`The configuration file ${path} is neither YAML nor JSON${place}.`, {
      cause,
    });
  }
  if (content === null || content === undefined) return {};
  if (!isRecord(content)) {
    throw new ConfigError(`The configuration file ${path} must hold settings by name.`);
  }
  return content;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function givenValue(value: unknown, where: string): GivenValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value;
  throw new ConfigError(`${where} must be text, a number, true, false, or a list of texts.`);
}
