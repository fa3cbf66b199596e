import type {
  CoreStatus,
  Decision,
  DecisionType,
  Entry,
  MemberId,
  Membership,
} from "@quorate/core";
import type { ClientRecord } from "../cluster/client-desk.ts";
import type { ClusterMember } from "../cluster/cluster-member.ts";
import { commandOf } from "../cluster/command.ts";
import type { CoreCluster } from "../cluster/core-cluster.ts";
import type { ClusterEvent } from "../cluster/events.ts";
import type { MemberRef, MessageFilter } from "../plan/action.ts";
import type { Performer } from "../plan/perform.ts";
import type { Condition } from "./condition.ts";
import { holds } from "./evaluate.ts";

/** A decision, and when and where it was made. */
export interface Told {
  readonly atMs: number;
  readonly member: MemberId;
  readonly decision: Decision;
}

/** One member as a story looks at it. */
export interface MemberView {
  readonly id: MemberId;
  readonly power: "up" | "down" | "paused";
  /** Undefined while the process is down. */
  readonly status: CoreStatus | undefined;
  /** Durable entries, oldest first; those before a snapshot are gone. */
  readonly entries: readonly Entry[];
  readonly membership: Membership;
  readonly applied: number;
  value(key: string): string | null;
  readonly wasWiped: boolean;
}

/** Everything that conditions and goals may look at: the cluster as it is, and what happened so far. */
export class RunView {
  readonly events: ClusterEvent[] = [];
  readonly #cluster: CoreCluster;
  readonly #performer: Performer;
  readonly #decisions: Map<DecisionType, Told[]> = new Map();
  readonly #installed: Set<MemberId> = new Set();

  constructor(cluster: CoreCluster, performer: Performer) {
    this.#cluster = cluster;
    this.#performer = performer;
  }

  /** Takes note of an event; whoever plays the run calls it for each. */
  note(event: ClusterEvent): void {
    this.events.push(event);
    if (event.type === "snapshotInstalled") this.#installed.add(event.member);
    if (event.type !== "decision") return;
    const { atMs, member, decision } = event;
    const told = { atMs, member, decision };
    const known = this.#decisions.get(decision.type);
    if (known === undefined) this.#decisions.set(decision.type, [told]);
    else known.push(told);
  }

  get nowMs(): number {
    return this.#cluster.nowMs;
  }

  get members(): readonly MemberView[] {
    return [...this.#cluster.members.values()].map(viewOf);
  }

  /** The member that is meant at this moment. */
  member(ref: MemberRef): MemberView | undefined {
    const id = this.#performer.resolve(ref);
    const member = id === undefined ? undefined : this.#cluster.members.get(id);
    return member === undefined ? undefined : viewOf(member);
  }

  /** The running leader of the highest term. */
  get leader(): MemberView | undefined {
    const leader = this.#cluster.leader();
    return leader === undefined ? undefined : viewOf(leader);
  }

  get clients(): readonly ClientRecord[] {
    return this.#cluster.clients.records;
  }

  /** The newest operation of a client. */
  client(client: number): ClientRecord | undefined {
    return this.clients.findLast((record) => record.client === client);
  }

  decisions(type: DecisionType): readonly Told[] {
    return this.#decisions.get(type) ?? [];
  }

  /** Who was elected, oldest first. */
  get elections(): readonly { readonly term: number; readonly member: MemberId }[] {
    return this.decisions("becameLeader").map(({ member, decision }) => ({
      member,
      term: decision.term,
    }));
  }

  hasInstalledSnapshot(member: MemberId): boolean {
    return this.#installed.has(member);
  }

  heldMessages(filter: MessageFilter): number {
    const matches = this.#performer.matcher(filter);
    return this.#cluster.network.held.filter(({ message }) => matches(message)).length;
  }

  isCut(from: MemberRef, to: MemberRef): boolean {
    const [one, other] = [this.member(from), this.member(to)];
    return (
      one !== undefined && other !== undefined && this.#cluster.network.isCut(one.id, other.id)
    );
  }

  /**
   * How often the member executed a command that sets this value, since it last started: with what it executed again
   * from its log, without repetitions that were recognised.
   */
  timesApplied(ref: MemberRef, value: string): number {
    return this.valuesApplied(ref).filter((applied) => applied === value).length;
  }

  /** What the member's machine was told to set, in its order, since it last started; repetitions not counted. */
  valuesApplied(ref: MemberRef): readonly string[] {
    const id = this.member(ref)?.id;
    let values: string[] = [];
    for (const event of this.events) {
      if (event.type === "started" && event.member === id) values = [];
      if (event.type !== "applied" || event.member !== id || event.isRepeat) continue;
      const value = commandOf(event.entry)?.operation.value;
      if (value !== undefined) values.push(value);
    }
    return values;
  }

  holds(condition: Condition): boolean {
    return holds(condition, this, 0);
  }
}

function viewOf(member: ClusterMember): MemberView {
  return {
    id: member.id,
    power: member.power,
    status: member.core?.status(),
    entries: member.entries,
    membership: member.membership,
    applied: member.applied,
    value: (key) => member.machine.read(key),
    wasWiped: member.wasWiped,
  };
}
