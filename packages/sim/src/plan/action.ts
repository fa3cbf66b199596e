import type { MemberAction, MemberId, PeerMessageType } from "@quorate/core";
import type { ClientOperation } from "../cluster/client-desk.ts";

/**
 * Whom an action means: a member by its number, whoever has the role at that moment, or a member that was given a name
 * earlier in the plan.
 */
export type MemberRef = MemberId | "leader" | "follower" | { readonly named: string };

/** Which messages an action means; what is left out matches all. */
export interface MessageFilter {
  readonly types?: readonly PeerMessageType[] | undefined;
  readonly from?: MemberRef | undefined;
  readonly to?: MemberRef | undefined;
  /** Only appends that carry entries, or only those without. */
  readonly withEntries?: boolean | undefined;
}

/** One thing that is done to a cluster from outside. Data: it can be stored, sent, shown and left out. */
export type Action =
  // Processes and their machines.
  /** `unsynced` says what becomes of writes that were not durable; by default that is drawn. */
  | {
      readonly type: "crash";
      readonly member: MemberRef;
      readonly unsynced?: "lost" | "kept" | undefined;
    }
  | { readonly type: "crashAll" }
  | { readonly type: "restart"; readonly member: MemberRef }
  /** Its disk is lost. Under its old number it does not start again: what it once promised is forgotten. */
  | { readonly type: "wipe"; readonly member: MemberRef }
  | { readonly type: "restartAll" }
  | { readonly type: "pause"; readonly member: MemberRef }
  | { readonly type: "resume"; readonly member: MemberRef }
  | { readonly type: "clockRate"; readonly member: MemberRef; readonly rate: number }
  | { readonly type: "slowDisk"; readonly member: MemberRef; readonly extraMs: number }
  // Links.
  | { readonly type: "cut"; readonly from: MemberRef; readonly to: MemberRef }
  | { readonly type: "mend"; readonly from: MemberRef; readonly to: MemberRef }
  /** Members of different groups do not hear each other; those named in no group form one more. */
  | { readonly type: "partition"; readonly groups: readonly (readonly MemberRef[])[] }
  /** Everyone hears its two neighbours in the ring of member numbers, and nobody else. */
  | { readonly type: "ring" }
  | {
      readonly type: "slowLink";
      readonly from: MemberRef;
      readonly to: MemberRef;
      readonly extraMs: number;
    }
  | { readonly type: "mendAll" }
  // Messages.
  | { readonly type: "hold"; readonly messages: MessageFilter }
  | { readonly type: "release"; readonly messages: MessageFilter }
  | { readonly type: "dropHeld"; readonly messages: MessageFilter }
  | { readonly type: "holdNothing" }
  /** One message on its way or held back, by its number. */
  | { readonly type: "dropMessage"; readonly message: number }
  | { readonly type: "delayMessage"; readonly message: number; readonly extraMs: number }
  | { readonly type: "duplicateMessage"; readonly message: number }
  // The algorithm's own operations.
  | { readonly type: "campaign"; readonly member: MemberRef }
  | { readonly type: "forgetLeader"; readonly member: MemberRef }
  | { readonly type: "transfer"; readonly to: MemberRef }
  | { readonly type: "snapshot"; readonly member: MemberRef; readonly keep: number }
  | {
      readonly type: "changeMembership";
      readonly steps: readonly { readonly action: MemberAction; readonly member: MemberRef }[];
      /** Both halves decide until the joint state is left by itself. Default: only where more than one step needs it. */
      readonly joint?: boolean | undefined;
    }
  | { readonly type: "addMember"; readonly member: MemberId }
  /**
   * An operator gives up on a lost quorum: of the survivors, all stopped, the one with the newest log becomes the only
   * member of a new group and gets `name`. Nobody else of the old group comes back under its number.
   */
  | {
      readonly type: "recoverQuorum";
      readonly survivors: readonly MemberRef[];
      readonly name: string;
    }
  // Clients.
  | {
      readonly type: "ask";
      readonly client: number;
      readonly operation: ClientOperation;
      readonly member?: MemberRef | undefined;
      readonly repeats?: boolean | undefined;
      readonly hasSession?: boolean | undefined;
      readonly isPipelined?: boolean | undefined;
    }
  /** The next answer to this client is lost on the way; it goes on waiting. */
  | { readonly type: "loseAnswer"; readonly client: number }
  /** Gives a member a name that stays with it. */
  | { readonly type: "name"; readonly member: MemberRef; readonly name: string }
  /** Names the leader, and the others in the order of their numbers. Nobody is named when nobody leads. */
  | { readonly type: "nameAll"; readonly leader: string; readonly others: readonly string[] };

/** The name of an action of a plan. */
export type ActionType = Action["type"];

/** An action and when it is done, in virtual milliseconds from the start. */
export interface PlannedAction {
  readonly atMs: number;
  /** Its exact place: so many events had happened. Without it, all events up to `atMs` come first. */
  readonly afterEvents?: number | undefined;
  readonly action: Action;
}
