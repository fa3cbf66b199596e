import { isQuorum } from "../invariants/quorums.ts";
import type { AbstractGroup, Leadership } from "./abstract-group.ts";
import type { AbstractMember } from "./abstract-member.ts";
import { demand, RULES } from "./rules.ts";
import type { ModelledDecision } from "./trace-event.ts";

type Step<T extends ModelledDecision["type"]> = Extract<ModelledDecision, { type: T }>;

export function entriesProposed(
  group: AbstractGroup,
  member: AbstractMember,
  { first, count }: Step<"entriesProposed">,
): void {
  const { id, term, log, role } = member;
  demand(
    role === "leader" && first === log.last + 1,
    RULES.leadersAppend,
    () => `member ${id} proposes ${first} as ${role}, its log ends at ${log.last}`,
  );
  log.append(term, count);
  (group.leaderships.get(term) as Leadership).last = log.last;
  member.promise(log.last);
}

export function conflictFound(
  group: AbstractGroup,
  member: AbstractMember,
  { index, existingTerm, conflictingTerm, term }: Step<"conflictFound">,
): void {
  const { id, log, commit } = member;
  demand(
    index > commit,
    RULES.committedStays,
    () => `member ${id} replaces ${index}, which is committed`,
  );
  demand(
    log.termAt(index) === existingTerm &&
      existingTerm !== conflictingTerm &&
      group.leaderTermAt(term, index) === conflictingTerm,
    RULES.conflictsAreReal,
    () =>
      `member ${id} finds term ${conflictingTerm} instead of ${existingTerm} at ${index}; it holds ${log.termAt(index)}, its leader ${group.leaderTermAt(term, index)}`,
  );
}

/** Takes from the leader's log what the message carried, and replaces only what differs. */
export function appendAccepted(
  group: AbstractGroup,
  member: AbstractMember,
  { from, previous, count, added, last, term }: Step<"appendAccepted">,
): void {
  const { id, log } = member;
  follows(group, member, from);
  const here =
    previous.index < log.base ? group.committedTerm(previous.index) : log.termAt(previous.index);
  demand(
    here === previous.term &&
      group.leaderTermAt(term, previous.index) === previous.term &&
      last === previous.index + count,
    RULES.appendsFollow,
    () =>
      `member ${id} appends ${count} after ${previous.term}/${previous.index}; it holds ${here} there, its leader ${group.leaderTermAt(term, previous.index)}`,
  );
  let replaced = 0;
  for (let index = previous.index + 1; index <= last; index += 1) {
    const theirs = group.leaderTermAt(term, index);
    demand(
      theirs !== undefined,
      RULES.appendsFollow,
      () => `member ${id} takes ${index} from ${from}, which never had it in term ${term}`,
    );
    if (index <= log.base || (replaced === 0 && log.termAt(index) === theirs)) continue;
    demand(
      index > member.commit,
      RULES.committedStays,
      () => `member ${id} replaces ${index}, committed is ${member.commit}`,
    );
    if (replaced === 0) member.durable = Math.min(member.durable, index - 1);
    log.put(index, theirs);
    replaced += 1;
  }
  demand(
    replaced === added,
    RULES.conflictsAreReal,
    () => `member ${id} puts ${added} entries up to ${last}, ${replaced} of them differ`,
  );
  member.promise(last);
}

export function appendRefused(
  member: AbstractMember,
  { previous, termHere }: Step<"appendRefused">,
): void {
  const here = member.log.termAt(previous.index);
  demand(
    here !== previous.term && (previous.index < member.log.base || termHere === (here ?? 0)),
    RULES.refusalsHaveReasons,
    () =>
      `member ${member.id} refuses what follows ${previous.term}/${previous.index} and holds ${here} there`,
  );
}

