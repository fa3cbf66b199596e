import { beyondCeilings, CEILINGS_CHECKER, type Ceilings } from "../oracles/ceilings.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { SimNode } from "../world/sim-node.ts";

/** How often somebody looks for processes that have ended. */
const LOOK_INTERVAL_MS = 400;

/** A disk that failed once is used again: the process is started anew, as often as it takes. */
const TO_BE_RESTARTED: ReadonlySet<string> = new Set(["STORAGE_FAILED", "STORAGE_FULL"]);

/** Starts processes again that ended because their disk failed, and sees that none grows beyond its limits. */
export class Supervisor {
  /** Also processes that were ended on purpose are started again. */
  startsWhatIsDown = false;
  readonly #world: NodeWorld;

  readonly #ceilings: Ceilings;

  constructor(world: NodeWorld) {
    this.#world = world;
    const { core, transport } = world.settings;
    const unlimited = Number.POSITIVE_INFINITY;
    this.#ceilings = {
      inflightMessagesMax: core.inflightMessagesMax ?? unlimited,
      inflightBytesMax: core.inflightBytesMax ?? unlimited,
      uncommittedBytesMax: core.uncommittedBytesMax ?? unlimited,
      appendBytesMax: core.appendBytesMax ?? unlimited,
      queueBytesMax: (transport.controlQueueBytes ?? unlimited) + (transport.logQueueBytes ?? 0),
    };
  }

  start(): void {
    this.#world.simulation.agenda.after(LOOK_INTERVAL_MS, () => {
      for (const node of this.#world.nodes.values()) {
        this.#look(node);
        this.#measure(node);
      }
      this.start();
    });
  }

  #measure({ id, life, record }: SimNode): void {
    const core = life === undefined ? undefined : record.core?.status();
    if (life === undefined || core === undefined) return;
    for (const what of beyondCeilings(life, core, this.#ceilings)) {
      this.#world.report(CEILINGS_CHECKER, `node ${id}: ${what}`);
    }
  }

  #look(node: SimNode): void {
    if (node.power === "down" && this.startsWhatIsDown) node.start();
    if (node.power !== "failed" || node.disk.isDamaged || node.record.isGhost) return;
    const { failure } = node;
    if (failure !== undefined && TO_BE_RESTARTED.has(failure)) {
      node.start();
      return;
    }
    this.#world.report(
      "nodes whose data nobody damaged run",
      `node ${node.id} is down with ${failure}`,
    );
  }
}
