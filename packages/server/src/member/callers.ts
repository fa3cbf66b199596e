import { randomBytes } from "node:crypto";
import type { Caller, KvMachine } from "@quorate/kv";
import type { JwtTokens } from "../auth/jwt-tokens.ts";
import type { CallContext } from "../rpc/call.ts";
import { failure, kvFailure } from "../services/failure.ts";
import type { MemberReplica } from "./replicated-store.ts";

/** A token names the log entry that made it; one from beyond the end of the log keeps nobody waiting for long. */
const TOKEN_WAIT_MS = 1000;

export interface CallersOptions {
  readonly machine: KvMachine;
  readonly replica: MemberReplica;
  readonly nowMs: () => number;
  /** A verified certificate's common name is a user's. */
  readonly trustsCertificates: boolean;
  /** Tokens that carry their own proof; undefined: simple ones. */
  readonly jwt: JwtTokens | undefined;
}

function tokenOf(call: CallContext): string | undefined {
  const token = call.metadata("token") ?? call.metadata("authorization");
  return token === undefined ? undefined : token.replace(/^Bearer /, "");
}

/** Finds out who makes a call: by token, or by the name in the client's certificate. */
export class Callers {
  readonly #machine: KvMachine;
  readonly #replica: MemberReplica;
  readonly #nowMs: () => number;
  readonly #trustsCertificates: boolean;
  readonly #jwt: JwtTokens | undefined;

  constructor(options: CallersOptions) {
    this.#machine = options.machine;
    this.#replica = options.replica;
    this.#nowMs = options.nowMs;
    this.#trustsCertificates = options.trustsCertificates;
    this.#jwt = options.jwt;
  }

  /**
   * Resolves when this member can judge the call's token: one that another member has just issued may not have arrived
   * here. Undefined when it can now.
   */
  pending(call: CallContext): Promise<void> | undefined {
    if (this.#jwt !== undefined) return undefined;
    const token = tokenOf(call);
    if (token === undefined) return undefined;
    const index = Number(/\.(\d{1,15})$/.exec(token)?.[1] ?? 0);
    if (index <= this.#replica.appliedIndex) return undefined;
    if (!this.#authStatus().enabled) return undefined;
    const waited = this.#replica.readBarrier({
      level: "sequential",
      after: index,
      timeoutMs: TOKEN_WAIT_MS,
    });
    // Whatever came of it, the token is judged by what is known then.
    return waited.then(
      () => {},
      () => {},
    );
  }

  /** Nobody while nobody has to be somebody. Throws `RpcError` for a token that is not valid. */
  of(call: CallContext): Caller | undefined {
    const token = tokenOf(call);
    if (token === undefined && !this.#trustsCertificates) return undefined;
    const { enabled, authRevision } = this.#authStatus();
    if (!enabled) return undefined;
    // etcd's gateway has a certificate of its own; whoever counts on the client's would be somebody else than expected.
    if (this.#trustsCertificates && call.viaGateway && call.certificateName !== undefined) {
      throw failure("certificateViaGateway");
    }
    if (token !== undefined && this.#jwt !== undefined) {
      const holder = this.#jwt.holder(token);
      if (holder === undefined) throw kvFailure("invalidAuthToken");
      return { kind: "user", ...holder };
    }
    const name = token === undefined ? call.certificateName : this.#userOf(token);
    return name === undefined ? undefined : { kind: "user", name, authRevision };
  }

  #userOf(token: string): string {
    const user = this.#machine.tokens.userOf(token, this.#nowMs());
    if (user === undefined) throw kvFailure("invalidAuthToken");
    return user;
  }

  #authStatus(): { readonly enabled: boolean; readonly authRevision: number } {
    const answer = this.#machine.query({ type: "authStatus" });
    if (!("type" in answer) || answer.type !== "authStatus")
      return { enabled: false, authRevision: 0 };
    return answer;
  }
}

const TOKEN_LETTERS = 16;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The part of a token that nobody can guess. */
export function randomLetters(): string {
  let letters = "";
  while (letters.length < TOKEN_LETTERS) {
    for (const byte of randomBytes(TOKEN_LETTERS)) {
      // Larger bytes would make some letters likelier than others.
      if (byte < 208 && letters.length < TOKEN_LETTERS) letters += ALPHABET[byte % 52];
    }
  }
  return letters;
}
