import type { LogPosition, MemberId, Membership } from "@quorate/core";
import { isQuorum } from "../invariants/quorums.ts";
import { type AbstractGroup, campaignOf } from "./abstract-group.ts";
import type { AbstractMember } from "./abstract-member.ts";
import { demand, RULES } from "./rules.ts";
import type { ModelledDecision } from "./trace-event.ts";

type Step<T extends ModelledDecision["type"]> = Extract<ModelledDecision, { type: T }>;

/** Is a log that ends at `one` at least as new as one that ends at `other`? Raft §5.4.1. */
function isUpToDate(one: LogPosition, other: LogPosition): boolean {
  return one.term > other.term || (one.term === other.term && one.index >= other.index);
}

function isVoter({ voters, outgoing }: Membership, id: MemberId): boolean {
  return voters.includes(id) || outgoing.includes(id);
}

function shown({ term, index }: LogPosition): string {
  return `${term}/${index}`;
}

function sameLog(member: AbstractMember, last: LogPosition): void {
  const { index, term } = member.log.lastPosition;
  demand(
    index === last.index && term === last.term,
    RULES.statesAgree,
    () =>
      `member ${member.id} says that its log ends at ${shown(last)}, it ends at ${term}/${index}`,
  );
}

export function electionStarted(member: AbstractMember): void {
  const { id, role, membership } = member;
  demand(role !== "leader", RULES.rolesFollow, () => `member ${id} leads and campaigns`);
  demand(isVoter(membership, id), RULES.onlyVotersCampaign, () => `member ${id} has no vote`);
}

export function becamePreCandidate(group: AbstractGroup, member: AbstractMember): void {
  const { id, role } = member;
  demand(role !== "leader", RULES.rolesFollow, () => `member ${id} leads and asks for pre-votes`);
  member.become("preCandidate");
  group.campaigned("preVote", member, member.term + 1);
}

export function becameCandidate(
  group: AbstractGroup,
  member: AbstractMember,
  { term }: Step<"becameCandidate">,
): void {
  const { id, role } = member;
  demand(
    role !== "leader" && role !== "entering",
    RULES.rolesFollow,
    () => `member ${id} becomes a candidate as ${role}`,
  );
  demand(
    term === member.term + 1,
    RULES.termsFollow,
    () => `member ${id} campaigns for term ${term} in term ${member.term}`,
  );
  demand(
    role !== "preCandidate" || member.won === "preVote" || member.won === undefined,
    RULES.rolesFollow,
    () => `member ${id} becomes a candidate without its pre-votes`,
  );
  member.become("candidate");
  member.term = term;
  member.vote = id;
  member.agreed = 0;
  group.entered(term);
  group.votes.add(`${id}/${term}/${id}`);
  group.campaigned("vote", member, term);
}

export function higherTermSeen(
  group: AbstractGroup,
  member: AbstractMember,
  { messageTerm, from }: Step<"higherTermSeen">,
): void {
  const { id, term } = member;
  demand(
    messageTerm > term,
    RULES.termsFollow,
    () => `member ${id} goes from term ${term} to ${messageTerm}`,
  );
  demand(
    messageTerm <= group.newestTerm,
    RULES.termsHaveOwners,
    () =>
      `member ${id} hears of term ${messageTerm} from ${from}, nobody is beyond ${group.newestTerm}`,
  );
  member.roleBefore = member.role;
  member.become("entering");
  member.term = messageTerm;
  member.vote = 0;
  member.agreed = 0;
}

export function becameFollower(
  group: AbstractGroup,
  member: AbstractMember,
  { previous, leader, term }: Step<"becameFollower">,
): void {
  const before = member.role === "entering" ? member.roleBefore : member.role;
  demand(
    before === previous,
    RULES.rolesFollow,
    () => `member ${member.id} follows after being ${previous}, it was ${before}`,
  );
  demand(
    leader === 0 || group.leaderships.get(term)?.leader === leader,
    RULES.oneLeader,
    () => `member ${member.id} follows ${leader} in term ${term}, which nobody elected`,
  );
  member.become("follower");
}

export function voteGranted(
  group: AbstractGroup,
  member: AbstractMember,
  { ballot, candidate, candidateLast, candidateTerm, last, vote }: Step<"voteGranted">,
): void {
  const { id, term } = member;
  sameLog(member, last);
  demand(
    isUpToDate(candidateLast, last),
    RULES.upToDate,
    () =>
      `member ${id} ends at ${shown(last)} and votes for ${candidate}, which ends at ${shown(candidateLast)}`,
  );
  demand(
    vote === member.vote,
    RULES.oneVote,
    () =>
      `member ${id} says that it voted for ${vote} in term ${term}, it voted for ${member.vote}`,
  );
  demand(
    group.campaigns.has(campaignOf(ballot, candidate, candidateTerm, candidateLast)),
    RULES.logsAreTold,
    () =>
      `member ${id} answers a ${ballot} of ${candidate} for term ${candidateTerm} with a log up to ${shown(candidateLast)}, which never asked so`,
  );
  if (ballot === "preVote") {
    group.preVotes.add(`${id}/${candidate}`);
    return;
  }
  demand(
    candidateTerm === term && (vote === 0 || vote === candidate),
    RULES.oneVote,
    () =>
      `member ${id} votes for ${candidate} in term ${candidateTerm}; in term ${term} its vote is ${vote}`,
  );
  member.vote = candidate;
  group.votes.add(`${id}/${term}/${candidate}`);
}

