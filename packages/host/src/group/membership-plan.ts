import type { CoreStatus, MemberId, MemberStep, Membership, MembershipChange } from "@quorate/core";
import { QuorateError } from "../errors.ts";
import { encodeAddresses } from "../session/companion.ts";
import type { AbortSignalLike } from "../transport/transport.ts";
import { aborted, invalidArgument, leadershipLost, timedOut } from "./failures.ts";
import type { Group } from "./group.ts";
import type { LeaderRequest } from "./leader-request.ts";
import type { MemberAddress, MembershipStage, MembershipStep } from "./membership-request.ts";
import { mostCaughtUp, TransferPlan } from "./transfer-plan.ts";

/** Between looks at how far a new member has caught up. */
const PAUSE_MS = 50;

type ChangeRequest = Extract<LeaderRequest, { readonly type: "changeMembership" }>;

/**
 * Brings a membership about, on the leader: new voters join as learners, catch up, and get their votes in one change
 * with everything else. Every step looks at what holds now, so the plan can be run again from anywhere.
 */
export class MembershipPlan {
  readonly #group: Group<never, never, never, never>;
  readonly #request: ChangeRequest;
  readonly #onStage: (stage: MembershipStage) => void;
  readonly #deadlineMs: number;
  readonly #signal: AbortSignalLike | undefined;

  constructor(
    group: Group<never, never, never, never>,
    request: ChangeRequest,
    onStage: (stage: MembershipStage) => void,
    deadlineMs: number,
    signal: AbortSignalLike | undefined,
  ) {
    this.#group = group;
    this.#request = request;
    this.#onStage = onStage;
    this.#deadlineMs = deadlineMs;
    this.#signal = signal;
  }

  async run(): Promise<Membership> {
    this.#checkArguments();
    await this.#settled();
    this.#checkExpected();
    const steps = this.#missingSteps();
    if (steps.length === 0) return this.#membership;
    this.#checkAddresses(steps);
    this.#checkMajority(steps);
    await this.#leaveTheLead(steps);
    if (!this.#request.skipCatchUp) await this.#prepareVoters(steps);
    const joint = steps.length > 1;
    this.#onStage({ stage: "changing", joint });
    await this.#change(steps);
    if (joint) {
      this.#onStage({ stage: "leavingJoint" });
      await this.#settled();
    }
    return this.#membership;
  }

  get #membership(): Membership {
    return this.#group.companion.membership;
  }

