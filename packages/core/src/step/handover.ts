import type { AppendWork, ApplyWork, Effects, RoleChange } from "../effects.ts";
import { violated } from "../invariants/invariant.ts";
import { INVARIANTS } from "../invariants/names.ts";
import type { PeerMessage } from "../message.ts";
import type { Raft } from "../raft.ts";
import { broadcastHeartbeat } from "../replication/heartbeat.ts";
import type { HardState, MemberId, Role, Term } from "../types.ts";
import { appendDurable, entriesApplied } from "./acknowledge.ts";
import type { PendingAppend, PendingApply } from "./pending-work.ts";

/** Hands over what the rules want done, as batches of effects, and hears what became of it. */
export class Handover {
  readonly #raft: Raft;
  #appendId = 0;
  #applyId = 0;
  /** Works handed out and not acknowledged, oldest first. */
  readonly #appends: PendingAppend[] = [];
  readonly #applies: PendingApply[] = [];
  /** The entries to apply next have to be fetched first. */
  #applyLoading = false;

  // What the last batches told, to tell only changes.
  #hardState: HardState;
  #role: Role;
  #leader: MemberId;
  #term: Term;

  constructor(raft: Raft) {
    const { term, vote, role, leader } = raft.standing;
    this.#raft = raft;
    this.#hardState = { term, vote, commit: raft.log.commit };
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
  }

  get pendingAppends(): readonly PendingAppend[] {
    return this.#appends;
  }
  get pendingApplies(): readonly PendingApply[] {
    return this.#applies;
  }

  get hasEffects(): boolean {
    const { log, outbox, reads } = this.#raft;
    return (
      !outbox.isEmpty ||
      log.hasUnwritten ||
      reads.roundWanted ||
      (log.hasAppliable && !this.#applyLoading) ||
      this.#roleChanged() ||
      this.#hardStateChanged()
    );
  }

  appendDone(id: number): void {
    if (id > this.#appendId) violated(INVARIANTS.knownWork, `append ${id}`);
    for (let work = this.#appends[0]; work !== undefined && work.id <= id; ) {
      this.#appends.shift();
      appendDurable(this.#raft, work);
      work = this.#appends[0];
    }
  }

  applyDone(id: number): void {
    if (id > this.#applyId) violated(INVARIANTS.knownWork, `apply ${id}`);
    for (let work = this.#applies[0]; work !== undefined && work.id <= id; ) {
      this.#applies.shift();
      entriesApplied(this.#raft, work.entries, work.last, work.weight);
      work = this.#applies[0];
    }
  }

  applyLoaded(): void {
    this.#applyLoading = false;
  }

  takeEffects(): Effects {
    const raft = this.#raft;
    if (raft.reads.roundWanted) broadcastHeartbeat(raft);
    const append = this.#takeAppend();
    const apply = this.#takeApply();
    const { outbox } = raft;
    return {
      send: outbox.takeSend(),
      append,
      apply,
      reads: outbox.takeReads(),
      role: this.#takeRole(),
    };
  }

  #takeAppend(): AppendWork | undefined {
    const { log, outbox, standing, id: self } = this.#raft;
    const last = log.tailCount > 0 ? log.last : undefined;
    const entries = log.takeUnwritten();
    const installSnapshot = log.takeSnapshot();
    const messages = outbox.takeAfterDurable();
    const before = this.#hardState;
    const changed = this.#hardStateChanged();
    if (
      entries.length === 0 &&
      installSnapshot === undefined &&
      messages.length === 0 &&
      !changed
    ) {
      return undefined;
    }
    const { term, vote } = standing;
    if (changed) this.#hardState = { term, vote, commit: log.commit };
    const id = ++this.#appendId;
    checkVotes(messages, this.#hardState);
    this.#appends.push({ id, term, vote, last, snapshot: installSnapshot, messages });
    return {
      id,
      hardState: changed ? this.#hardState : undefined,
      entries,
      installSnapshot,
      mustSync:
        entries.length > 0 ||
        installSnapshot !== undefined ||
        term !== before.term ||
        vote !== before.vote,
      afterDurable: toOthers(messages, self),
    };
  }

  #takeApply(): ApplyWork | undefined {
    const { log } = this.#raft;
    if (!log.hasAppliable || this.#applyLoading) {
      this.#reportApplyHeld();
      return undefined;
    }
    const first = log.applying + 1;
    const taken = log.takeAppliable();
    if (taken === "loading") {
      this.#applyLoading = true;
      return undefined;
    }
    const { entries, bytes, weight } = taken;
    const last = first + entries.length - 1;
    const id = ++this.#applyId;
    this.#applies.push({ id, entries, last, weight });
    this.#raft.decide?.({
      type: "applyHandedOut",
      id: this.#raft.id,
      term: this.#raft.standing.term,
      first,
      last,
      bytes,
    });
    return { id, entries, bytes };
  }

  #reportApplyHeld(): void {
    const { decide, log } = this.#raft;
    const reason = decide === undefined ? undefined : log.applyHeld;
    if (reason === undefined) return;
    decide?.({
      type: "applyHeld",
      id: this.#raft.id,
      term: this.#raft.standing.term,
      reason,
      applying: log.applying,
      commit: log.commit,
    });
  }

  #takeRole(): RoleChange | undefined {
    if (!this.#roleChanged()) return undefined;
    const { role, leader, term } = this.#raft.standing;
    this.#role = role;
    this.#leader = leader;
    this.#term = term;
    return { role, leader, term };
  }

  #roleChanged(): boolean {
    const { role, leader, term } = this.#raft.standing;
    return role !== this.#role || leader !== this.#leader || term !== this.#term;
  }

  #hardStateChanged(): boolean {
    const { term, vote } = this.#raft.standing;
    const before = this.#hardState;
    return term !== before.term || vote !== before.vote || this.#raft.log.commit !== before.commit;
  }
}

/** A vote leaves only when what was handed out for writing, up to this batch, keeps the member from giving another. */
function checkVotes(messages: readonly PeerMessage[], { term, vote }: HardState): void {
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i] as PeerMessage;
    if (message.type !== "voteReply" || !message.granted || message.term < term) continue;
    if (message.term === term && message.to === vote) continue;
    violated(
      INVARIANTS.actsWhenDurable,
      `vote for ${message.to} in term ${message.term} with ${vote} in term ${term} on disk`,
    );
  }
}

/** The member's own vote and acknowledgement stay here; mostly there is none, and the list is handed over as it is. */
function toOthers(messages: readonly PeerMessage[], self: MemberId): readonly PeerMessage[] {
  for (let i = 0; i < messages.length; i++) {
    if ((messages[i] as PeerMessage).to === self) {
      return messages.filter((message) => message.to !== self);
    }
  }
  return messages;
}
