import type { Role } from "@quorate/core";
import type { PublicId } from "../directory/member-ids.ts";
import type { MemberStanding } from "../services/maintenance-service.ts";
import type { MemberReplica } from "./replicated-store.ts";

/** Turns numbers inside into the ids that clients see. */
export type PublicIdOf = (id: number) => PublicId;

/** How this member stands within its group, kept up to date by the group's own events. */
export class Standing {
  readonly #replica: MemberReplica;
  readonly #publicIdOf: PublicIdOf;
  readonly #listeners = new Set<() => void>();
  #term: number;
  #isLearner: boolean;

  constructor(replica: MemberReplica, publicIdOf: PublicIdOf) {
    this.#replica = replica;
    this.#publicIdOf = publicIdOf;
    const { core } = replica.status();
    this.#term = core.term;
    this.#isLearner = core.membership.learners.includes(replica.memberId);
    replica.onEvent((event) => {
      switch (event.type) {
        case "role":
          this.#term = Math.max(this.#term, event.term);
          break;
        case "membership":
          this.#isLearner = event.membership.learners.includes(replica.memberId);
          break;
        default:
          return;
      }
      for (const listener of this.#listeners) listener();
    });
  }

  get role(): Role {
    return this.#replica.role;
  }

  get isLeader(): boolean {
    return this.#replica.role === "leader";
  }

  get hasLeader(): boolean {
    return this.#replica.leader !== undefined;
  }

  get term(): number {
    return this.#term;
  }

  get isLearner(): boolean {
    return this.#isLearner;
  }

  /** Runs on every change of role, leader, term or membership. Returns the function that ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  details(): MemberStanding {
    const { core } = this.#replica.status();
    const leader = this.#replica.leader;
    return {
      leader: leader === undefined ? 0n : this.#publicIdOf(leader.id),
      term: core.term,
      commitIndex: core.commit,
      appliedIndex: core.applied,
      isLearner: this.#isLearner,
    };
  }
}
