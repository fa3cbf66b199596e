import {
  type CoreSettings,
  type Decision,
  type DecisionType,
  type Effects,
  type Entry,
  encodeMembershipChange,
  type HardState,
  type Membership,
  type MembershipChange,
  type PeerMessage,
  type ProposedEntry,
  type Stepped,
} from "@quorate/core";
import { Core } from "../../src/core.ts";
import { createRaft } from "../../src/create-core.ts";
import { EMPTY_MEMBERSHIP } from "../../src/membership/change.ts";
import type { Raft } from "../../src/raft.ts";
import { MemoryLog } from "./memory-log.ts";

export interface Beginning {
  readonly membership?: Partial<Membership>;
  readonly terms?: readonly number[];
  readonly hardState?: Partial<HardState>;
  readonly applied?: number;
  readonly settings?: Partial<CoreSettings>;
}

/** A number that may be left out, without the noise of a message's other fields. */
type Fields<T> = Omit<T, "from" | "to" | "term"> & { from?: number; term?: number };
type Loose<T> = T extends PeerMessage ? Fields<T> : never;

export const command = (size = 1): ProposedEntry => ({
  kind: "command",
  payload: new Uint8Array(size),
});

export function change(
  transition: MembershipChange["transition"],
  ...steps: readonly (readonly [
    action: "voter" | "learner" | "remove" | "update",
    member: number,
  ])[]
): MembershipChange {
  return {
    transition,
    steps: steps.map(([action, member]) => ({ action, member })),
    context: new Uint8Array(0),
  };
}

/** Rounds in which everything that one call leads to is done, many times over. */
const SETTLE_ROUNDS_MAX = 1_000;

/** Ticks after which a voter campaigns, many times over. */
const LEAD_TICKS_MAX = 1_000;

/**
 * Member 1 of a group, whose other members exist only in the messages that a test makes up. Its disk and its state
 * machine answer at once unless a test takes effects by itself.
 */
export class LoneMember {
  readonly log = new MemoryLog();
  readonly raft: Raft;
  readonly core: Core;
  readonly decisions: Decision[] = [];
  sent: PeerMessage[] = [];
  readonly confirmed: number[] = [];

  constructor({ membership, terms = [], hardState, applied = 0, settings }: Beginning = {}) {
    this.log.append(terms.map((term, at) => entryAt(term, at + 1)));
    const commit = Math.max(applied, hardState?.commit ?? 0);
    this.raft = createRaft(
      {
        id: 1,
        random: () => 0,
        onDecision: (decision) => {
          this.decisions.push(decision);
        },
        ...settings,
      },
      {
        hardState: { term: terms.at(-1) ?? 0, vote: 0, ...hardState, commit },
        membership: { ...EMPTY_MEMBERSHIP, voters: [1, 2, 3], ...membership },
        applied,
      },
      this.log,
    );
    this.core = new Core(this.raft);
    this.settle();
  }

  /** Takes effects until there are none; everything is done at once. */
  settle(): void {
    for (let rounds = 0; this.core.hasEffects(); rounds++) {
      if (rounds === SETTLE_ROUNDS_MAX) throw new Error("the core always wants something more");
      this.finish(this.core.takeEffects());
    }
  }

  finish({ send, append, apply, reads }: Effects): void {
    this.sent.push(...send);
    this.confirmed.push(...reads.map(({ requestId }) => requestId));
    if (append !== undefined) {
      if (append.installSnapshot !== undefined) this.log.install(append.installSnapshot);
      this.log.append(append.entries);
      this.sent.push(...append.afterDurable);
      this.core.appendDone(append.id);
    }
    if (apply !== undefined) {
      for (const entry of apply.entries) {
        if (entry.kind === "membership") this.core.applyMembership(entry);
      }
      this.core.applyDone(apply.id);
    }
  }

  /** A message from 2, or whoever is named, in the present term, or the one that is named. */
  hear(message: Loose<PeerMessage>): Stepped {
    const { term } = this.core.status();
    const stepped = this.core.step({ from: 2, to: 1, term, ...message } as PeerMessage);
    this.settle();
    return stepped;
  }

  tick(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.core.tick();
      this.settle();
    }
  }

  /** Does it have a vote? Only then can it lead. */
  get isVoter(): boolean {
    const { voters, outgoing } = this.core.status().membership;
    return voters.includes(1) || outgoing.includes(1);
  }

  /** Wins an election with the vote of 2, and commits the first entry of the term with its acknowledgement. */
  lead(): this {
    this.core.campaign();
    this.settle();
    // Where leases are in use, a member that restarted does not campaign on request for a while.
    for (let ticks = 0; this.core.status().role === "follower"; ticks++) {
      if (ticks === LEAD_TICKS_MAX) throw new Error("it never campaigns");
      this.tick();
    }
    const { term, role } = this.core.status();
    if (role === "preCandidate") this.hear({ type: "preVoteReply", term: term + 1, granted: true });
    if (this.core.status().role === "candidate") this.hear({ type: "voteReply", granted: true });
    this.acknowledge();
    return this;
  }

  /** 2, or whoever is named, holds everything. */
  acknowledge(from = 2): void {
    const { last } = this.core.status();
    this.hear({ type: "appendOk", from, match: last.index });
  }

  propose(...entries: readonly ProposedEntry[]): void {
    this.core.propose(entries.length > 0 ? entries : [command()]);
    this.settle();
  }

  change(...of: Parameters<typeof change>): ReturnType<Core["propose"]> {
    const payload = encodeMembershipChange(change(...of));
    const proposed = this.core.propose([{ kind: "membership", payload }]);
    this.settle();
    return proposed;
  }

  /** What was sent since the last call, by type and receiver. */
  takeSent(): PeerMessage[] {
    return this.sent.splice(0);
  }
  /** What was decided since the last call. */
  takeDecisions(): Decision[] {
    return this.decisions.splice(0);
  }
  decided<T extends DecisionType>(type: T): readonly Extract<Decision, { type: T }>[] {
    return this.decisions.filter((decision): decision is Extract<Decision, { type: T }> => {
      return decision.type === type;
    });
  }
}

export function entryAt(term: number, index: number, kind: Entry["kind"] = "command"): Entry {
  return { term, index, kind, payload: new Uint8Array(1) };
}
