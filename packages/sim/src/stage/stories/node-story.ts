import type { MemberId } from "@quorate/core";
import type { BothLanguages } from "../../scenarios/scenario.ts";
import type { StageAction } from "../stage-action.ts";
import type { StageView } from "./stage-view.ts";

/**
 * One step of a story of whole nodes: first its actions are done, then the run goes on until `until` holds. Captions call
 * members by the names that they were given, as `{victim}`.
 */
export interface NodeStep {
  readonly caption: BothLanguages;
  /** Who leads now is `leader` from here on, the next member `victim`, the third `other`. */
  readonly namesMembers?: boolean | undefined;
  readonly actions?: ((who: (name: string) => MemberId) => readonly StageAction[]) | undefined;
  /** Absent: the step ends after `forMs`. */
  readonly until?: ((view: StageView) => boolean) | undefined;
  /** Virtual time that passes before `until` is looked at. Default 0. */
  readonly forMs?: number | undefined;
}

/** A situation that only whole nodes can be in, with its disks and files: a test and a story at once. */
export interface NodeStory {
  readonly id: string;
  readonly title: BothLanguages;
  readonly story: BothLanguages;
  readonly seed: number;
  readonly members: number;
  readonly steps: readonly NodeStep[];
  readonly goal: {
    readonly text: BothLanguages;
    /** Pure: looks, and changes nothing. */
    reached(view: StageView): boolean;
  };
  /** The step without whose actions the goal is not reached, counted from 0. */
  readonly keyStep: number;
}
