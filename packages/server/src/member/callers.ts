import { randomBytes } from "node:crypto";
import type { Caller, KvMachine } from "@quorate/kv";
import type { CallContext } from "../rpc/call.ts";
import { kvFailure } from "../services/failure.ts";

/** Finds out who makes a call: by token, or by the name in the client's certificate. */
export class Callers {
  readonly #machine: KvMachine;
  readonly #nowMs: () => number;
  readonly #trustsCertificates: boolean;

  /** With `trustsCertificates` a verified certificate's common name is a user's. */
  constructor(machine: KvMachine, nowMs: () => number, trustsCertificates: boolean) {
    this.#machine = machine;
    this.#nowMs = nowMs;
    this.#trustsCertificates = trustsCertificates;
  }

  /** Nobody while nobody has to be somebody. Throws `RpcError` for a token that is not valid. */
  of(call: CallContext): Caller | undefined {
    const token = call.metadata("token") ?? call.metadata("authorization");
    const hasCertificate = this.#trustsCertificates && !call.viaGateway;
    if (token === undefined && !hasCertificate) return undefined;
    const { enabled, authRevision } = this.#authStatus();
    if (!enabled) return undefined;
    const name = token === undefined ? call.certificateName : this.#userOf(token);
    return name === undefined ? undefined : { kind: "user", name, authRevision };
  }

  #userOf(token: string): string {
    const user = this.#machine.tokens.userOf(token.replace(/^Bearer /, ""), this.#nowMs());
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
