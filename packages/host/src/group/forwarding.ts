import type { MemberId, RaftCore, Role } from "@quorate/core";
import { checkBatch } from "../session/command-batch.ts";
import type { Companion } from "../session/companion.ts";
import type { CommitNotices } from "./commit-notices.ts";
import type { GroupCounters } from "./counters.ts";
import type { BatchRefusal, HostMessage } from "./host-message.ts";
import type { Dispatched, OutgoingBatch } from "./outgoing-batch.ts";
import type { ReplicaCondition } from "./replica.ts";

export interface ForwardingGroup {
  readonly core: RaftCore;
  readonly self: MemberId;
  readonly leader: MemberId;
  readonly role: Role;
  readonly condition: ReplicaCondition;
  readonly companion: Companion;
  readonly counters: GroupCounters;
  readonly notices: CommitNotices;
  schedule(): void;
  sendHostMessage(to: MemberId, message: HostMessage): "queued" | "dropped";
}

/** Gets batches of commands into the leader's log: this member's own here or there, other members' when this one leads. */
export class Forwarding {
  readonly #group: ForwardingGroup;

  constructor(group: ForwardingGroup) {
    this.#group = group;
  }

  /** Sends a batch of this member to whoever leads. */
  readonly send = (batch: OutgoingBatch): Dispatched => {
    const { leader, self, counters } = this.#group;
    if (leader !== self) {
      const message: HostMessage = { type: "batch", payload: batch.payload };
      if (this.#group.sendHostMessage(leader, message) === "dropped") return "later";
      counters.proposalsForwarded += batch.count;
      return "forwarded";
    }
    const refused = this.#propose(self, batch.payload);
    if (refused === undefined) return "appended";
    return refused.reason === "overloaded" ? "overloaded" : "later";
  };

  /** A batch is checked to its end before it is logged: what is in the log must be applicable everywhere. */
  onBatch(from: MemberId, payload: Uint8Array): void {
    const { member, incarnation, firstSequence, count } = checkBatch(payload);
    if (member !== from) return;
    const { companion, condition, role, self } = this.#group;
    if (companion.memberSessions.isSettled(member, incarnation, firstSequence, count)) return;
    const isFull = condition === "storageFull" && role === "leader";
    const refused = isFull
      ? { reason: "storageFull" as const, leader: self }
      : this.#propose(from, payload);
    if (refused === undefined) this.#group.schedule();
    else {
      const type = "batchRefused";
      this.#group.sendHostMessage(from, { type, incarnation, firstSequence, ...refused });
    }
  }

  #propose(
    from: MemberId,
    payload: Uint8Array,
  ): { readonly reason: BatchRefusal; readonly leader: MemberId } | undefined {
    const proposed = this.#group.core.propose([{ kind: "command", payload }]);
    if (proposed.ok) {
      this.#group.counters.batchesProposed += 1;
      if ("first" in proposed && from !== this.#group.self) {
        this.#group.notices.owes(from, proposed.first.index);
      }
      return undefined;
    }
    const reason = proposed.reason === "quotaExceeded" ? "overloaded" : "notLeader";
    return { reason, leader: proposed.leader };
  }
}
