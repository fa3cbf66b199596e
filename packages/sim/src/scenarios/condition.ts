import type { DecisionType, Role } from "@quorate/core";
import type { ClientBelief } from "../cluster/client-desk.ts";
import type { MemberRef, MessageFilter } from "../plan/action.ts";

/** Whom a condition is about. `all`: everyone who runs. `majority`: more than half of the voters. */
export type Who = MemberRef | "all" | "majority" | readonly MemberRef[];

/** Something that may come about in a run. Data: it can be stored, shown and checked anywhere. */
export type Condition =
  /** Somebody leads and has committed an entry of its own term. */
  | {
      readonly type: "leads";
      readonly member?: MemberRef | undefined;
      /** Who must not be the one. */
      readonly except?: MemberRef | undefined;
    }
  | { readonly type: "role"; readonly member: MemberRef; readonly role: Role }
  /** They run, and take `leader` for the leader of the newest term; without it the one who leads. */
  | { readonly type: "follows"; readonly who: Who; readonly leader?: MemberRef | undefined }
  | { readonly type: "power"; readonly member: MemberRef; readonly power: "up" | "down" | "paused" }
  | { readonly type: "termIs"; readonly member: MemberRef; readonly term: number }
  | { readonly type: "termAtMost"; readonly term: number }
  /** The machines of these members hold this value. */
  | {
      readonly type: "value";
      readonly who: Who;
      readonly key: string;
      readonly value: string | null;
    }
  /** An entry that sets some key to this value is in their logs, durable. */
  | { readonly type: "logged"; readonly who: Who; readonly value: string }
  /** They take the entry that sets this value for committed. */
  | { readonly type: "committed"; readonly who: Who; readonly value: string }
  /** What the client believes of its newest operation. */
  | {
      readonly type: "client";
      readonly client: number;
      readonly belief: ClientBelief;
      readonly answer?: string | null | undefined;
    }
  /** A core decided this; by default since the step began. */
  | {
      readonly type: "decided";
      readonly decision: DecisionType;
      readonly member?: MemberRef | undefined;
      /** Fields of the decision that must be equal. */
      readonly where?: Readonly<Record<string, string | number | boolean>> | undefined;
      readonly atLeast?: number | undefined;
      readonly since?: "start" | "step" | undefined;
    }
  /** Messages that are held back. */
  | {
      readonly type: "held";
      readonly messages: MessageFilter;
      readonly atLeast?: number | undefined;
    }
  /** The membership in force at these members. */
  | {
      readonly type: "membership";
      readonly who: Who;
      readonly voters: readonly MemberRef[];
      readonly learners?: readonly MemberRef[] | undefined;
      /** Whether two majorities are needed; not looked at when absent. */
      readonly isJoint?: boolean | undefined;
    }
  | { readonly type: "installedSnapshot"; readonly member: MemberRef }
  /** A log starts after this many entries at least. */
  | { readonly type: "compacted"; readonly who: Who; readonly upTo: number }
  /** These members applied the leader's whole log. */
  | { readonly type: "caughtUp"; readonly who: Who }
  | { readonly type: "allOf"; readonly conditions: readonly Condition[] }
  | { readonly type: "anyOf"; readonly conditions: readonly Condition[] }
  | { readonly type: "not"; readonly condition: Condition };
