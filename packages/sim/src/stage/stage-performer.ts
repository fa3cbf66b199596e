import type { MemberId } from "@quorate/core";
import type { MemberRef } from "../plan/action.ts";
import type { FrameFate } from "../world/frame-fate.ts";
import type { NodeWorld } from "../world/node-world.ts";
import { addressOf, hostOf, type SimNode } from "../world/sim-node.ts";
import type { NodeClients } from "./node-clients.ts";
import type { DiskFault, StageAction } from "./stage-action.ts";

/** What a change of membership may take before it is given up. */
const CHANGE_TIMEOUT_MS = 20_000;

/** What an action may need to tell the rest of the stage. */
export interface PerformerOwner {
  readonly world: NodeWorld;
  readonly clients: NodeClients;
  wiped(node: SimNode): void;
  linkChanged(from: MemberId, to: MemberId, isCut: boolean): void;
  /** False when the message is not on its way as a frame of its own. */
  changeMessage(message: number, fate: FrameFate): boolean;
}

/** Does actions to a world of whole nodes. */
export class StagePerformer {
  readonly #owner: PerformerOwner;

  constructor(owner: PerformerOwner) {
    this.#owner = owner;
  }

  /** False when the action meant somebody who does not exist now, or was refused. */
  perform(action: StageAction): boolean {
    const { world, clients } = this.#owner;
    switch (action.type) {
      case "ask": {
        const at = action.member === undefined ? undefined : this.resolve(action.member);
        if (action.member !== undefined && at === undefined) return false;
        return clients.ask(action.client, action.operation, at, action.repeats !== false);
      }
      case "crashAll":
        for (const node of world.nodes.values()) node.crash(true);
        return true;
      case "restartAll":
        for (const node of world.nodes.values()) node.start();
        return true;
      case "dropMessage":
        return this.#owner.changeMessage(action.message, { type: "lose" });
      case "duplicateMessage":
        return this.#owner.changeMessage(action.message, { type: "repeat" });
      case "delayMessage": {
        const { message, extraMs } = action;
        return this.#owner.changeMessage(message, { type: "delay", extraMs });
      }
      case "transfer":
        return this.#transfer(action.to);
      case "changeMembership":
        return this.#change(action);
      case "cut":
      case "mend":
      case "slowLink":
      case "partition":
      case "mendAll":
        return this.#touchNetwork(action);
      default:
        return this.#touchMember(action);
    }
  }

  /** Undefined when nobody is meant at the moment. */
  resolve(ref: MemberRef): MemberId | undefined {
    const { world } = this.#owner;
    if (typeof ref === "number") return world.nodes.has(ref) ? ref : undefined;
    const leader = world.leader()?.id;
    if (ref === "leader") return leader;
    if (ref !== "follower") return undefined;
    return [...world.nodes.values()].find(({ id, life }) => life !== undefined && id !== leader)
      ?.id;
  }

