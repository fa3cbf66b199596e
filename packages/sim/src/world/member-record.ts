import type {
  AppendWork,
  ApplyWork,
  Effects,
  Entry,
  HardState,
  LogIndex,
  LogPosition,
  MemberId,
  Membership,
  PeerMessage,
  RaftCore,
  Stepped,
} from "@quorate/core";
import type { CoreOrigin } from "@quorate/host";
import { checkCore } from "../invariants/check-core.ts";
import type { ClusterLedger } from "../invariants/cluster-ledger.ts";
import type { MemberFacts } from "../invariants/member-facts.ts";
import { LogPrints, printAfter } from "../invariants/prints.ts";
import type { CoreWitness } from "./watched-core.ts";

const NOBODY_YET: Membership = Object.freeze({
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
});

/**
 * What is known about a member from outside, across its lives: what it handed to its disk, what its disk must have, and
 * what it applied. Holds every life's beginning against what the lives before it were told was durable.
 */
export class MemberRecord implements MemberFacts, CoreWitness {
  readonly id: MemberId;
  prints: LogPrints = new LogPrints();
  durablePrints: LogPrints = new LogPrints();
  durableHardState: HardState = { term: 0, vote: 0, commit: 0 };
  applied: LogIndex = 0;
  membership: Membership = NOBODY_YET;
  readonly wasWiped = false;
  /** What a disk held that was lost since: acknowledgements of it may still be on their way, and were right. */
  lostPrints: LogPrints | undefined;
  /** Whether clocks keep to what leases rely on: only then are lease reads held to anything. */
  trustsLeases: () => boolean = () => true;
  /** Log positions that this member ever acknowledged or voted with are gone: it may promise nothing any more. */
  isGhost = false;
  readonly #ledger: ClusterLedger;
  #core: RaftCore | undefined;
  #works: AppendWork[] = [];
  #applying: ApplyWork[] = [];
  #heard: PeerMessage[] = [];
  #appliedPrint = 0;
  #hasLived = false;
  #isRefilling = false;

  constructor(id: MemberId, ledger: ClusterLedger) {
    this.id = id;
    this.#ledger = ledger;
  }

  /** The core of this life; undefined while the process is down. */
  get core(): RaftCore | undefined {
    return this.#core;
  }

