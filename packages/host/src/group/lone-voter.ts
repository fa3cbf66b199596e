import type { MemberId, RaftCore } from "@quorate/core";

export interface LoneVoterGroup {
  readonly core: RaftCore;
  readonly self: MemberId;
  readonly leader: MemberId;
  schedule(): void;
}

/** The only voter needs nobody's consent: it leads at once instead of waiting for a leader that cannot exist. */
export class LoneVoter {
  readonly #group: LoneVoterGroup;
  /** Asked once, when everything that was committed before is applied. */
  #isAsked = false;

  constructor(group: LoneVoterGroup) {
    this.#group = group;
  }

  check(): void {
    if (this.#isAsked) return;
    const { core, self, leader } = this.#group;
    const { commit, applied, membership } = core.status();
    if (applied < commit) return;
    this.#isAsked = true;
    if (membership.voters.length !== 1 || membership.voters[0] !== self) return;
    if (membership.outgoing.length > 0 || leader !== 0) return;
    core.campaign();
    this.#group.schedule();
  }
}
