import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { ConfigError } from "../config/config-error.ts";
import { parseDuration } from "../config/duration.ts";
import { isJwtMethod, JWT_METHODS, type JwtMethod } from "./jwt.ts";

/** How tokens are signed and checked. */
export interface JwtKeys {
  readonly method: JwtMethod;
  /** Undefined: this member checks tokens that others have signed. */
  readonly signWith: KeyObject | undefined;
  readonly checkWith: KeyObject;
  readonly ttlMs: number;
}

const TTL_DEFAULT_MS = 5 * 60 * 1000;
const OPTIONS: readonly string[] = ["sign-method", "priv-key", "pub-key", "ttl"];

/** Reads `--auth-token`: undefined for simple tokens. Throws `ConfigError`. */
export function readJwtKeys(setting: string): JwtKeys | undefined {
  const [kind, ...parts] = setting.split(",");
  if (kind === "simple" || kind === "") return undefined;
  if (kind !== "jwt")
    throw new ConfigError(`--auth-token must be simple or jwt,…, not "${setting}".`);
  const options = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf("=");
    const name = part.slice(0, at);
    if (at < 1 || !OPTIONS.includes(name)) {
      throw new ConfigError(`--auth-token: "${part}" is none of ${OPTIONS.join(", ")}.`);
    }
    options.set(name, part.slice(at + 1));
  }
  const method = options.get("sign-method") ?? "";
  if (!isJwtMethod(method)) {
    throw new ConfigError(`--auth-token: sign-method must be one of ${JWT_METHODS.join(", ")}.`);
  }
  const ttlMs = parseDuration(options.get("ttl") ?? "") ?? TTL_DEFAULT_MS;
  return { method, ttlMs, ...keysOf(method, options.get("priv-key"), options.get("pub-key")) };
}

function keysOf(
  method: JwtMethod,
  privatePath: string | undefined,
  publicPath: string | undefined,
): Pick<JwtKeys, "signWith" | "checkWith"> {
  const path = privatePath ?? publicPath;
  if (path === undefined) throw new ConfigError("--auth-token: jwt needs priv-key or pub-key.");
  if (method.startsWith("HS")) {
    const secret = fromFile(path, createSecretKey);
    return { signWith: secret, checkWith: secret };
  }
  const signWith = privatePath === undefined ? undefined : fromFile(privatePath, createPrivateKey);
  const checkWith =
    publicPath === undefined
      ? fromFile(path, createPublicKey)
      : fromFile(publicPath, createPublicKey);
  const wanted = method.startsWith("ES") ? "ec" : method === "EdDSA" ? "ed25519" : "rsa";
  for (const key of [signWith, checkWith]) {
    if (key !== undefined && key.asymmetricKeyType !== wanted) {
      throw new ConfigError(
        `--auth-token: ${method} needs a key of type ${wanted}, not ${key.asymmetricKeyType}.`,
      );
    }
  }
  return { signWith, checkWith };
}

function fromFile(path: string, read: (bytes: Buffer) => KeyObject): KeyObject {
  try {
    return read(readFileSync(path));
  } catch (cause) {
    throw new ConfigError(`--auth-token: ${path} holds no key that can be read.`, { cause });
  }
}