export function appendOutdated(
  group: AbstractGroup,
  member: AbstractMember,
  { from, previous, commit }: Step<"appendOutdated">,
): void {
  follows(group, member, from);
  demand(
    commit === member.commit && previous.index < commit,
    RULES.statesAgree,
    () =>
      `member ${member.id} calls ${previous.index} outdated at commit ${commit}, its commit is ${member.commit}`,
  );
  member.promise(commit);
}

function follows(group: AbstractGroup, { id, role, term }: AbstractMember, from: number): void {
  demand(
    role === "follower" && group.leaderships.get(term)?.leader === from,
    RULES.appendsFollow,
    () => `member ${id} listens to ${from} as ${role} of term ${term}`,
  );
}

export function progressAdvanced(
  group: AbstractGroup,
  leader: AbstractMember,
  { member: id, from, match, term }: Step<"progressAdvanced">,
): void {
  const known = leader.match.get(id) ?? 0;
  // Of its own disk a leader may know less than is true: a write of an earlier term that ended late does not count.
  const isOwn = id === leader.id;
  const isKnown = from === known || (isOwn && !leader.knowsItself && from < known);
  demand(
    leader.role === "leader" && isKnown && match > from,
    RULES.statesAgree,
    () =>
      `member ${leader.id} knows ${from} of ${id} as ${leader.role}, then ${match}; it knew ${known}`,
  );
  const follower = group.known(id);
  // Who went to a newer term with the same write promised it before it could promise anything else.
  const given = follower.term === term ? follower.kept : follower.promised;
  demand(
    match <= (given.get(term) ?? -1),
    RULES.acknowledgementsAreGiven,
    () =>
      `leader ${leader.id} of term ${term} counts ${match} for ${id}, which has it up to ${given.get(term) ?? "nothing"}`,
  );
  if (isOwn) leader.knowsItself = true;
  leader.match.set(id, match);
}

export function commitAdvanced(
  group: AbstractGroup,
  member: AbstractMember,
  { from, to, by }: Step<"commitAdvanced">,
): void {
  const { id, log, term } = member;
  demand(
    from === member.commit && to > from && to <= log.last,
    RULES.statesAgree,
    () =>
      `member ${id} commits from ${from} to ${to}, its commit is ${member.commit}, its log ends at ${log.last}`,
  );
  if (by === "quorum") {
    const holds = (voter: number): boolean => (member.match.get(voter) ?? 0) >= to;
    demand(
      member.role === "leader" && log.termAt(to) === term && isQuorum(member.membership, holds),
      RULES.quorumCommits,
      () =>
        `member ${id} commits ${to} of term ${log.termAt(to)} in term ${term} as ${member.role}; it is held by ${[...member.match.keys()].filter(holds).join(" ") || "nobody"}`,
    );
    group.commitTo(member, to);
  }
  demand(
    to <= group.committed && log.termAt(to) === group.committedTerm(to),
    RULES.followersLearn,
    () =>
      `member ${id} commits ${to} of term ${log.termAt(to)}, the group has committed ${group.committed} with term ${group.committedTerm(to)} there`,
  );
  demand(
    by !== "append" || to <= member.agreed,
    RULES.followersLearn,
    () =>
      `member ${id} commits ${to} with an append, its log is known to be its leader's up to ${member.agreed}`,
  );
  member.commit = to;
}

export function applyHandedOut(
  member: AbstractMember,
  { first, last }: Step<"applyHandedOut">,
): void {
  const { id, handedOut, commit, durable } = member;
  demand(
    first === handedOut + 1 && last >= first && last <= commit && last <= durable,
    RULES.appliedInOrder,
    () =>
      `member ${id} applies ${first} to ${last} after ${handedOut}; committed ${commit}, durable ${durable}`,
  );
  member.handedOut = last;
}

export function entriesApplied(member: AbstractMember, { applied }: Step<"entriesApplied">): void {
  demand(
    applied >= member.applied && applied <= member.handedOut,
    RULES.appliedInOrder,
    () =>
      `member ${member.id} has applied ${applied} after ${member.applied}, handed out were ${member.handedOut}`,
  );
  member.applied = applied;
}

