import type { DecisionType, MemberId } from "@quorate/core";
import type { ClientRecord } from "../../cluster/client-desk.ts";
import type { ClusterEvent, DiskFinding } from "../../cluster/events.ts";
import type { MemberFrame } from "../../view/member-frame.ts";
import type { NodeStage } from "../node-stage.ts";

/** Everything that a story of whole nodes may look at: the nodes as they are, and what happened to them so far. */
export class StageView {
  readonly names: Map<string, MemberId> = new Map();
  readonly #stage: NodeStage;
  /** How often each kind of event happened to each member; decisions and findings under their own names. */
  readonly #counts: Map<string, number> = new Map();

  constructor(stage: NodeStage) {
    this.#stage = stage;
  }

  /** Takes note of an event; whoever plays the run calls it for each. */
  note(event: ClusterEvent): void {
    if (!("member" in event)) return;
    const type =
      event.type === "decision"
        ? event.decision.type
        : event.type === "disk"
          ? event.finding
          : event.type;
    const key = `${type}/${event.member}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get nowMs(): number {
    return this.#stage.nowMs;
  }

  get members(): readonly MemberFrame[] {
    return [...this.#stage.memberIds()].map((id) => this.#stage.frameOf(id, undefined));
  }

  /** The number of the member that has this name. */
  who(name: string): MemberId {
    const id = this.names.get(name);
    if (id === undefined) throw new RangeError(`nobody is called ${name}`);
    return id;
  }

  /** The member that has this name. */
  of(name: string): MemberFrame {
    return this.#stage.frameOf(this.who(name), undefined);
  }

  /** The running leader of the highest term, when everybody who runs follows it. */
  get leader(): MemberFrame | undefined {
    const { members } = this;
    const id = this.#stage.world.leader()?.id;
    const leader = members.find((member) => member.id === id);
    if (leader === undefined || leader.commit < leader.last) return undefined;
    const running = members.filter(({ power, wasWiped }) => power === "up" && !wasWiped);
    const follow = running.every((one) => one.leader === id && one.term === leader.term);
    return follow ? leader : undefined;
  }

  /** Its process has come up and takes part. */
  isUp(name: string): boolean {
    return this.#stage.world.node(this.who(name)).power === "up";
  }

  /** How often this happened to the member. */
  times(type: DecisionType | DiskFinding | ClusterEvent["type"], name: string): number {
    return this.#counts.get(`${type}/${this.who(name)}`) ?? 0;
  }

  /** The newest operation of a client. */
  client(client: number): ClientRecord | undefined {
    return this.#stage.clients.records.findLast((record) => record.client === client);
  }

  isAnswered(client: number): boolean {
    return this.client(client)?.belief === "answered";
  }

  /** Every member runs, and its machine holds this. */
  allHold(key: string, value: string): boolean {
    return this.members.every(({ power, values }) => power === "up" && values.get(key) === value);
  }
}
