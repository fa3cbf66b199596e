import type { QuorateError } from "../errors.ts";
import { removedFromGroup, stopped } from "./failures.ts";
import type { ReplicaCondition } from "./replica.ts";

/** Whether a member takes part in its group, and how it came to an end once it did. */
export class Life {
  #end: "stopped" | "closed" | undefined;
  #error: QuorateError | undefined;
  #isRemoved = false;

  get isRunning(): boolean {
    return this.#end === undefined;
  }

  /** It runs, and does not belong to the group any more. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  condition(isFull: boolean): ReplicaCondition {
    if (this.#end !== undefined) return this.#end;
    if (this.#isRemoved) return "removed";
    return isFull ? "storageFull" : "running";
  }

  /** Why calls are refused, if they are. */
  get refusal(): QuorateError | undefined {
    if (!this.isRunning) return stopped("notApplied", this.#error);
    return this.#isRemoved ? removedFromGroup("notApplied") : undefined;
  }

  /** The first end counts; false when there was one. */
  end(how: "stopped" | "closed", error: QuorateError | undefined): boolean {
    if (!this.isRunning) return false;
    this.#end = how;
    this.#error = error;
    return true;
  }

  /** False when that was so before. */
  belongs(belongs: boolean): boolean {
    if (belongs === !this.#isRemoved || !this.isRunning) return false;
    this.#isRemoved = !belongs;
    return true;
  }
}
