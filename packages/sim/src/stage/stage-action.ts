import type { Action } from "../plan/action.ts";
import type { DrawnNodes } from "./drawn-nodes.ts";

/** What a disk under a whole node can be made to suffer. */
export type DiskFault =
  /** The power goes in the middle of its next durable write: some sectors of it arrive, some do not. */
  | "tearNextWrite"
  /** Its next write is refused with an input/output error. */
  | "failNextWrite"
  /** The next time it is told to make writes durable it cannot. */
  | "failNextSync"
  /** One bit of its log changes while the machine is off; then it starts again. */
  | "flipBit"
  /** Not one more byte fits. */
  | "fill"
  /** There is room again. */
  | "free";

/** The actions that whole nodes understand, which are those of the cores that mean something there, and disk faults. */
export type StageAction =
  | Extract<
      Action,
      {
        readonly type:
          | "ask"
          | "campaign"
          | "changeMembership"
          | "clockRate"
          | "crash"
          | "crashAll"
          | "cut"
          | "delayMessage"
          | "dropMessage"
          | "duplicateMessage"
          | "mend"
          | "mendAll"
          | "partition"
          | "pause"
          | "restart"
          | "restartAll"
          | "resume"
          | "slowDisk"
          | "slowLink"
          | "snapshot"
          | "transfer"
          | "wipe";
      }
    >
  | { readonly type: "diskFault"; readonly member: number; readonly fault: DiskFault };

/** An action and its exact place: so many events had happened. */
export interface StagedAction {
  readonly afterEvents: number;
  readonly action: StageAction;
}

/** A run of whole nodes as everything that was done: enough to repeat it anywhere. */
export interface StagePlan {
  readonly seed: number;
  readonly members: number;
  readonly actions: readonly StagedAction[];
  /** Events of the whole run. */
  readonly events: number;
  /** The run was drawn: clients and faults act by themselves, besides whatever is done by hand. */
  readonly drawn?: DrawnNodes | undefined;
}
