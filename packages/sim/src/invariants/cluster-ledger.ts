import type {
  AppendOkMessage,
  AppendWork,
  ApplyWork,
  Effects,
  Entry,
  LogIndex,
  MemberId,
  Membership,
  PeerMessage,
  Role,
  SnapshotInfo,
  Term,
} from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import type { TraceChecker } from "../trace/trace-checker.ts";
import { CommitLedger } from "./commit-ledger.ts";
import { LogLedger } from "./log-ledger.ts";
import type { MemberFacts } from "./member-facts.ts";
import { MembershipLedger } from "./membership-ledger.ts";
import type { LogPrints } from "./prints.ts";
import { VoteLedger } from "./vote-ledger.ts";

/** What a core was at its last batch, so that changes are seen. */
interface LastSeen {
  role: Role;
  term: Term;
  commit: LogIndex;
}

/**
 * The guarantees of Raft, watched from outside after every event: it sees what members hand out, what their disks hold
 * and what leaves them, never what they think. One for a whole run, across crashes and restarts.
 */
export class ClusterLedger {
  readonly violations: Violation[] = [];
  readonly votes: VoteLedger;
  readonly commits: CommitLedger;
  readonly memberships: MembershipLedger;
  /** Replays what members decide against the abstract model; undefined for runs that are not traced. */
  trace: TraceChecker | undefined;
  readonly #logs: LogLedger;
  readonly #silent: ReadonlySet<string>;
  readonly #members: Map<MemberId, MemberFacts> = new Map();
  readonly #seen: Map<MemberId, LastSeen> = new Map();
  /** What was committed when a read was asked for. */
  readonly #reads: Map<string, LogIndex> = new Map();

  /** @param silent - Checkers that report nothing: for runs in which a rule is broken on purpose. */
  constructor(silent: readonly string[] = []) {
    this.#silent = new Set(silent);
    const report = (invariant: string, message: string): void => this.report(invariant, message);
    this.votes = new VoteLedger(report);
    this.commits = new CommitLedger(report);
    this.memberships = new MembershipLedger(report);
    this.#logs = new LogLedger(report);
  }