export function voteRefused(
  member: AbstractMember,
  { reason, candidate, candidateLast, candidateTerm, last, vote }: Step<"voteRefused">,
): void {
  sameLog(member, last);
  const isTrue =
    vote === member.vote &&
    (reason !== "logBehind" || !isUpToDate(candidateLast, last)) &&
    (reason !== "votedForOther" || (vote !== 0 && vote !== candidate)) &&
    (reason !== "lowerTerm" || candidateTerm < member.term);
  demand(
    isTrue,
    RULES.refusalsHaveReasons,
    () =>
      `member ${member.id} refuses ${candidate}: ${reason}; its vote in term ${member.term} is ${member.vote}, its log ends at ${shown(last)}, the candidate's at ${shown(candidateLast)}`,
  );
}

export function voteCounted(
  group: AbstractGroup,
  member: AbstractMember,
  { ballot, from, granted, first, grants, refusals }: Step<"voteCounted">,
): void {
  const { id, term, membership } = member;
  demand(
    member.role === (ballot === "vote" ? "candidate" : "preCandidate"),
    RULES.rolesFollow,
    () => `member ${id} counts a ${ballot} as ${member.role}`,
  );
  if (granted) {
    const isGiven =
      ballot === "preVote"
        ? from === id || group.preVotes.has(`${from}/${id}`)
        : group.votes.has(`${from}/${term}/${id}`) && isSealed(group.known(from), term, id);
    demand(
      isGiven,
      RULES.votesAreGiven,
      () =>
        `member ${id} counts a ${ballot} of ${from} in term ${term} that ${from} never gave for good`,
    );
  }
  if (first) (granted ? member.grants : member.refusals).add(from);
  const count = (answers: ReadonlySet<MemberId>): number =>
    [...answers].filter((voter) => isVoter(membership, voter)).length;
  const counted = [count(member.grants), count(member.refusals)];
  demand(
    grants === counted[0] && refusals === counted[1],
    RULES.votesAreGiven,
    () =>
      `member ${id} counts ${grants} votes and ${refusals} refusals in term ${term}, it has ${counted.join(" and ")}`,
  );
}

/** Its disk keeps the vote, or a newer term, in which it cannot vote in this one any more. */
function isSealed(voter: AbstractMember, term: number, candidate: MemberId): boolean {
  if (voter.newestStored > term || voter.stored.term > term) return true;
  return (
    voter.newestStored === term && (voter.stored.vote === candidate || voter.stored.term < term)
  );
}

export function electionDecided(
  member: AbstractMember,
  { ballot, outcome }: Step<"electionDecided">,
): void {
  const hasQuorum = isQuorum(member.membership, (voter) => member.grants.has(voter));
  const canWin = isQuorum(member.membership, (voter) => !member.refusals.has(voter));
  demand(
    outcome === "won" ? hasQuorum : !canWin,
    RULES.quorumElects,
    () =>
      `member ${member.id} has ${outcome} with the votes of ${[...member.grants].join(" ") || "nobody"}`,
  );
  if (outcome === "won") member.won = ballot;
}

export function becameLeader(
  group: AbstractGroup,
  member: AbstractMember,
  { noop }: Step<"becameLeader">,
): void {
  const { id, term, log } = member;
  demand(
    member.role === "candidate",
    RULES.rolesFollow,
    () => `member ${id} leads after being ${member.role}`,
  );
  demand(
    member.won === "vote",
    RULES.quorumElects,
    () => `member ${id} leads term ${term} without an election that it won`,
  );
  const other = group.leaderships.get(term)?.leader;
  demand(
    other === undefined,
    RULES.oneLeader,
    () => `members ${other} and ${id} both lead term ${term}`,
  );
  const needed = group.committedBefore(term);
  demand(
    needed <= log.base || log.termAt(needed) === group.committedTerm(needed),
    RULES.leadersAreComplete,
    () => `member ${id} leads term ${term} without the entry committed at ${needed}`,
  );
  demand(
    noop === log.last + 1,
    RULES.leadersAppend,
    () => `member ${id} opens term ${term} at ${noop}, its log ends at ${log.last}`,
  );
  member.become("leader");
  group.leaderships.set(term, { leader: id, log: log.copy(), noop, last: noop });
  log.append(term, 1);
  member.match.set(id, member.durable);
  member.promise(noop);
}