  /** A new life begins with what the disk gave back; `founding` is what a group's first member begins with. */
  begin(core: RaftCore, origin: CoreOrigin, founding: readonly Entry[]): void {
    const { storage, membership, applied } = origin;
    const { recovered, log } = storage;
    if (this.isGhost) this.#works = [];
    else if (storage.refill !== undefined) this.#beginRefill(recovered);
    else if (this.#hasLived) this.#compareWithDisk(recovered, log);
    else this.#firstLife(recovered, founding);
    this.#hasLived = true;
    this.#core = core;
    this.#applying = [];
    this.#heard = [];
    this.membership = membership;
    this.#isRefilling = storage.refill !== undefined;
    if (this.isGhost) return;
    this.#ledger.join(this);
    this.#restartAt(applied);
    this.#ledger.started(this);
  }

  /** The process is gone. */
  end(): void {
    this.#ledger.trace?.ended(this.id, this.#core?.status());
    this.#core = undefined;
    this.#ledger.ended(this.id);
  }

  /**
   * The disk is gone with everything on it, and nobody may believe this member any more. What it had stays on record: its
   * last acknowledgements may still be on their way, and were right.
   */
  wiped(): void {
    this.end();
    this.isGhost = true;
    this.#ledger.trace?.giveUp();
    this.lostPrints = this.durablePrints;
  }

  // ---- what the core is told and wants -----------------------------------------------------------

  stepped(message: PeerMessage, outcome: Stepped): void {
    if (this.isGhost) return;
    if (outcome.ok) {
      this.#heard.push(message);
    } else if (outcome.reason === "malformed") {
      const what = `member ${this.id} refuses a ${message.type} of ${message.from}`;
      this.#ledger.report("messages of honest members are sound", what);
    }
  }

  readAsked(requestId: number): void {
    if (this.trustsLeases() && !this.isGhost) this.#ledger.readAsked(this.id, requestId);
  }

  taken(effects: Effects): void {
    const ledger = this.#ledger;
    if (this.isGhost && effects.append !== undefined) this.#comeBack(effects.append);
    if (this.isGhost) {
      for (const message of effects.send) this.#send(message);
      if (effects.append !== undefined) this.#works.push(effects.append);
      return;
    }
    const { append, apply } = effects;
    ledger.beforeBatch(this, effects);
    if (append !== undefined) this.#takeIntoLog(append);
    ledger.afterBatch(this, effects);
    for (const message of this.#heard.splice(0)) ledger.heard(this, message);
    for (const message of effects.send) this.#send(message);
    if (append !== undefined) this.#works.push(append);
    if (apply !== undefined) this.#applying.push(apply);
    for (const { requestId, index } of effects.reads) {
      ledger.readConfirmed(this.id, requestId, index);
    }
  }

  appendDone(id: number): void {
    while ((this.#works[0]?.id ?? Number.POSITIVE_INFINITY) <= id) {
      const work = this.#works.shift() as AppendWork;
      this.#finish(work);
      for (const message of work.afterDurable) this.#send(message);
    }
  }

  /** The machine and everything beside it have applied an apply work. */
  applyDone(id: number): void {
    while ((this.#applying[0]?.id ?? Number.POSITIVE_INFINITY) <= id) {
      const work = this.#applying.shift() as ApplyWork;
      for (const entry of work.entries) if (entry.index > this.applied) this.#applyEntry(entry);
    }
  }

  membershipApplied(entry: Entry, membership: Membership): void {
    const before = this.membership;
    this.membership = membership;
    if (this.isGhost) return;
    this.#ledger.membershipChanged(this, entry, before, membership);
    if (this.#core?.status().role === "leader") this.#ledger.gotVotes(before, membership);
  }

  called(): void {
    if (this.#core !== undefined) checkCore(this.#core, this.id, this.#ledger);
  }

  // ---- keeping the record ------------------------------------------------------------------------

  #send(message: PeerMessage): void {
    const isVote = message.type === "voteReply" && message.granted;
    if (isVote && (this.isGhost || this.#isRefilling)) {
      this.#ledger.report(
        "members without their data elect nobody",
        `member ${this.id} lost what it held and votes for ${message.to} in term ${message.term}`,
      );
    }
    if (!this.isGhost) this.#ledger.left(this, message);
  }

  #takeIntoLog({ installSnapshot, entries }: AppendWork): void {
    if (installSnapshot !== undefined) {
      const { index, term } = installSnapshot;
      const print = this.#ledger.commits.printAt(index);
      if (print === undefined) {
        this.#ledger.report(
          "snapshots hold only what is committed",
          `member ${this.id} installs a snapshot of ${index}, committed is ${this.#ledger.commits.last}`,
        );
      }
      this.prints.restart(index, print ?? 0, term);
    }
    if (!this.prints.put(entries)) {
      this.#ledger.report(
        "no gaps",
        `member ${this.id} writes ${entries[0]?.index} into a log of ${this.prints.base + 1} to ${this.prints.last}`,
      );
    }
  }

  #finish(work: AppendWork): void {
    const { installSnapshot, entries, hardState } = work;
    if (hardState !== undefined) this.durableHardState = hardState;
    if (installSnapshot !== undefined) this.#restart(this.durablePrints, installSnapshot);
    this.durablePrints.put(entries);
    if (entries.length > 0 || installSnapshot !== undefined) this.#isRefilling = false;
    if (!this.isGhost) this.#ledger.durable(this, work);
    if (installSnapshot === undefined || installSnapshot.index <= this.applied) return;
    const { membership, index } = installSnapshot;
    this.applied = index;
    this.#appliedPrint = this.#ledger.commits.printAt(index) ?? 0;
    this.membership = membership;
    this.#ledger.memberships.restored(this.id, index, membership);
  }

  #restart(prints: LogPrints, { index, term }: LogPosition): void {
    prints.restart(index, this.#ledger.commits.printAt(index) ?? 0, term);
  }

  #applyEntry(entry: Entry): void {
    const print = printAfter(this.#appliedPrint, entry);
    if (!this.isGhost) this.#ledger.applied(this, entry.index, this.applied, print);
    this.applied = entry.index;
    this.#appliedPrint = print;
  }

  /** A member that lost everything is given a log again: what it promises from now on, it has. */
  #comeBack({ entries, installSnapshot }: AppendWork): void {
    if (entries.length === 0 && installSnapshot === undefined) return;
    this.isGhost = false;
    this.prints = new LogPrints();
    this.durablePrints = new LogPrints();
    this.durableHardState = { term: 0, vote: 0, commit: 0 };
    this.applied = 0;
    this.#appliedPrint = 0;
    this.#ledger.wiped(this.id);
    this.#ledger.join(this);
    this.#ledger.started(this);
  }

