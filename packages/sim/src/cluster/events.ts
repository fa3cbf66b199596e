import type { Decision, Entry, LogIndex, MemberId, PeerMessage } from "@quorate/core";
import type { Violation } from "../checkers/violation.ts";
import type { CommandResult } from "./command.ts";

/** Why a message never arrives. */
export type LossReason = "cut" | "lost" | "receiverDown" | "senderDown";

/** What a whole node finds out about its own disk. */
export type DiskFinding =
  /** The log ended in a write that was cut off and that nobody was told of: it was taken away. */
  | "tornTail"
  /** Something is not what was written: the others are asked for it. */
  | "refilling"
  /** Everything that was lost is back. */
  | "refilled"
  /** There is no room for another write. */
  | "full"
  /** There is room again. */
  | "freed"
  /** It could not write or make durable what it wrote: the process ends. */
  | "failed";

/** Everything that can be watched while a cluster of cores runs. `atMs` is virtual time. */
export type ClusterEvent = { readonly atMs: number } & (
  | {
      readonly type: "sent";
      readonly messageId: number;
      readonly message: PeerMessage;
      /** Undefined while it is held back. */
      readonly arrivesAtMs: number | undefined;
    }
  | { readonly type: "delivered"; readonly messageId: number; readonly message: PeerMessage }
  | {
      readonly type: "lost";
      readonly messageId: number;
      readonly message: PeerMessage;
      readonly reason: LossReason;
    }
  | { readonly type: "decision"; readonly member: MemberId; readonly decision: Decision }
  | { readonly type: "durable"; readonly member: MemberId; readonly last: LogIndex }
  | {
      readonly type: "applied";
      readonly member: MemberId;
      readonly entry: Entry;
      readonly result: CommandResult | undefined;
      /** The machine knew the command and gave its first result again. */
      readonly isRepeat: boolean;
    }
  | {
      readonly type: "started" | "crashed" | "paused" | "resumed" | "wiped";
      readonly member: MemberId;
    }
  | {
      readonly type: "snapshotTaken" | "snapshotInstalled";
      readonly member: MemberId;
      readonly index: LogIndex;
    }
  | {
      readonly type: "linkChanged";
      readonly from: MemberId;
      readonly to: MemberId;
      readonly isCut: boolean;
    }
  | {
      readonly type: "client";
      readonly client: number;
      readonly phase: "asks" | "repeats" | "answered" | "answerLost" | "refused" | "gaveUp";
      readonly member: MemberId;
      readonly text: string;
    }
  | { readonly type: "disk"; readonly member: MemberId; readonly finding: DiskFinding }
  | { readonly type: "violation"; readonly violation: Violation }
);

/** Distributes over the union, so that each kind keeps its own fields. */
export type ClusterEventBody = ClusterEvent extends infer E
  ? E extends { readonly atMs: number }
    ? Omit<E, "atMs">
    : never
  : never;

/** Whoever hears what happens in a simulated cluster. */
export type ClusterListener = (event: ClusterEvent) => void;
