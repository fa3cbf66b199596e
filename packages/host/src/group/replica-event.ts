import type { LogPosition, MemberId, Membership, Role, SnapshotInfo, Term } from "@quorate/core";
import type { QuorateError } from "../errors.ts";
import type { MemberAddress, MembershipStage } from "./membership-request.ts";

/** What happens in a replica, for people and supervising code. `watch` may drop events, `status` is the truth. */
export type ReplicaEvent =
  | {
      readonly type: "role";
      readonly role: Role;
      /** 0 for nobody. */
      readonly leader: MemberId;
      readonly term: Term;
    }
  | {
      readonly type: "membership";
      readonly membership: Membership;
      readonly members: readonly MemberAddress[];
    }
  | { readonly type: "membershipStage"; readonly stage: MembershipStage }
  | {
      readonly type: "snapshot";
      readonly phase: "built" | "sending" | "sent" | "receiving" | "installed";
      /** The other side of a transfer, 0 for none. */
      readonly peer: MemberId;
      readonly info: SnapshotInfo;
    }
  | {
      readonly type: "snapshotFailed";
      readonly phase: "build" | "send" | "receive" | "install";
      readonly peer: MemberId;
      readonly reason: string;
    }
  /** The log ended in a write that a crash cut off and nobody was told of; its bytes were set aside in a `.torn` file. */
  | { readonly type: "tornTail"; readonly bytes: number }
  /**
   * The log or its snapshots were damaged, and the newest vote is certain: the member goes on from `keptThrough`, fetches
   * the rest from the others, and takes no part in elections before it has an entry of a term after `term`.
   */
  | { readonly type: "refilling"; readonly keptThrough: LogPosition; readonly term: Term }
  /** Everything that was lost is back: the member counts like any other again. */
  | { readonly type: "refilled" }
  | { readonly type: "logCompacted"; readonly firstIndex: number }
  | { readonly type: "replayed"; readonly from: LogPosition; readonly to: LogPosition }
  | { readonly type: "diskStalled"; readonly forMs: number }
  | { readonly type: "diskRecovered"; readonly afterMs: number }
  | { readonly type: "storageFull" }
  | { readonly type: "storageFreed" }
  /**
   * Broadcasts are too slow for the election time-out, or fast enough again: it should be ten times a round trip to the
   * slowest member and a write to the log. Members that are only slow are taken for dead otherwise.
   */
  | {
      readonly type: "timingRuleBroken" | "timingRuleKept";
      readonly peer: MemberId;
      readonly roundTripMs: number;
      readonly diskMs: number;
      readonly electionTimeoutMs: number;
    }
  | { readonly type: "resigned"; readonly reason: string }
  /** This member is no longer part of the group. */
  | { readonly type: "removed" }
  | { readonly type: "stopped"; readonly error: QuorateError | undefined }
  /** Stands where `dropped` events did not fit into the watcher's buffer. */
  | { readonly type: "gap"; readonly dropped: number };
