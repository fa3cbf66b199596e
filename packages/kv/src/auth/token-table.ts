/** Tokens kept at most; the longest unused one goes first. Bounds what repeated logins can cost. */
export const TOKENS_MAX: number = 100_000;

interface Token {
  readonly user: string;
  /** Monotonic milliseconds. */
  usedAtMs: number;
}

/**
 * Which token stands for which user on this member. Filled by applying `authenticate`, so every member knows every
 * token; gone after a restart, when clients log in again. A token lives as long as it is used.
 */
export class TokenTable {
  /** In the order of last use. */
  readonly #tokens: Map<string, Token> = new Map();
  readonly #ttlMs: number;
  #nowMs = 0;

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#tokens.size;
  }

  /** A token counts as used when it is assigned, by the latest time this table has heard of. */
  assign(token: string, user: string): void {
    this.#tokens.delete(token);
    this.#tokens.set(token, { user, usedAtMs: this.#nowMs });
    if (this.#tokens.size > TOKENS_MAX) this.#dropOldest();
  }

  /** The user the token stands for, which renews it; nothing if it is unknown or ran out. */
  userOf(token: string, nowMs: number): string | undefined {
    this.expire(nowMs);
    const found = this.#tokens.get(token);
    if (found === undefined) return undefined;
    this.#tokens.delete(token);
    found.usedAtMs = nowMs;
    this.#tokens.set(token, found);
    return found.user;
  }

  /** Drops what was not used for the time to live. Cheap; call it now and then. */
  expire(nowMs: number): void {
    this.#nowMs = nowMs;
    for (const [token, { usedAtMs }] of this.#tokens) {
      if (usedAtMs + this.#ttlMs > nowMs) return;
      this.#tokens.delete(token);
    }
  }

  /** The user's password changed, or the user is gone. */
  dropUser(user: string): void {
    for (const [token, found] of this.#tokens) {
      if (found.user === user) this.#tokens.delete(token);
    }
  }

  clear(): void {
    this.#tokens.clear();
  }

  #dropOldest(): void {
    for (const token of this.#tokens.keys()) {
      this.#tokens.delete(token);
      return;
    }
  }
}