  #checkArguments(): void {
    const members = this.#request.steps.map((step) => step.member);
    if (new Set(members).size !== members.length) {
      throw invalidArgument("A change names a member twice.");
    }
    for (const member of members) {
      if (!Number.isSafeInteger(member) || member < 1) {
        throw invalidArgument(`A member's number is a whole number from 1, not ${member}.`);
      }
    }
  }

  #checkExpected(): void {
    const { expected } = this.#request;
    if (expected === undefined || isSame(expected, this.#membership)) return;
    throw new QuorateError(
      "MEMBERSHIP_CONFLICT",
      `The group has voters ${list(this.#membership.voters)} and learners ${list(this.#membership.learners)}, which is not what was expected.`,
      { outcome: "notApplied", retryable: false },
    );
  }

  /** Steps whose outcome does not hold yet. */
  #missingSteps(): readonly MembershipStep[] {
    const { voters, learners } = this.#membership;
    return this.#request.steps.filter((step) => {
      const { action, member } = step;
      if (action === "remove") return voters.includes(member) || learners.includes(member);
      const isInPlace =
        action === "update" || (action === "voter" ? voters : learners).includes(member);
      return !isInPlace || this.#isMoved(step);
    });
  }

  #isMoved({ member, address, name }: MembershipStep): boolean {
    const known = this.#group.companion.address(member);
    return (
      (address !== undefined && address !== known?.address) ||
      (name !== undefined && name !== known?.name)
    );
  }

  #checkAddresses(steps: readonly MembershipStep[]): void {
    for (const { action, member, address } of steps) {
      if (action === "remove" || this.#group.companion.address(member) !== undefined) continue;
      if (action === "update") throw refused(`Member ${member} does not belong to the group.`);
      if (address === undefined || address === "") {
        throw invalidArgument(`Member ${member} is new: say where it can be reached.`);
      }
    }
  }

  /** Refuses a change after which the group could decide nothing: nobody could even undo it. */
  #checkMajority(steps: readonly MembershipStep[]): void {
    const status = this.#status();
    const voters = votersAfter(this.#membership, steps);
    if (voters.length === 0) throw refused("The group would be left without a voter.");
    // New members are not silent: they prove themselves by catching up before they get a vote.
    const silent = voters.filter(
      (member) => status.progress.has(member) && !this.#group.answers(member),
    );
    const needed = Math.floor(voters.length / 2) + 1;
    if (voters.length - silent.length >= needed) return;
    throw refused(
      `Of the voters ${list(voters)} the group would have, ${list(silent)} do not answer: it could decide nothing. Bring them back or remove them instead.`,
    );
  }

  /** A leader that is to go hands over first: the group is spared the wait for an election. */
  async #leaveTheLead(steps: readonly MembershipStep[]): Promise<void> {
    const { self } = this.#group;
    const leaves = steps.some(
      ({ action, member }) => member === self && (action === "remove" || action === "learner"),
    );
    const successors = votersAfter(this.#membership, steps).filter((member) =>
      this.#membership.voters.includes(member),
    );
    if (!leaves || successors.length === 0) return;
    const best = mostCaughtUp(this.#status(), this.#group.answers);
    const to = successors.includes(best) ? best : (successors[0] ?? 0);
    await new TransferPlan(this.#group).run(to, this.#deadlineMs);
    throw leadershipLost(to);
  }

  async #prepareVoters(steps: readonly MembershipStep[]): Promise<void> {
    const { voters, learners } = this.#membership;
    const promoted = steps.filter(
      ({ action, member }) => action === "voter" && !voters.includes(member),
    );
    const unknown = promoted.filter(({ member }) => !learners.includes(member));
    if (unknown.length > 0) {
      this.#onStage({ stage: "addingLearners", members: unknown.map(({ member }) => member) });
    }
    for (const step of unknown) await this.#change([{ ...step, action: "learner" }]);
    for (const { member } of promoted) await this.#caughtUp(member);
  }

  async #caughtUp(member: MemberId): Promise<void> {
    const { environment } = this.#group.parts;
    let reported = -1;
    for (;;) {
      const status = this.#status();
      const progress = status.progress.get(member);
      const match = progress?.match ?? 0;
      const behind = status.last.index - match;
      // A member without any log gives no votes yet.
      const isClose = match > 0 && behind <= this.#request.catchUpEntriesMax;
      if (progress !== undefined && progress.state === "replicate" && isClose) return;
      if (behind !== reported) this.#onStage({ stage: "catchingUp", member, behind });
      reported = behind;
      if (environment.nowMs() >= this.#deadlineMs) {
        throw new QuorateError(
          "TIMEOUT",
          `Member ${member} still lacks ${behind} entries; it stays a learner. Repeat the change to go on.`,
          { outcome: "unknown", retryable: true, leader: this.#group.leader },
        );
      }
      await this.#pause();
    }
  }

  /** Proposes one change and waits until it is in force here. */
  async #change(steps: readonly MembershipStep[]): Promise<void> {
    const group = this.#group;
    const change: MembershipChange = {
      transition: "auto",
      steps: steps.map(({ action, member }): MemberStep => ({ action, member })),
      context: encodeAddresses(this.#addresses(steps)),
    };
    for (;;) {
      this.#checkLeads();
      const proposed = group.core.proposeMembership(change);
      group.schedule();
      if (!proposed.ok) {
        if (proposed.reason !== "quotaExceeded" && proposed.reason !== "transferInProgress") {
          throw leadershipLost(proposed.leader);
        }
      } else if ("forwarded" in proposed) {
        throw leadershipLost(proposed.leader);
      } else if (proposed.refusedChanges.length === 0) {
        await this.#applied(proposed.first.index);
        return;
      }
      // Another change is under way, or the quota is used up: it passes.
      this.#checkTime();
      await this.#pause();
    }
  }

  #applied(index: number): Promise<boolean> {
    const group = this.#group;
    return group.conditions.until(
      () => {
        if (group.applier.applied.index >= index) return true;
        this.#checkLeads();
        return undefined;
      },
      this.#deadlineMs,
      () => timedOut("unknown", group.leader, "change of membership"),
      undefined,
    );
  }

  /** Waits until no joint state is in force; ends one that would not end by itself. */
  async #settled(): Promise<void> {
    while (this.#membership.outgoing.length > 0) {
      this.#checkLeads();
      if (!this.#membership.autoLeave) await this.#change([]);
      this.#checkTime();
      await this.#pause();
    }
  }

  #addresses(steps: readonly MembershipStep[]): readonly MemberAddress[] {
    return steps
      .filter(({ action }) => action !== "remove")
      .map(({ member, address, name }) => {
        const known = this.#group.companion.address(member);
        return {
          id: member,
          address: address ?? known?.address ?? "",
          name: name ?? known?.name ?? "",
        };
      });
  }

  #status(): CoreStatus {
    this.#checkLeads();
    return this.#group.core.status();
  }

  /** Whether going on makes sense: as the leader, and for a caller who still wants it. */
  #checkLeads(): void {
    const { role, leader } = this.#group;
    if (role !== "leader") throw leadershipLost(leader);
    if (this.#signal?.aborted === true) throw aborted("unknown", this.#signal.reason);
  }

  #checkTime(): void {
    const { leader, parts } = this.#group;
    if (parts.environment.nowMs() < this.#deadlineMs) return;
    throw new QuorateError(
      "MEMBERSHIP_CHANGE_PENDING",
      "An earlier change of membership has not ended in time; try again later.",
      { outcome: "unknown", retryable: true, leader },
    );
  }

  #pause(): Promise<void> {
    const { environment } = this.#group.parts;
    return new Promise((resolve) => environment.setTimer(PAUSE_MS, resolve));
  }
}

function votersAfter(
  membership: Membership,
  steps: readonly MembershipStep[],
): readonly MemberId[] {
  const voters = new Set(membership.voters);
  for (const { action, member } of steps) {
    if (action === "voter") voters.add(member);
    else if (action !== "update") voters.delete(member);
  }
  return [...voters].sort((left, right) => left - right);
}

function isSame(left: Membership, right: Membership): boolean {
  return (
    list(left.voters) === list(right.voters) &&
    list(left.outgoing) === list(right.outgoing) &&
    list(left.learners) === list(right.learners) &&
    list(left.learnersNext) === list(right.learnersNext)
  );
}

function list(members: readonly MemberId[]): string {
  return members.length === 0 ? "none" : [...members].sort((a, b) => a - b).join(", ");
}

function refused(sentence: string): QuorateError {
  return new QuorateError("MEMBERSHIP_REFUSED", sentence, {
    outcome: "notApplied",
    retryable: false,
  });
}
