import type { MemberId } from "@quorate/core";
import type { MembershipStep } from "@quorate/host";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import { addressOf, type SimNode } from "../world/sim-node.ts";

/** Machines that belong to the group or want to, at most. */
const NODES_MAX = 7;
const CHANGE_TIMEOUT_MS = 8_000;
/** A node that cannot be started so often on a damaged disk is replaced. */
const STARTS_MAX = 3;
/** A change that did not come about is asked for again after this time. */
const RETRY_MS = 700;

/**
 * Those who run the cluster: add and remove members, and replace machines whose data is lost. They never ruin more than
 * one machine at a time, so that the group can always recover.
 */
export class GroupChanges {
  readonly #world: NodeWorld;
  readonly #random: Random;
  #nextId: MemberId;
  #isBusy = false;
  /** Its data is gone; nothing else is ruined before it is replaced. */
  #ruined: SimNode | undefined;
  /** No more changes but the replacement that is under way. */
  isOver = false;

  constructor(world: NodeWorld, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#nextId = world.settings.members + 1;
  }

  get ruined(): SimNode | undefined {
    return this.#ruined;
  }

  /** Nothing is ruined, or what is gets back from the others what it lost, which ends with the next leader. */
  get isSettled(): boolean {
    const ruined = this.#ruined;
    return ruined === undefined || (ruined.power === "up" && ruined.isRefilling);
  }

  /** Something about who belongs to the group. */
  change(): void {
    if (this.#isBusy || this.#ruined !== undefined) return;
    const membership = this.#world.leader()?.record.membership;
    if (membership === undefined) return;
    const { voters, learners } = membership;
    const steps: MembershipStep[] = [];
    if (this.#world.nodes.size < NODES_MAX && this.#random.chance(0.5)) {
      steps.push(this.#addition(this.#random.pick(["voter", "voter", "learner"])));
    }
    if (learners.length > 0 && this.#random.chance(0.5)) {
      steps.push({ action: "voter", member: this.#random.pick(learners) });
    }
    if (voters.length > 2 && this.#random.chance(0.5)) {
      const action = this.#random.chance(0.75) ? "remove" : "learner";
      steps.push({ action, member: this.#random.pick(voters) });
    }
    if (steps.length > 0) this.#ask(steps, false);
  }

  /** Bits change on a disk while its machine is off. */
  damage(): void {
    const node = this.#victim();
    if (node === undefined) return;
    node.crash(true);
    const isLog = this.#random.chance(0.6);
    const matches = (path: string): boolean =>
      isLog ? path.includes("/log/") : path.includes("/snapshots/");
    const kind = this.#random.pick(["rot", "misdirect", "ignore"] as const);
    const what = node.disk[kind](matches) ?? node.disk.rot(matches);
    if (what === undefined) {
      node.start();
      return;
    }
    this.#world.say(`disk of node ${node.id} is damaged: ${what}`);
    this.#ruined = node;
    this.#world.simulation.agenda.after(this.#random.range(50, 1_000), () => {
      node.start();
      this.#lookAfter(node);
    });
  }

  /** A machine comes back with an empty disk under its old number. */
  wipe(): void {
    const node = this.#victim();
    if (node === undefined) return;
    this.#ruined = node;
    const contacts = [...this.#world.nodes.keys()]
      .filter((id) => id !== node.id)
      .map((id) => ({ id, address: addressOf(id), name: `n${id}` }));
    node.wipe();
    node.origin = { type: "newcomer", contacts };
    this.#world.simulation.agenda.after(this.#random.range(50, 1_000), () => {
      node.start();
      this.#replaceSoon(node);
    });
  }

  #victim(): SimNode | undefined {
    if (this.#isBusy || this.#ruined !== undefined || this.isOver) return undefined;
    const membership = this.#world.leader()?.record.membership;
    if (membership === undefined || membership.voters.length < 3) return undefined;
    if (membership.outgoing.length > 0) return undefined;
    const node = this.#world.nodes.get(this.#random.pick(membership.voters));
    return node?.power === "up" ? node : undefined;
  }

  /** Its node may live with a damaged disk, or get from the others what it lost; some need a second start for that. */
  #lookAfter(node: SimNode, starts: number = 1): void {
    this.#world.simulation.agenda.after(1_500, () => {
      if (node.power === "starting" || node.isPaused) this.#lookAfter(node, starts);
      else if (node.power === "up") {
        if (node.isRefilling) this.#lookAfter(node, starts);
        else this.#mended(node);
      } else if (starts < STARTS_MAX) {
        node.start();
        this.#lookAfter(node, starts + 1);
      } else this.#replaceSoon(node);
    });
  }

  #mended(node: SimNode): void {
    node.disk.isDamaged = false;
    this.#ruined = undefined;
  }

  #replaceSoon(node: SimNode): void {
    this.#world.simulation.agenda.after(this.#random.range(500, 3_000), () => {
      const steps: MembershipStep[] = [
        { action: "remove", member: node.id },
        this.#addition("voter"),
      ];
      this.#ask(steps, true);
    });
  }

  #addition(action: "voter" | "learner"): MembershipStep {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#world.addNewcomer(id).start();
    return { action, member: id, address: addressOf(id), name: `n${id}` };
  }

  #ask(steps: readonly MembershipStep[], untilDone: boolean): void {
    this.#isBusy = true;
    const done = (isDone: boolean): void => {
      this.#isBusy = false;
      if (isDone) this.#changed(steps);
      else if (untilDone) {
        this.#world.simulation.agenda.after(RETRY_MS, () => this.#ask(steps, true));
      }
    };
    const leader = this.#world.leader();
    const node = this.#random.chance(0.8) ? leader : this.#someone();
    const life = node?.life;
    if (life === undefined) {
      done(false);
      return;
    }
    this.#world.say(`asked for ${JSON.stringify(steps)} at node ${node?.id}`);
    let isOpen = true;
    const once = (isDone: boolean): void => {
      if (!isOpen) return;
      isOpen = false;
      done(isDone);
    };
    this.#world.simulation.agenda.after(CHANGE_TIMEOUT_MS + 1_000, () => once(false));
    life.gate.enter(() => {
      life.replica.changeMembership(steps, { timeoutMs: CHANGE_TIMEOUT_MS }).then(
        () => once(true),
        (error: unknown) => {
          this.#world.say(`not changed: ${String(error)}`);
          once(false);
        },
      );
    });
  }

  #changed(steps: readonly MembershipStep[]): void {
    this.#world.counters.count("membershipChanged");
    for (const { action, member } of steps) {
      if (action !== "remove") continue;
      if (this.#ruined?.id === member) this.#ruined = undefined;
      // Machines that were taken out stay on for a while, as they do.
      this.#world.simulation.agenda.after(this.#random.range(0, 3_000), () => {
        if (this.#world.nodes.has(member)) this.#world.retire(member);
      });
    }
  }

  #someone(): SimNode | undefined {
    return this.#world.nodes.get(this.#random.pick([...this.#world.nodes.keys()]));
  }
}
