import type {
  AppendWork,
  ApplyWork,
  Decision,
  HardState,
  Membership,
  RaftCore,
} from "@quorate/core";
import { MemoryLog } from "./memory-log.ts";

/** What a state machine holds: here simply the list of everything that was applied. */
interface Checkpoint {
  readonly applied: number;
  readonly membership: Membership;
}

const NOBODY_YET: Membership = {
  voters: [],
  outgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
};

/** One member with a disk that forgets what was not made durable, and a state machine that forgets since its checkpoint. */
export class SimulatedMember {
  readonly id: number;
  log = new MemoryLog();
  hardState: HardState = { term: 0, vote: 0, commit: 0 };
  checkpoint: Checkpoint = { applied: 0, membership: NOBODY_YET };
  core: RaftCore;
  applied = 0;
  membership: Membership = NOBODY_YET;
  appends: AppendWork[] = [];
  applies: ApplyWork[] = [];
  decisions: Decision[] = [];
  /** Its disk is slower than anything else: `settle` does not wait for it. */
  slowDisk = false;
  /** How often it was started. */
  lives = 1;

  constructor(id: number, start: (member: SimulatedMember) => RaftCore) {
    this.id = id;
    this.core = start(this);
  }
}

/** A broken promise of the algorithm, seen from outside. */
export class PromiseBroken extends Error {
  override readonly name = "PromiseBroken";
}
