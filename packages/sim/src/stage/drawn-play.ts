import type { Violation } from "../checkers/violation.ts";
import { castOf, type NodePlan, type NodeRunResult, play } from "../hunt/run-nodes.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { NodeAudience } from "../world/sim-node.ts";

/** Plays a drawn run one event at a time, so that somebody can look at it in between. It is the same run as at full speed. */
export class DrawnPlay {
  readonly world: NodeWorld;
  #result: NodeRunResult | undefined;
  #failure: unknown;
  /** Lets the event happen that waits. */
  #goOn: (() => void) | undefined;
  /** Told when an event waits, or nothing more will happen. */
  #waiting: (() => void) | undefined;

  constructor(plan: NodePlan, audience: NodeAudience) {
    const cast = castOf(plan, undefined, audience);
    this.world = cast.world;
    if (plan.isTraced) cast.world.traceFromNowOn();
    cast.world.simulation.pace = () =>
      new Promise((goOn) => {
        this.#goOn = goOn;
        this.#tell();
      });
    play(cast).then(
      (result) => {
        this.#result = result;
        this.#tell();
      },
      (error: unknown) => {
        this.#failure = error;
        this.#tell();
      },
    );
  }

  /** Also what is found only when everything is over. */
  get violations(): readonly Violation[] {
    return this.#result?.violations ?? this.world.violations;
  }

  /** Lets one event happen with everything that it causes; false when the run was over already. */
  async step(): Promise<boolean> {
    await this.#untilNext();
    const goOn = this.#goOn;
    if (goOn === undefined) return false;
    this.#goOn = undefined;
    goOn();
    await this.#untilNext();
    return true;
  }

  async #untilNext(): Promise<void> {
    if (this.#goOn === undefined && this.#result === undefined && this.#failure === undefined) {
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #tell(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