export function snapshotRestoreStarted(
  member: AbstractMember,
  { snapshot, commit, applied }: Step<"snapshotRestoreStarted">,
): void {
  demand(
    commit === member.commit && applied === member.applied && snapshot.index > commit,
    RULES.statesAgree,
    () =>
      `member ${member.id} takes a snapshot of ${snapshot.index} at commit ${commit}, applied ${applied}; they are ${member.commit} and ${member.applied}`,
  );
  member.restoring.push(snapshot.index);
}

export function snapshotRestored(
  group: AbstractGroup,
  member: AbstractMember,
  { snapshot, commit, last }: Step<"snapshotRestored">,
): void {
  const { id } = member;
  demand(
    snapshot.index === member.restoring.at(-1) &&
      snapshot.index > member.commit &&
      group.committedTerm(snapshot.index) === snapshot.term &&
      commit === snapshot.index &&
      last.index === snapshot.index,
    RULES.snapshotsAreCommitted,
    () =>
      `member ${id} takes a snapshot of ${snapshot.term}/${snapshot.index} at commit ${member.commit}; the group has term ${group.committedTerm(snapshot.index)} there`,
  );
  member.log.begin(snapshot, []);
  member.commit = snapshot.index;
  member.durable = 0;
}

export function snapshotAnswered(
  group: AbstractGroup,
  member: AbstractMember,
  step: Step<"snapshotAccepted"> | Step<"snapshotIgnored">,
): void {
  follows(group, member, step.from);
  demand(
    step.commit === member.commit,
    RULES.statesAgree,
    () => `member ${member.id} says that its commit is ${step.commit}, it is ${member.commit}`,
  );
  member.promise(step.type === "snapshotAccepted" ? member.log.last : member.commit);
}

export function commitFastForwarded(
  group: AbstractGroup,
  member: AbstractMember,
  { snapshot }: Step<"commitFastForwarded">,
): void {
  demand(
    member.log.holds(snapshot) && group.committedTerm(snapshot.index) === snapshot.term,
    RULES.snapshotsAreCommitted,
    () =>
      `member ${member.id} goes on to a snapshot of ${snapshot.term}/${snapshot.index} that its log does not hold`,
  );
}

export function readStarted(
  group: AbstractGroup,
  member: AbstractMember,
  { from, requestId, index }: Step<"readStarted">,
): void {
  const { id, role, commit, term, log } = member;
  demand(
    role === "leader" && index === commit && log.termAt(commit) === term,
    RULES.readsAreCurrent,
    () =>
      `member ${id} begins a read at ${index} as ${role} of term ${term}; its commit is ${commit} of term ${log.termAt(commit)}`,
  );
  const key = `${from}/${requestId}`;
  const waiting = member.reads.get(key) ?? [];
  waiting.push({ index, committed: group.committed });
  member.reads.set(key, waiting);
}

export function readConfirmed(
  group: AbstractGroup,
  member: AbstractMember,
  { from, requestId, index, by }: Step<"readConfirmed">,
): void {
  const { id, role, commit, term, log } = member;
  if (by === "quorum") {
    const key = `${from}/${requestId}`;
    const read = member.reads.get(key)?.shift();
    demand(
      role === "leader" && read?.index === index && index >= read.committed,
      RULES.readsAreCurrent,
      () =>
        `member ${id} confirms read ${key} at ${index}; it began at ${read?.index}, when ${read?.committed} was committed`,
    );
    return;
  }
  const isKnown =
    by === "lease"
      ? role === "leader" && index === commit && log.termAt(commit) === term
      : index <= group.committed;
  demand(
    isKnown,
    RULES.readsAreCurrent,
    () =>
      `member ${id} confirms a read at ${index} by ${by} as ${role}; its commit is ${commit}, the group's ${group.committed}`,
  );
}