  #touchMember(
    action: Extract<StageAction, { readonly member: MemberRef } & { readonly type: string }>,
  ): boolean {
    const id = action.member === undefined ? undefined : this.resolve(action.member);
    const node = id === undefined ? undefined : this.#owner.world.nodes.get(id);
    if (node === undefined) return false;
    const isUp = node.power === "up" || node.power === "starting";
    switch (action.type) {
      case "crash":
        node.crash(action.unsynced !== "kept");
        return isUp;
      case "restart":
        node.start();
        return !isUp;
      case "wipe":
        this.#wipe(node);
        return true;
      case "pause":
        node.pause();
        return isUp;
      case "resume":
        node.resume();
        return isUp;
      case "clockRate":
        node.clock.setRate(action.rate);
        this.#owner.world.trustsLeases = false;
        return true;
      case "slowDisk":
        node.disk.extraMs = action.extraMs;
        return true;
      case "campaign":
        node.life?.replica.campaign();
        return node.life !== undefined;
      case "snapshot":
        node.life?.replica.snapshot().catch(nobodyWaits);
        return node.life !== undefined;
      case "diskFault":
        return bringDiskFault(node, action.fault);
      default:
        return false;
    }
  }

  /** It comes back as a stranger: what it once promised is forgotten. */
  #wipe(node: SimNode): void {
    const { world } = this.#owner;
    const contacts = [...world.nodes.keys()]
      .filter((id) => id !== node.id)
      .map((id) => ({ id, address: addressOf(id), name: `n${id}` }));
    node.wipe();
    node.origin = { type: "newcomer", contacts };
    this.#owner.wiped(node);
  }

  #transfer(ref: MemberRef): boolean {
    const to = this.resolve(ref);
    const leader = this.#owner.world.leader();
    if (to === undefined || leader === undefined || leader.id === to) return false;
    leader.life?.replica.transferLeadership(to).catch(nobodyWaits);
    return true;
  }

  #change(action: Extract<StageAction, { readonly type: "changeMembership" }>): boolean {
    const { world } = this.#owner;
    const replica = world.leader()?.life?.replica;
    if (replica === undefined) return false;
    const steps = action.steps.flatMap(({ action: kind, member: ref }) => {
      const member = typeof ref === "number" ? ref : this.resolve(ref);
      if (member === undefined) return [];
      if (kind !== "remove" && !world.nodes.has(member)) world.addNewcomer(member).start();
      return [{ action: kind, member, address: addressOf(member), name: `n${member}` }];
    });
    if (steps.length === 0) return false;
    replica.changeMembership(steps, { timeoutMs: CHANGE_TIMEOUT_MS }).catch(nobodyWaits);
    return true;
  }

  #touchNetwork(
    action: Extract<
      StageAction,
      { readonly type: "cut" | "mend" | "slowLink" | "partition" | "mendAll" }
    >,
  ): boolean {
    const { world } = this.#owner;
    const ids = [...world.nodes.keys()];
    if (action.type === "mendAll" || action.type === "partition") {
      const groups =
        action.type === "mendAll"
          ? [ids]
          : action.groups.map((group) => group.map((ref) => this.resolve(ref)));
      const groupOf = (id: MemberId): number => groups.findIndex((group) => group.includes(id));
      for (const from of ids) {
        for (const to of ids) if (from !== to) this.#set(from, to, groupOf(from) !== groupOf(to));
      }
      return true;
    }
    const [from, to] = [this.resolve(action.from), this.resolve(action.to)];
    if (from === undefined || to === undefined) return false;
    if (action.type === "slowLink") {
      world.network.link(hostOf(from), hostOf(to)).extraMs = action.extraMs;
    } else this.#set(from, to, action.type === "cut");
    return true;
  }

  #set(from: MemberId, to: MemberId, isCut: boolean): void {
    const { network } = this.#owner.world;
    const [near, far] = [hostOf(from), hostOf(to)];
    if (network.link(near, far).isCut === isCut) return;
    if (isCut) network.cut(near, far);
    else network.mend(near, far);
    this.#owner.linkChanged(from, to, isCut);
  }
}

/** Whoever asked for it looks at the cluster itself to see what became of it. */
function nobodyWaits(): void {}

function bringDiskFault(node: SimNode, fault: DiskFault): boolean {
  const { disk } = node;
  switch (fault) {
    case "tearNextWrite":
      disk.bring("powerFails");
      return true;
    case "failNextWrite":
      disk.bring("writeFails");
      return true;
    case "failNextSync":
      disk.bring("syncFails");
      return true;
    case "fill":
      disk.files.capacityBytes = disk.files.usedBytes;
      return true;
    case "free":
      disk.files.capacityBytes = Number.POSITIVE_INFINITY;
      return true;
    case "flipBit": {
      node.crash(true);
      const where = disk.rot((path) => path.includes("/log/"));
      node.start();
      return where !== undefined;
    }
  }
}
