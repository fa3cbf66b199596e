import { AuthService } from "@quorate/protocol";
import type { CallEnd } from "../transport/call-end.ts";
import type { Place } from "./endpoint-pool.ts";

/** Who the client is. */
export interface User {
  readonly name: string;
  readonly password: string;
}

const NOBODY: Readonly<Record<string, string>> = {};

/** What goes with a call to say who makes it, or how the attempt to find out ended. */
export type Identification =
  | { readonly ok: true; readonly metadata: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly end: CallEnd };

/**
 * The token that the cluster gave for a user's name and password. It is asked for when first needed, once however many calls
 * wait for it, and again when a member no longer takes it: tokens end, and nobody is told beforehand.
 */
export class TokenSource {
  readonly #user: User | undefined;
  #token: string | undefined;
  #asking: Promise<Identification> | undefined;

  constructor(user: User | undefined) {
    this.#user = user;
  }

  get needed(): boolean {
    return this.#user !== undefined;
  }

  /** What is known now, without asking anybody. */
  known(): Readonly<Record<string, string>> {
    return this.#token === undefined ? NOBODY : { token: this.#token };
  }

  /** What goes with a call now; undefined while somebody has to be asked first. */
  ready(): Identification | undefined {
    if (this.#user === undefined) return { ok: true, metadata: NOBODY };
    if (this.#token !== undefined) return { ok: true, metadata: { token: this.#token } };
    return undefined;
  }

  async identify(place: Place, withinMs: number): Promise<Identification> {
    const user = this.#user;
    if (user === undefined) return { ok: true, metadata: NOBODY };
    if (this.#token !== undefined) return { ok: true, metadata: { token: this.#token } };
    this.#asking ??= this.#ask(user, place, withinMs).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** A member did not take this token; a newer one is kept. */
  refused(metadata: Readonly<Record<string, string>>): void {
    if (metadata["token"] === this.#token) this.#token = undefined;
  }

  async #ask(user: User, place: Place, withinMs: number): Promise<Identification> {
    const { authenticate } = AuthService;
    const result = await place.channel.unary(authenticate, authenticate.request.encode(user), {
      metadata: NOBODY,
      withinMs,
      signal: undefined,
    });
    if (result.ok) {
      this.#token = result.response.token;
      return { ok: true, metadata: this.known() };
    }
    const { end } = result;
    // A cluster that knows no users serves everybody.
    const open =
      end.type === "status" && end.details === "etcdserver: authentication is not enabled";
    return open ? { ok: true, metadata: NOBODY } : { ok: false, end: neverReached(end) };
  }
}

/** The request itself never left, whatever became of the question for a token. */
function neverReached(end: CallEnd): CallEnd {
  return end.type === "status" ? end : { ...end, reached: false };
}
