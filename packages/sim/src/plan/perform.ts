import type { MemberId, PeerMessage } from "@quorate/core";
import type { CoreCluster } from "../cluster/core-cluster.ts";
import type { Action, MemberRef, MessageFilter } from "./action.ts";

/** Does actions to a cluster and keeps the names that they give to members. */
export class Performer {
  readonly #cluster: CoreCluster;
  readonly #names: Map<string, MemberId> = new Map();

  constructor(cluster: CoreCluster) {
    this.#cluster = cluster;
  }

  /** The names given so far. */
  get names(): ReadonlyMap<string, MemberId> {
    return this.#names;
  }

  /** Returns false when the action meant somebody who does not exist now, or was refused. */
  perform(action: Action): boolean {
    const cluster = this.#cluster;
    const { network, counters } = cluster;
    switch (action.type) {
      case "crash":
        return this.#with(action.member, (member) => {
          if (member.power === "down") return false;
          counters.count("memberCrashed");
          member.crash(action.unsynced);
          network.memberDown(member.id);
          return true;
        });
      case "crashAll":
        counters.count("allCrashed");
        for (const member of cluster.members.values()) member.crash();
        return true;
      case "restart":
        return this.#with(action.member, (member) => {
          if (member.power !== "down") return false;
          member.start();
          if (!member.isUp) return false;
          counters.count("memberRestarted");
          return true;
        });
      case "wipe":
        return this.#with(action.member, (member) => {
          counters.count("memberWiped");
          member.wipe();
          network.memberDown(member.id);
          return true;
        });
      case "restartAll":
        for (const member of cluster.members.values()) {
          if (member.power === "down") counters.count("memberRestarted");
          member.start();
        }
        return true;
      case "pause":
        return this.#with(action.member, (member) => {
          if (!member.isUp) return false;
          counters.count("memberPaused");
          member.pause();
          return true;
        });
      case "resume":
        return this.#with(action.member, (member) => {
          member.resume();
          return true;
        });
      case "clockRate":
        return this.#with(action.member, (member) => {
          if (action.rate !== 1) counters.count("clockRate");
          member.clockRate = action.rate;
          return true;
        });
      case "slowDisk":
        return this.#with(action.member, (member) => {
          if (action.extraMs > 0) counters.count("diskSlow");
          member.diskExtraMs = action.extraMs;
          return true;
        });
      case "addMember":
        cluster.addMember(action.member);
        return true;
      case "name": {
        const id = this.resolve(action.member);
        if (id !== undefined) this.#names.set(action.name, id);
        return id !== undefined;
      }
      case "nameAll":
        return this.#nameAll(action.leader, action.others);
      case "ask":
        return this.#ask(action);
      case "loseAnswer":
        this.#cluster.clients.loseAnswer(action.client);
        return true;
      case "campaign":
        return this.#with(action.member, (member) => {
          counters.count("campaignForced");
          return member.call((core) => core.campaign()) === undefined;
        });
      case "forgetLeader":
        return this.#with(action.member, (member) => {
          return member.call((core) => core.forgetLeader()) === undefined;
        });
      case "transfer": {
        const to = this.resolve(action.to);
        const accepted = to === undefined ? undefined : this.#transfer(to);
        if (accepted === true) counters.count("leadershipTransferred");
        return accepted === true;
      }
      case "snapshot":
        return this.#with(action.member, (member) => {
          counters.count("snapshotForced");
          member.takeSnapshot(action.keep);
          return true;
        });
      case "changeMembership":
        return this.#change(action);
      case "recoverQuorum": {
        const survivors = action.survivors.flatMap((ref) => this.resolve(ref) ?? []);
        const saved = cluster.recoverQuorum(survivors);
        if (saved !== undefined) this.#names.set(action.name, saved);
        return saved !== undefined;
      }
      default:
        return this.#touchNetwork(action);
    }
  }

  /** Undefined when nobody is meant at the moment. */
  resolve(ref: MemberRef): MemberId | undefined {
    if (typeof ref === "number") return this.#cluster.members.has(ref) ? ref : undefined;
    if (typeof ref === "object") return this.#names.get(ref.named);
    const leader = this.#cluster.leader()?.id;
    if (ref === "leader") return leader;
    for (const member of this.#cluster.members.values()) {
      if (member.isUp && member.id !== leader) return member.id;
    }
    return undefined;
  }

  #touchNetwork(action: Exclude<Action, { readonly type: "crash" }>): boolean {
    const { network, counters, members } = this.#cluster;
    switch (action.type) {
      case "cut":
        counters.count("linkCutOneWay");
        return this.#withBoth(action.from, action.to, (from, to) => network.cut(from, to));
      case "mend":
        return this.#withBoth(action.from, action.to, (from, to) => network.mend(from, to));
      case "slowLink":
        if (action.extraMs > 0) counters.count("linkSlow");
        return this.#withBoth(action.from, action.to, (from, to) =>
          network.slow(from, to, action.extraMs),
        );
      case "partition":
        this.#partition(action.groups);
        return true;
      case "ring": {
        counters.count("partitionRing");
        const ring = [...members.keys()];
        this.#keepLinks((from, to) => {
          const distance = Math.abs(ring.indexOf(from) - ring.indexOf(to));
          return distance === 1 || distance === ring.length - 1;
        });
        return true;
      }
      case "mendAll":
        this.#keepLinks(() => true);
        for (const from of members.keys()) {
          for (const to of members.keys()) network.slow(from, to, 0);
        }
        return true;
      case "hold":
        network.hold(this.matcher(action.messages));
        return true;
      case "holdNothing":
        network.hold(undefined);
        return true;
      case "release":
        network.release(this.matcher(action.messages));
        return true;
      case "dropHeld":
        network.dropHeld(this.matcher(action.messages));
        return true;
      case "dropMessage":
        return network.drop(action.message);
      case "delayMessage":
        return network.delay(action.message, action.extraMs);
      case "duplicateMessage":
        return network.duplicate(action.message);
      default:
        return false;
    }
  }

  #nameAll(leaderName: string, otherNames: readonly string[]): boolean {
    const leader = this.#cluster.leader()?.id;
    if (leader === undefined) return false;
    this.#names.set(leaderName, leader);
    const others = [...this.#cluster.members.keys()].filter((id) => id !== leader);
    otherNames.forEach((name, at) => {
      const id = others[at];
      if (id !== undefined) this.#names.set(name, id);
    });
    return true;
  }

  #partition(groups: readonly (readonly MemberRef[])[]): void {
    const place = new Map<MemberId, number>();
    groups.forEach((group, at) => {
      for (const ref of group) {
        const id = this.resolve(ref);
        if (id !== undefined && !place.has(id)) place.set(id, at);
      }
    });
    const { counters } = this.#cluster;
    const sizes = groups.map((group) => group.length);
    counters.count(sizes.includes(1) ? "partitionLeaderAlone" : "partitionHalves");
    const at = (id: MemberId): number => place.get(id) ?? groups.length;
    this.#keepLinks((from, to) => at(from) === at(to));
  }

  /** Cuts every link for which `keeps` answers false and mends the others. */
  #keepLinks(keeps: (from: MemberId, to: MemberId) => boolean): void {
    const { members, network, counters } = this.#cluster;
    for (const from of members.keys()) {
      for (const to of members.keys()) {
        if (from === to) continue;
        if (keeps(from, to)) network.mend(from, to);
        else {
          counters.count("linkCutBothWays");
          network.cut(from, to);
        }
      }
    }
  }

  #ask(action: Extract<Action, { readonly type: "ask" }>): boolean {
    const { client, operation, member, repeats, hasSession, isPipelined } = action;
    const at = member === undefined ? undefined : this.resolve(member);
    if (member !== undefined && at === undefined) return false;
    return (
      this.#cluster.clients.ask(client, operation, {
        member: at,
        repeats,
        hasSession,
        isPipelined,
      }) !== undefined
    );
  }

  #transfer(to: MemberId): boolean {
    const leader = this.#cluster.leader();
    return leader?.call((core) => core.transferLeadership(to))?.ok === true;
  }

  #change(action: Extract<Action, { readonly type: "changeMembership" }>): boolean {
    const steps = [];
    for (const { action: kind, member: ref } of action.steps) {
      const member = typeof ref === "number" ? ref : this.resolve(ref);
      if (member === undefined) return false;
      steps.push({ action: kind, member });
    }
    const transition = action.joint === true ? "implicit" : "auto";
    return this.#cluster.changeMembership({ transition, steps });
  }

  /** Tells the messages that a filter means, by whoever has the roles it names now. */
  matcher(filter: MessageFilter): (message: PeerMessage) => boolean {
    const from = filter.from === undefined ? undefined : this.resolve(filter.from);
    const to = filter.to === undefined ? undefined : this.resolve(filter.to);
    return (message) => {
      if (filter.types !== undefined && !filter.types.includes(message.type)) return false;
      if (from !== undefined && message.from !== from) return false;
      if (to !== undefined && message.to !== to) return false;
      if (filter.withEntries === undefined) return true;
      const carries = message.type === "append" && message.entries.length > 0;
      return carries === filter.withEntries;
    };
  }

  #with(ref: MemberRef, run: (member: ReturnType<CoreCluster["member"]>) => boolean): boolean {
    const id = this.resolve(ref);
    const member = id === undefined ? undefined : this.#cluster.members.get(id);
    return member === undefined ? false : run(member);
  }

  #withBoth(
    one: MemberRef,
    other: MemberRef,
    run: (one: MemberId, other: MemberId) => void,
  ): boolean {
    const from = this.resolve(one);
    const to = this.resolve(other);
    if (from === undefined || to === undefined) return false;
    run(from, to);
    return true;
  }
}
