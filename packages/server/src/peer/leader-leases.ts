import type { Directory } from "../directory/directory.ts";
import type { LeaderLeases } from "../member/lease-keeper.ts";
import type { MemberReplica } from "../member/replicated-store.ts";
import type { LeaseTimeToLive } from "../services/lease-service.ts";
import { PeerCallError } from "./peer-calls.ts";
import type { PeerQuestions } from "./peer-routes.ts";

/** Renewals gathered into one question, at most. */
const RENEWALS_PER_QUESTION = 1000;
/** A leader that does not answer by then is asked again, or another one is. */
const ANSWER_TIMEOUT_MS = 1000;

interface Waiting {
  readonly id: bigint;
  readonly resolve: (ttl: number | undefined) => void;
}

/** Asks the leader about leases. Renewals that come in while a question is under way become the next one. */
export class RemoteLeases implements LeaderLeases {
  readonly #replica: MemberReplica;
  readonly #directory: Directory;
  readonly #questions: PeerQuestions;
  #waiting: Waiting[] = [];
  #isAsking = false;

  constructor(replica: MemberReplica, directory: Directory, questions: PeerQuestions) {
    this.#replica = replica;
    this.#directory = directory;
    this.#questions = questions;
  }

  renew(id: bigint): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#waiting.push({ id, resolve });
      if (!this.#isAsking) void this.#askAll();
    });
  }

  async timeToLive(id: bigint, keys: boolean): Promise<LeaseTimeToLive | undefined> {
    const url = this.#leaderUrl();
    if (url === undefined) return undefined;
    try {
      return await this.#questions.timeToLive(url, id, keys, ANSWER_TIMEOUT_MS);
    } catch (error) {
      if (error instanceof PeerCallError) return undefined;
      throw error;
    }
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      const asked = this.#waiting.splice(0, RENEWALS_PER_QUESTION);
      const ttls = await this.#ask(asked.map(({ id }) => id));
      asked.forEach(({ resolve }, place) => {
        resolve(ttls?.[place]);
      });
    }
    this.#isAsking = false;
  }

  async #ask(ids: readonly bigint[]): Promise<readonly number[] | undefined> {
    const url = this.#leaderUrl();
    if (url === undefined) return undefined;
    try {
      return await this.#questions.renewLeases(url, ids, ANSWER_TIMEOUT_MS);
    } catch (error) {
      if (error instanceof PeerCallError) return undefined;
      throw error;
    }
  }

  #leaderUrl(): string | undefined {
    const leader = this.#replica.leader;
    if (leader === undefined || leader.id === this.#replica.memberId) return undefined;
    return this.#directory.member(leader.id)?.peerUrls[0];
  }
}
