import type { LogPosition } from "@quorate/core";
import { describeMembership, quorumsMeet } from "../invariants/quorums.ts";
import { AbstractGroup } from "./abstract-group.ts";
import type { AbstractMember } from "./abstract-member.ts";
import * as election from "./election-steps.ts";
import * as log from "./log-steps.ts";
import { demand, Forbidden, RULES, type Rule } from "./rules.ts";
import type { ModelledDecision, Started, Stood, Stored, TraceEvent } from "./trace-event.ts";

/** Why a trace is no behaviour of the model. */
export interface Objection {
  readonly rule: Rule;
  readonly message: string;
}

/**
 * Raft as a machine that accepts traces: its state is what the paper's Figure 2 names, each event is one of its steps,
 * and a step whose precondition does not hold is refused. Written from the paper; it shares no code with the core.
 */
export class RaftModel {
  readonly #group: AbstractGroup = new AbstractGroup();

  /** Takes the next step of a trace; an objection when the model has no such step. */
  take(event: TraceEvent): Objection | undefined {
    try {
      this.#take(event);
      return undefined;
    } catch (error) {
      if (!(error instanceof Forbidden)) throw error;
      return { rule: error.rule, message: error.message };
    }
  }

  #take(event: TraceEvent): void {
    switch (event.type) {
      case "started":
        this.#started(event);
        break;
      case "stored":
        this.#stored(event);
        break;
      case "stood":
        stood(this.#group.member(event.id), event);
        break;
      case "ended":
        this.#group.known(event.id).isUp = false;
        break;
      default:
        this.#decided(event);
    }
  }

  #decided(event: ModelledDecision): void {
    const member = this.#group.member(event.id);
    const isNewTerm = event.type === "becameCandidate";
    demand(
      isNewTerm || event.term === member.term,
      RULES.termsFollow,
      () =>
        `member ${member.id} decides ${event.type} in term ${event.term}, its term is ${member.term}`,
    );
    demand(
      member.role !== "entering" || event.type === "becameFollower",
      RULES.rolesFollow,
      () =>
        `member ${member.id} enters term ${member.term} and decides ${event.type} before it follows`,
    );
    step(this.#group, member, event);
  }

  #started(event: Started): void {
    const group = this.#group;
    const member = group.known(event.id);
    const last = lastOf(event);
    restarts(group, member, event, last);
    member.isUp = true;
    member.become("follower");
    member.term = event.term;
    member.vote = event.vote;
    member.commit = Math.max(event.commit, event.applied, event.base.index);
    member.handedOut = event.applied;
    member.applied = event.applied;
    member.membership = event.membership;
    member.log.begin(event.base, event.terms);
    member.durable = last.index;
    member.agreed = 0;
    member.restoring = [];
    member.stored = { term: event.term, vote: event.vote, last };
    member.newestStored = Math.max(member.newestStored, event.term);
    group.entered(event.term);
    // The entries that a group is founded with are committed from the start.
    if (group.committed === 0 && member.log.base === 0) group.commitTo(member, member.commit);
  }

  #stored({ id, term, vote, last }: Stored): void {
    const member = this.#group.known(id);
    demand(
      term >= member.stored.term &&
        (term > member.stored.term || member.stored.vote === 0 || vote === member.stored.vote),
      RULES.oneVote,
      () =>
        `member ${id} stores term ${term}, vote ${vote} over term ${member.stored.term}, vote ${member.stored.vote}`,
    );
    member.stored = { term, vote, last };
    member.newestStored = Math.max(member.newestStored, term);
    // An older log that a snapshot has replaced meanwhile is the same up to there, if it is what was committed.
    const isCovered =
      last.index < member.log.base && this.#group.committedTerm(last.index) === last.term;
    if (!isCovered && !member.log.holds(last)) return;
    member.durable = Math.max(member.durable, last.index);
    member.promise(member.agreed);
    while ((member.restoring[0] ?? Number.POSITIVE_INFINITY) <= last.index) {
      member.applied = Math.max(member.applied, member.restoring.shift() as number);
      member.handedOut = Math.max(member.handedOut, member.applied);
    }
  }
}

