import type { MemberAction, MemberId, Membership } from "@quorate/core";
import type { RequestOptions } from "./request.ts";

/** A member as people and the transport know it. */
export interface MemberAddress {
  readonly id: MemberId;
  /** `host:port` other hosts reach it at. */
  readonly address: string;
  /** For people; empty when it has none. */
  readonly name: string;
}

/** A member of a group that is about to be created. */
export interface InitialMember extends MemberAddress {
  /** Receives everything and does not vote. Default false. */
  readonly learner?: boolean | undefined;
}

/** What should become of one member. `voter` and `learner` need an address unless the group knows it already. */
export interface MembershipStep {
  readonly action: MemberAction;
  readonly member: MemberId;
  readonly address?: string | undefined;
  readonly name?: string | undefined;
}

/** How a change of membership is carried out. */
export interface MembershipOptions extends RequestOptions {
  /** Refuse with MEMBERSHIP_CONFLICT unless the group looks like this now. */
  readonly expected?: Membership | undefined;
  /** Hears how far the change has come. */
  readonly onStage?: ((stage: MembershipStage) => void) | undefined;
  /** A new voter may vote once it lacks at most this many entries. Default 1000. */
  readonly catchUpEntriesMax?: number | undefined;
  /**
   * Skip the wait for new voters to catch up, and with it the proof that they answer: where they do not, the group may be left
   * without a majority. For tools that create a group in one go.
   */
  readonly skipCatchUp?: boolean | undefined;
}

/** How far a change of membership has come. */
export type MembershipStage =
  | { readonly stage: "addingLearners"; readonly members: readonly MemberId[] }
  | {
      readonly stage: "catchingUp";
      readonly member: MemberId;
      /** Entries it still lacks. */
      readonly behind: number;
    }
  | { readonly stage: "changing"; readonly joint: boolean }
  | { readonly stage: "leavingJoint" }
  | { readonly stage: "done"; readonly membership: Membership };
