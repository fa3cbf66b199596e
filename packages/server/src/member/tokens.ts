import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { CallContext } from "../rpc/call.ts";
import type { Passwords, TokenIssuer } from "../services/auth-service.ts";
import { resultOf } from "../services/store-access.ts";
import { randomLetters } from "./callers.ts";
import type { ReplicatedStore } from "./replicated-store.ts";

const SALT_BYTES = 16;
const HASH_BYTES = 32;
const BLOCK_SIZE = 8;
const LANES = 1;
/** scrypt with 2^14 rounds takes about as long as bcrypt at its usual cost of 10. */
const ROUNDS_OVER_COST = 4;

/**
 * Password hashes by scrypt, on the system's thread pool: logging in must not hold up anybody's keys. A hash carries
 * its own cost, so that the setting can be changed at any time.
 */
export class ScryptPasswords implements Passwords {
  readonly #rounds: number;

  /** `bcryptCost` is the setting's scale, 4 to 31: each step doubles the work. Beyond 16 only memory would grow. */
  constructor(bcryptCost: number) {
    this.#rounds = 2 ** (Math.min(bcryptCost, 16) + ROUNDS_OVER_COST);
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const hash = await derive(password, salt, this.#rounds);
    return ["scrypt", this.#rounds, salt.toString("base64"), hash.toString("base64")].join("$");
  }

  async matches(password: string, hash: string): Promise<boolean> {
    const [kind, rounds, salt, expected] = hash.split("$");
    if (kind !== "scrypt" || salt === undefined || expected === undefined) return false;
    const given = await derive(password, Buffer.from(salt, "base64"), Number(rounds));
    const wanted = Buffer.from(expected, "base64");
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }
}

function derive(password: string, salt: Uint8Array, rounds: number): Promise<Buffer> {
  const maxmem = 256 * rounds * BLOCK_SIZE;
  return new Promise((resolve, reject) => {
    scrypt(
      password,
      salt,
      HASH_BYTES,
      { N: rounds, r: BLOCK_SIZE, p: LANES, maxmem },
      (error, key) => (error === null ? resolve(key) : reject(error)),
    );
  });
}

/** Tokens that stand in the log: every member knows every token. */
export class SimpleTokens implements TokenIssuer {
  readonly #store: ReplicatedStore;

  constructor(store: ReplicatedStore) {
    this.#store = store;
  }

  async issue(name: string, passwordHash: string, call: CallContext): Promise<string> {
    const request = { type: "authenticate", name, passwordHash, token: randomLetters() } as const;
    return resultOf(await this.#store.propose(request, call), "authenticate").token;
  }
}
