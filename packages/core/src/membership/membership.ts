import type { MemberId } from "../types.ts";

/**
 * Who belongs to the group and who counts. All lists are sorted ascending and free of duplicates.
 * `outgoing` is non-empty exactly while a joint change is under way: then a decision needs a majority of
 * `voters` and a majority of `outgoing`. Source: Raft §6.
 */
export interface Membership {
  readonly voters: readonly MemberId[];
  readonly outgoing: readonly MemberId[];
  readonly learners: readonly MemberId[];
  /** Outgoing voters that become learners when the joint state is left. */
  readonly learnersNext: readonly MemberId[];
  /** The leader leaves the joint state by itself as soon as it has applied the change. */
  readonly autoLeave: boolean;
}

/** What a change does to one member. `update` changes nothing in the group and only carries `context`. */
export type MemberAction = "voter" | "learner" | "remove" | "update";

/** One step of a membership change: what happens to which member. */
export interface MemberStep {
  readonly action: MemberAction;
  readonly member: MemberId;
}

/**
 * A change of membership as it is proposed and logged.
 * `auto` with at most one step is a single-server change, with none it leaves the joint state, with several it
 * enters a joint state that leaves by itself. `implicit` and `explicit` always enter a joint state; `explicit`
 * stays there until a change without steps is proposed.
 */
export interface MembershipChange {
  readonly transition: "auto" | "implicit" | "explicit";
  readonly steps: readonly MemberStep[];
  /** Opaque to the core: for example the new member's address. */
  readonly context: Uint8Array;
}