/** What comes back is what was durable, or what was on its way to the disk: nothing less, and nothing from nowhere. */
function restarts(
  group: AbstractGroup,
  member: AbstractMember,
  { term, vote, id }: Started,
  last: LogPosition,
): void {
  // The first life that is seen begins with whatever its owner put there.
  if (member.newestStored === 0) return;
  const { stored, log } = member;
  const isStored = stored.last.index === last.index && stored.last.term === last.term;
  const isShorter = log.holds(last) && log.holds(stored.last) && last.index < stored.last.index;
  const isReal = log.holds(last) || group.leaderTermAt(last.term, last.index) === last.term;
  const keepsVote = term > stored.term || stored.vote === 0 || vote === stored.vote;
  const isTermKnown = term >= stored.term && term <= Math.max(member.term, stored.term);
  demand(
    isTermKnown && keepsVote && (isStored || (isReal && !isShorter)),
    RULES.restartsKeep,
    () =>
      `member ${id} comes back in term ${term}, vote ${vote}, with a log up to ${last.term}/${last.index}; durable was term ${stored.term}, vote ${stored.vote}, ${stored.last.term}/${stored.last.index}`,
  );
}

function lastOf({ base, terms }: Started): LogPosition {
  const term = terms.at(-1);
  return term === undefined ? base : { index: base.index + terms.length, term };
}

function stood(member: AbstractMember, event: Stood): void {
  const { id, term, vote, role, commit, applied } = member;
  const last = member.log.lastPosition;
  const isSame =
    event.term === term &&
    event.vote === vote &&
    event.role === role &&
    event.commit === commit &&
    event.applied === applied &&
    event.applying === Math.max(applied, member.handedOut) &&
    event.last.index === last.index &&
    event.last.term === last.term;
  demand(
    isSame,
    RULES.statesAgree,
    () =>
      `member ${id} is ${event.role} of term ${event.term}, vote ${event.vote}, commit ${event.commit}, applied ${event.applied}, log up to ${event.last.term}/${event.last.index}; its decisions made it ${role} of term ${term}, vote ${vote}, commit ${commit}, applied ${applied}, log up to ${last.term}/${last.index}`,
  );
}

function switched(
  member: AbstractMember,
  { membership }: Extract<ModelledDecision, { type: "membershipSwitched" }>,
): void {
  const before = member.membership;
  const { id } = member;
  demand(
    before.voters.length === 0 || member.restoring.length > 0 || quorumsMeet(before, membership),
    RULES.membershipsMeet,
    () =>
      `member ${id} goes from ${describeMembership(before)} to ${describeMembership(membership)}`,
  );
  member.membership = membership;
  const { voters, outgoing, learners, learnersNext } = membership;
  const all = new Set([...voters, ...outgoing, ...learners, ...learnersNext]);
  for (const other of [...member.match.keys()]) if (!all.has(other)) member.match.delete(other);
}

type Step<T extends ModelledDecision["type"]> = Extract<ModelledDecision, { type: T }>;

/** What each decision of a member does, and when it may be made. */
const STEPS: {
  readonly [T in ModelledDecision["type"]]: (
    group: AbstractGroup,
    member: AbstractMember,
    event: Step<T>,
  ) => void;
} = {
  electionStarted: (_group, member) => election.electionStarted(member),
  becamePreCandidate: election.becamePreCandidate,
  becameCandidate: election.becameCandidate,
  higherTermSeen: election.higherTermSeen,
  becameFollower: election.becameFollower,
  voteGranted: election.voteGranted,
  voteRefused: (_group, member, event) => election.voteRefused(member, event),
  voteCounted: election.voteCounted,
  electionDecided: (_group, member, event) => election.electionDecided(member, event),
  becameLeader: election.becameLeader,
  membershipSwitched: (_group, member, event) => switched(member, event),
  entriesProposed: log.entriesProposed,
  appendAccepted: log.appendAccepted,
  appendRefused: (_group, member, event) => log.appendRefused(member, event),
  appendOutdated: log.appendOutdated,
  conflictFound: log.conflictFound,
  progressAdvanced: log.progressAdvanced,
  commitAdvanced: log.commitAdvanced,
  commitFastForwarded: log.commitFastForwarded,
  applyHandedOut: (_group, member, event) => log.applyHandedOut(member, event),
  entriesApplied: (_group, member, event) => log.entriesApplied(member, event),
  snapshotRestoreStarted: (_group, member, event) => log.snapshotRestoreStarted(member, event),
  snapshotRestored: log.snapshotRestored,
  snapshotIgnored: log.snapshotAnswered,
  snapshotAccepted: log.snapshotAnswered,
  readStarted: log.readStarted,
  readConfirmed: log.readConfirmed,
};

function step<T extends ModelledDecision["type"]>(
  group: AbstractGroup,
  member: AbstractMember,
  event: Step<T>,
): void {
  STEPS[event.type as T](group, member, event);
}
