import type { ByteReader } from "../wire/byte-reader.ts";
import type { ByteWriter } from "../wire/byte-writer.ts";

/** Counted for a session and for a result besides its bytes, so that empty ones are bounded too. */
const SESSION_OVERHEAD_BYTES = 64;
const RESULT_OVERHEAD_BYTES = 32;

interface UserSession {
  readonly id: number;
  /** Results below were acknowledged and forgotten. */
  acknowledgedBelow: number;
  /** Encoded results by sequence. */
  readonly results: Map<number, Uint8Array>;
  bytes: number;
}

/** What the table says about a command before it is applied. */
export type SessionVerdict =
  /** Apply it, then `store` its result. */
  | { readonly verdict: "apply" }
  /** It was applied before; this was its result. */
  | { readonly verdict: "stored"; readonly result: Uint8Array }
  /** The session is gone, or the client said before that it has the answer. */
  | { readonly verdict: "expired" };

const APPLY: SessionVerdict = { verdict: "apply" };
const EXPIRED: SessionVerdict = { verdict: "expired" };

export interface UserSessionLimits {
  readonly sessionsMax: number;
  readonly bytesMax: number;
}

/**
 * Clients' sessions with the results of commands they have not acknowledged. Replicated state: what is forgotten, and
 * when, follows from the log alone. Within one entry all commands are checked before the first result is stored.
 */
export class UserSessions {
  readonly #limits: UserSessionLimits;
  /** In order of last use, longest unused first. */
  readonly #sessions: Map<number, UserSession> = new Map();
  #nextId = 1;
  #bytes = 0;

  constructor(limits: UserSessionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Bytes that count against the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ids are handed out in the order of the log and never again. */
  open(): number {
    const id = this.#nextId++;
    this.#sessions.set(id, { id, acknowledgedBelow: 1, results: new Map(), bytes: 0 });
    this.#bytes += SESSION_OVERHEAD_BYTES;
    return id;
  }

  /** False when there was no such session. */
  close(id: number): boolean {
    const session = this.#sessions.get(id);
    if (session === undefined) return false;
    this.#forget(session);
    return true;
  }

  /** Asks about a command that is about to be applied, and forgets what its client has acknowledged. */
  check(id: number, sequence: number, acknowledgedBelow: number): SessionVerdict {
    const session = this.#sessions.get(id);
    if (session === undefined) return EXPIRED;
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    if (acknowledgedBelow > session.acknowledgedBelow) {
      session.acknowledgedBelow = acknowledgedBelow;
      for (const [known, result] of session.results) {
        if (known >= acknowledgedBelow) continue;
        session.results.delete(known);
        this.#count(session, -(result.length + RESULT_OVERHEAD_BYTES));
      }
    }
    if (sequence < session.acknowledgedBelow) return EXPIRED;
    const result = session.results.get(sequence);
    return result === undefined ? APPLY : { verdict: "stored", result };
  }

  /** Keeps the result of a command that `check` let through, in the order of the commands. */
  store(id: number, sequence: number, result: Uint8Array): void {
    const session = this.#sessions.get(id);
    if (session === undefined || sequence < session.acknowledgedBelow) return;
    session.results.set(sequence, result);
    this.#count(session, result.length + RESULT_OVERHEAD_BYTES);
  }

  /**
   * Lets the longest unused sessions go until the limits hold. Called exactly once per log entry, after its results
   * were stored: at any other moment members that apply in different portions would forget different sessions.
   */
  shrink(): void {
    const { sessionsMax, bytesMax } = this.#limits;
    while (this.#sessions.size > sessionsMax || this.#bytes > bytesMax) {
      const longestUnused = this.#sessions.values().next().value;
      if (longestUnused === undefined) return;
      this.#forget(longestUnused);
    }
  }

  write(writer: ByteWriter): void {
    writer.varint(this.#nextId);
    writer.varint(this.#sessions.size);
    for (const session of this.#sessions.values()) {
      writer.varint(session.id);
      writer.varint(session.acknowledgedBelow);
      writer.varint(session.results.size);
      for (const [sequence, result] of session.results) {
        writer.varint(sequence);
        writer.bytes(result);
      }
    }
  }

  static read(reader: ByteReader, limits: UserSessionLimits): UserSessions {
    const sessions = new UserSessions(limits);
    sessions.#nextId = reader.varint();
    const count = reader.count(3);
    for (let place = 0; place < count; place++) {
      const id = reader.varint();
      const acknowledgedBelow = reader.varint();
      const session: UserSession = { id, acknowledgedBelow, results: new Map(), bytes: 0 };
      sessions.#bytes += SESSION_OVERHEAD_BYTES;
      const results = reader.count(2);
      for (let nth = 0; nth < results; nth++) {
        const sequence = reader.varint();
        const result = reader.bytes().slice();
        session.results.set(sequence, result);
        sessions.#count(session, result.length + RESULT_OVERHEAD_BYTES);
      }
      sessions.#sessions.set(id, session);
    }
    return sessions;
  }

  #count(session: UserSession, bytes: number): void {
    session.bytes += bytes;
    this.#bytes += bytes;
  }

  #forget(session: UserSession): void {
    this.#sessions.delete(session.id);
    this.#bytes -= session.bytes + SESSION_OVERHEAD_BYTES;
  }
}