  report(checker: string, message: string): void {
    if (!this.#silent.has(checker)) this.violations.push({ checker, message });
  }

  join(member: MemberFacts): void {
    this.#members.set(member.id, member);
  }

  /** The member's core was made from what its disk held. */
  started(member: MemberFacts): void {
    const { term, commit } = member.durableHardState;
    this.#seen.set(member.id, { role: "follower", term, commit });
    this.votes.stored(member.id, member.durableHardState);
    this.memberships.logEndsAt(member.id, member.durablePrints.last);
    this.trace?.started(member);
  }

  /** The member's process is gone: whatever it was, it is that no more. */
  ended(member: MemberId): void {
    const seen = this.#seen.get(member);
    if (seen !== undefined) seen.role = "follower";
  }

  /** A lost quorum was given up: a new group begins with what `member` holds, and that is what counts from now on. */
  recovered(
    member: MemberFacts,
    before: LogPrints,
    { index, membership }: Pick<SnapshotInfo, "index" | "membership">,
  ): void {
    this.trace?.giveUp();
    this.commits.recovered(before, index);
    this.votes.newGroup();
    this.memberships.newGroup(index, membership);
    this.#seen.delete(member.id);
  }

  wiped(member: MemberId): void {
    this.votes.wiped(member);
    // Whatever it led, nobody can be compared with its log any more.
    this.#seen.delete(member);
  }

  /** A batch of effects was taken; the member's prints still show its log before it. */
  beforeBatch(member: MemberFacts, effects: Effects): void {
    const seen = this.#lastSeen(member.id);
    const entries = effects.append?.entries ?? [];
    const term = effects.role?.term ?? seen.term;
    const isStillLeader = seen.role === "leader" && seen.term === term;
    if (isStillLeader && (effects.role === undefined || effects.role.role === "leader")) {
      this.#logs.appendedByLeader(member, term, entries);
    }
    if (effects.append?.installSnapshot !== undefined) this.memberships.logEndsAt(member.id, 0);
    const leads = (effects.role?.role ?? seen.role) === "leader";
    this.memberships.logged(member, entries, leads);
  }

  /** The same batch, after the member's prints took its entries. */
  afterBatch(member: MemberFacts, effects: Effects): void {
    const seen = this.#lastSeen(member.id);
    const { append, role, apply } = effects;
    if (append !== undefined) this.#logs.put(member, append.entries);
    const ledBefore = seen.role === "leader" ? seen.term : 0;
    if (role !== undefined) {
      const isNew = role.role === "leader" && (seen.role !== "leader" || seen.term !== role.term);
      seen.role = role.role;
      seen.term = role.term;
      if (isNew) this.#elected(member, role.term);
    }
    const commit = append?.hardState?.commit;
    if (commit !== undefined && commit !== seen.commit) {
      if (commit < seen.commit) {
        this.report("commit never goes back", `member ${member.id}: ${seen.commit} to ${commit}`);
      }
      seen.commit = commit;
      const isLeader = this.votes.leaderOf(seen.term) === member.id;
      // Several calls may stand behind one batch: it may have decided as a leader and have been deposed after that.
      const decidedIn = !isLeader && ledBefore > 0 ? ledBefore : seen.term;
      this.commits.advanced(member, commit, decidedIn, isLeader || ledBefore > 0, this.#members);
    }
    if (apply !== undefined) this.#handedOut(member, apply, seen);
  }

  /** `work` is on the member's disk for good. */
  durable(member: MemberFacts, work: AppendWork): void {
    if (!work.mustSync) return;
    this.votes.stored(member.id, member.durableHardState);
    this.trace?.stored(member);
  }

  /** A message leaves a member: what it promises must be durable now. */
  left(member: MemberFacts, message: PeerMessage): void {
    if (message.type === "voteReply" && message.granted) {
      this.votes.granted(member, message.term, message.to);
    } else if (message.type === "appendOk" && message.match > 0) {
      this.#acknowledged(member, message);
    }
  }

  /** A member took a message: whoever hears of a newer term enters it. */
  heard(member: MemberFacts, message: PeerMessage): void {
    // A request for a vote may be ignored for a live leader, and a pre-vote is about a term that may never begin.
    const { type, term } = message;
    if (type === "vote" || type === "preVote" || type === "preVoteReply") return;
    const seen = this.#lastSeen(member.id);
    if (term > seen.term) {
      this.report(
        "newer terms are entered",
        `member ${member.id} stays in term ${seen.term} after a ${type} of term ${term} from ${message.from}`,
      );
    }
  }

  applied(member: MemberFacts, index: LogIndex, before: LogIndex, print: number): void {
    this.commits.applied(member.id, index, before, print);
  }

  membershipChanged(
    member: MemberFacts,
    entry: Entry,
    before: Membership,
    after: Membership,
  ): void {
    this.memberships.changed(member.id, entry.index, before, after);
  }

  /** Whoever gets a vote by a plan that waits for it holds a log: with an empty one it is a voter that cannot help. */
  gotVotes(before: Membership, after: Membership): void {
    if (before.voters.length === 0) return;
    for (const id of after.voters) {
      if (before.voters.includes(id) || before.outgoing.includes(id)) continue;
      if (this.#members.get(id)?.prints.last !== 0) continue;
      this.report("new voters have caught up", `member ${id} gets a vote and holds no entry yet`);
    }
  }

  /** Somebody asks for a linearizable read. */
  readAsked(member: MemberId, requestId: number): void {
    this.#reads.set(`${member}/${requestId}`, this.commits.last);
  }

  readConfirmed(member: MemberId, requestId: number, index: LogIndex): void {
    const key = `${member}/${requestId}`;
    const before = this.#reads.get(key);
    if (before === undefined) return;
    this.#reads.delete(key);
    if (index < before) {
      this.report(
        "reads see what was committed before",
        `member ${member} may read at ${index}, but ${before} was committed when it asked`,
      );
    }
  }

  #handedOut(member: MemberFacts, apply: ApplyWork, seen: LastSeen): void {
    const last = apply.entries.at(-1)?.index ?? 0;
    if (last > seen.commit) {
      this.report(
        "applied within commit",
        `member ${member.id} hands out ${last} with commit ${seen.commit}`,
      );
    }
    if (last > member.durablePrints.last) {
      this.report(
        "applied is durable",
        `member ${member.id} hands out ${last}, durable ${member.durablePrints.last}`,
      );
    }
  }

  #elected(member: MemberFacts, term: Term): void {
    this.votes.elected(member, term, this.#members);
    this.commits.elected(member, term);
  }

  #acknowledged(member: MemberFacts, message: AppendOkMessage): void {
    const { match, term, to } = message;
    const { id, durablePrints, durableHardState } = member;
    if (durableHardState.term < term) {
      this.report(
        "durable before promised",
        `member ${id} acknowledges ${match} in term ${term}, its disk says term ${durableHardState.term}`,
      );
    }
    // It held the entries when it was asked and entered a newer term with the same write: a promise to a leader of the
    // past binds nobody any more, and the disk shows what the newer leader made of it.
    if (durableHardState.term > term) return;
    if (match > durablePrints.last) {
      this.report(
        "durable before promised",
        `member ${id} acknowledges ${match}, its disk ends at ${durablePrints.last}`,
      );
      return;
    }
    const leader = this.#members.get(to);
    const seen = this.#seen.get(to);
    if (leader === undefined || seen?.role !== "leader" || seen.term !== term) return;
    const here = durablePrints.at(match);
    const there = leader.prints.at(match);
    if (
      match > leader.prints.last ||
      (here !== undefined && there !== undefined && here !== there)
    ) {
      this.report(
        "acknowledged is equal to the leader's log",
        `member ${id} acknowledges ${match} to ${to} in term ${term}, but holds something else there`,
      );
    }
  }

  #lastSeen(member: MemberId): LastSeen {
    const seen = this.#seen.get(member);
    if (seen === undefined) throw new RangeError(`member ${member} has not started`);
    return seen;
  }
}
