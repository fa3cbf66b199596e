import type { CallContext } from "../rpc/call.ts";
import { RpcError, STATUS } from "../rpc/status.ts";
import type { TokenIssuer } from "../services/auth-service.ts";
import { answerOf, type StoreAccess } from "../services/store-access.ts";
import { readJwt, signJwt } from "./jwt.ts";
import type { JwtKeys } from "./jwt-settings.ts";

/** Who a token stands for, and how users and roles were when it was made. */
export interface TokenHolder {
  readonly name: string;
  readonly authRevision: number;
}

/** Tokens that carry their own proof: nobody has to remember them, and any change of users or roles ends them. */
export class JwtTokens {
  readonly #keys: JwtKeys;
  readonly #wallClockMs: () => number;

  constructor(keys: JwtKeys, wallClockMs: () => number) {
    this.#keys = keys;
    this.#wallClockMs = wallClockMs;
  }

  /** Issues with the auth revision of `store`. */
  issuer(store: StoreAccess): TokenIssuer {
    return {
      issue: async (name, _, call: CallContext) => {
        const answer = await store.query({ type: "authStatus" }, "local", call);
        return this.#sign({ name, authRevision: answerOf(answer, "authStatus").authRevision });
      },
    };
  }

  holder(token: string): TokenHolder | undefined {
    const { method, checkWith } = this.#keys;
    const claims = readJwt(token, method, checkWith, this.#wallClockMs());
    const name = claims?.["username"];
    const authRevision = claims?.["revision"];
    if (typeof name !== "string" || typeof authRevision !== "number") return undefined;
    return { name, authRevision };
  }

  #sign({ name, authRevision }: TokenHolder): string {
    const { method, signWith, ttlMs } = this.#keys;
    if (signWith === undefined) {
      throw new RpcError(STATUS.UNKNOWN, "auth: token signing attempted with verify-only key");
    }
    const exp = Math.floor((this.#wallClockMs() + ttlMs) / 1000);
    return signJwt({ username: name, revision: authRevision, exp }, method, signWith);
  }
}