  /** The undamaged beginning of its log is all it has; the rest comes from the others. */
  #beginRefill({ hardState, last }: Recovered): void {
    this.#ledger.trace?.giveUp();
    this.lostPrints = this.durablePrints;
    this.#works = [];
    const prints = this.durablePrints.copy();
    if (last.index <= prints.last && prints.termAt(last.index) === last.term)
      prints.cut(last.index);
    else this.#restart(prints, last);
    this.prints = prints.copy();
    this.durablePrints = prints;
    this.durableHardState = hardState;
    this.#ledger.wiped(this.id);
  }

  // ---- from one life to the next -----------------------------------------------------------------

  #firstLife(recovered: Recovered, founding: readonly Entry[]): void {
    this.durableHardState = recovered.hardState;
    this.prints.put(founding);
    if (this.prints.last !== recovered.last.index) {
      this.#ledger.report(
        "members begin with the founding entries",
        `member ${this.id} begins with ${recovered.last.index} entries instead of ${founding.length}`,
      );
    }
    this.durablePrints = this.prints.copy();
    this.#ledger.commits.begin(this, recovered.hardState.commit, recovered.hardState.term);
  }

  /** The state is that of a moment before: everything up to there is committed. */
  #restartAt({ index }: LogPosition): void {
    const print = this.#ledger.commits.printAt(index);
    if (print === undefined) {
      this.#ledger.report(
        "only committed entries are applied",
        `member ${this.id} starts with ${index} applied, committed is ${this.#ledger.commits.last}`,
      );
    }
    this.applied = index;
    this.#appliedPrint = print ?? 0;
  }

  /** The log is what was durable, with any number of the writes that were under way, in their order. */
  #compareWithDisk(recovered: Recovered, log: LogReader): void {
    const works = this.#works;
    this.#works = [];
    let prints = this.durablePrints.copy();
    let hardState = this.durableHardState;
    let found = this.#fits(recovered, log, prints, hardState) ? { prints, hardState } : undefined;
    for (const work of works) {
      prints = prints.copy();
      if (work.installSnapshot !== undefined) this.#restart(prints, work.installSnapshot);
      prints.put(work.entries);
      hardState = work.hardState ?? hardState;
      if (this.#fits(recovered, log, prints, hardState)) found = { prints, hardState };
    }
    if (found === undefined) {
      const { last } = this.durablePrints;
      this.#ledger.report(
        "what was durable is there after a restart",
        `member ${this.id} had ${describe(this.durableHardState, last)} and ${works.length} writes under way; it comes back with ${describe(recovered.hardState, recovered.last.index)}`,
      );
      return;
    }
    this.prints = found.prints.copy();
    this.durablePrints = found.prints;
    this.durableHardState = recovered.hardState;
  }

  #fits(recovered: Recovered, log: LogReader, prints: LogPrints, hardState: HardState): boolean {
    const { last, firstIndex } = recovered;
    if (recovered.hardState.term !== hardState.term) return false;
    if (recovered.hardState.vote !== hardState.vote || prints.last !== last.index) return false;
    for (let index = Math.max(firstIndex, prints.base + 1); index <= last.index; index += 1) {
      if (log.term(index) !== prints.termAt(index)) return false;
    }
    return true;
  }
}

type Recovered = CoreOrigin["storage"]["recovered"];
type LogReader = CoreOrigin["storage"]["log"];

function describe({ term, vote }: HardState, last: LogIndex): string {
  return `term ${term}, vote ${vote}, entries to ${last}`;
}
