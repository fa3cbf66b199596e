import type { CoreStatus, MemberId } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import { leadershipLost, timedOut } from "./failures.ts";
import type { Group } from "./group.ts";

/** Between looks at how far the transfer has come. */
const PAUSE_MS = 20;

/** Hands leadership over to another voter; runs on the leader. */
export class TransferPlan {
  readonly #group: Group<never, never, never, never>;

  constructor(group: Group<never, never, never, never>) {
    this.#group = group;
  }

  /** Resolves with the new leader. `to` 0: the voter that lacks least. */
  async run(to: MemberId, deadlineMs: number): Promise<MemberId> {
    const group = this.#group;
    const { environment } = group.parts;
    let asked: MemberId = 0;
    for (;;) {
      if (!group.isRunning) throw leadershipLost(0);
      if (asked !== 0 && group.leader === asked) return asked;
      if (group.leader === to) return to;
      if (group.role !== "leader") {
        // A transfer shows itself as a short time without a leader.
        if (asked === 0 || group.leader !== 0) throw leadershipLost(group.leader);
      } else if (group.core.status().transferee === 0) {
        asked = this.#choose(to);
        const accepted = group.core.transferLeadership(asked);
        if (!accepted.ok && accepted.reason !== "transferInProgress") {
          throw refusedTransfer(`The transfer to member ${asked} was refused: ${accepted.reason}.`);
        }
        group.schedule();
      }
      if (environment.nowMs() >= deadlineMs) {
        throw timedOut("unknown", group.leader, "transfer of leadership");
      }
      await new Promise<void>((resolve) => environment.setTimer(PAUSE_MS, resolve));
    }
  }

  #choose(to: MemberId): MemberId {
    const status = this.#group.core.status();
    if (to !== 0) {
      if (!status.membership.voters.includes(to)) {
        throw refusedTransfer(`Member ${to} has no vote in this group.`);
      }
      return to;
    }
    const best = mostCaughtUp(status, this.#group.answers);
    if (best === 0) throw refusedTransfer("No other voter answers.");
    return best;
  }
}

/** The voter that would be ready soonest, 0 when no other answers. */
export function mostCaughtUp(status: CoreStatus, answers: (member: MemberId) => boolean): MemberId {
  let best: MemberId = 0;
  let bestMatch = -1;
  for (const member of status.membership.voters) {
    const progress = status.progress.get(member);
    if (member === status.id || progress === undefined || !answers(member)) continue;
    if (progress.match <= bestMatch) continue;
    best = member;
    bestMatch = progress.match;
  }
  return best;
}

function refusedTransfer(sentence: string): QuorateError {
  return new QuorateError("MEMBERSHIP_REFUSED", sentence, {
    outcome: "notApplied",
    retryable: true,
  });
}
