import type { Entry, LogIndex, MemberId, PeerMessage, RaftCore } from "@quorate/core";
import {
  bootstrapLog,
  type CoreOrigin,
  type HostEvent,
  messagesInFrame,
  type ReplicaEvent,
} from "@quorate/host";
import type { Violation } from "../checkers/violation.ts";
import type {
  ClusterEvent,
  ClusterEventBody,
  ClusterListener,
  DiskFinding,
} from "../cluster/events.ts";
import type { Agenda } from "../time/agenda.ts";
import type { MemberFrame } from "../view/member-frame.ts";
import { Door } from "../workloads/door.ts";
import type { FrameFate } from "../world/frame-fate.ts";
import type { KvReplica } from "../world/lease-driver.ts";
import type { NodeWorldSettings } from "../world/node-settings.ts";
import { NodeWorld } from "../world/node-world.ts";
import { hostOf, type NodeAudience, type NodePower, type SimNode } from "../world/sim-node.ts";
import { CALM_STREAMS } from "../world/stream-weather.ts";
import type { CoreWitness } from "../world/watched-core.ts";
import { type DrawnNodes, planOfDrawn } from "./drawn-nodes.ts";
import { DrawnPlay } from "./drawn-play.ts";
import { NodeClients } from "./node-clients.ts";
import { nodeFrame } from "./node-frame.ts";
import { NodeMirror } from "./node-mirror.ts";
import type { StageAction, StagePlan } from "./stage-action.ts";
import { StagePerformer } from "./stage-performer.ts";
import { markOf, StageWires } from "./stage-wires.ts";

/**
 * Turns of the promise queue after every event. Far more than any chain of promises needs, so that it makes no difference
 * whether somebody looks at the cluster between two events or not.
 */
const SETTLE_TURNS = 160;

/** Slow enough to be followed with the eye, and everything that disks and snapshots do comes about soon. */
const STAGE_SETTINGS: Partial<NodeWorldSettings> = {
  tickMs: 10,
  core: { electionTicks: 10, heartbeatTicks: 3 },
  snapshotPolicy: { entriesMax: 40, bytesMax: 1 << 16, keepEntries: 10 },
  logSegmentBytes: 4096,
  weather: { ...CALM_STREAMS, delayMinMs: 3, delayMaxMs: 8 },
  disk: { minMs: 1, maxMs: 5 },
};

/**
 * A world of whole nodes (hosts with their logs, snapshots and transport, and the key-value machine) as something to look
 * at: it tells the same events as a cluster of cores and shows its members in the same frames. Decided by its seed, its
 * size, and what is done to it after how many events; or a drawn run, whose clients and faults act by themselves.
 */
export class NodeStage {
  readonly seed: number;
  readonly founders: number;
  readonly world: NodeWorld;
  readonly clients: NodeClients;
  readonly #performer: StagePerformer;
  readonly #mirrors: Map<MemberId, NodeMirror> = new Map();
  readonly #powers: Map<MemberId, NodePower> = new Map();
  readonly #paused: Set<MemberId> = new Set();
  readonly #wires: StageWires;
  readonly #drawn: DrawnPlay | undefined;
  /** Links that a drawn fault has cut. */
  readonly #cuts: Set<string> = new Set();
  readonly #emit: (event: ClusterEventBody) => void;
  #told = 0;
  /** What is to be done to messages that have not been written to a wire yet. */
  #fates: { readonly id: number; readonly fate: FrameFate }[] = [];

  constructor(seed: number, members: number, listener?: ClusterListener, drawn?: DrawnNodes) {
    this.seed = seed;
    this.founders = members;
    this.#emit = (event) => {
      listener?.({ atMs: this.world?.nowMs ?? 0, ...event } as ClusterEvent);
    };
    const weather = drawn?.run.settings.weather ?? STAGE_SETTINGS.weather;
    const { delayMinMs, delayMaxMs } = weather ?? CALM_STREAMS;
    this.#wires = new StageWires(this.#emit, (delayMinMs + delayMaxMs) / 2);
    const audience: NodeAudience = {
      begins: (node, core, of) => this.#begins(node, core, of),
      isUp: (node, replica) => this.#isUp(node, replica),
      heard: (node, event) => this.#heard(node, event),
    };
    this.#drawn = drawn && new DrawnPlay(planOfDrawn(seed, drawn), audience);
    const settings = { ...STAGE_SETTINGS, members };
    this.world = this.#drawn?.world ?? new NodeWorld(seed, settings, undefined, audience);
    const { random } = this.world;
    const door = new Door(this.world, random.split("door"), { delayMaxMs: 2, answerLossRate: 0 });
    this.clients = new NodeClients(this.world, door, random.split("clients"), this.#emit);
    this.#performer = new StagePerformer({
      world: this.world,
      clients: this.clients,
      wiped: (node) => {
        this.#mirror(node.id).wiped();
        this.#emit({ type: "wiped", member: node.id });
      },
      linkChanged: (from, to, isCut) => this.#emit({ type: "linkChanged", from, to, isCut }),
      changeMessage: (id, fate) => this.#changeMessage(id, fate),
    });
    if (drawn === undefined) this.world.startAll();
    this.#look();
  }

  get nowMs(): number {
    return this.world.nowMs;
  }

  get agenda(): Agenda {
    return this.world.simulation.agenda;
  }

  get violations(): readonly Violation[] {
    return this.#drawn?.violations ?? this.world.violations;
  }

  /** Fingerprint of everything that went over the wires so far, and when. */
  digest(): string {
    return this.world.digest();
  }

  memberIds(): Iterable<MemberId> {
    return this.world.nodes.keys();
  }

  frameOf(id: MemberId, previous: MemberFrame | undefined): MemberFrame {
    return nodeFrame(this.world.node(id), this.#mirror(id), previous);
  }

  /** Entries that are not what `known` remembers, newest first. */
  changedEntries(id: MemberId, known: (index: LogIndex) => Entry | undefined): readonly Entry[] {
    const mirror = this.#mirror(id);
    const changed: Entry[] = [];
    for (let index = mirror.last; index >= mirror.first; index -= 1) {
      const entry = mirror.entry(index);
      if (entry === undefined || known(index) === entry) break;
      changed.push(entry);
    }
    return changed;
  }

  /** Messages on their way, with those that were put off by hand. */
  travelling(): Iterable<{ readonly id: number; readonly arrivesAtMs: number | undefined }> {
    return this.#wires.onTheirWay();
  }

  /** Lets one event happen with everything it causes; false when something went wrong or nothing is left. */
  async step(): Promise<boolean> {
    const { world } = this;
    if (this.#drawn !== undefined) {
      const hasHappened = await this.#drawn.step();
      this.#look();
      return hasHappened;
    }
    if (world.hasViolation || !this.agenda.step()) return false;
    world.hash.number(this.nowMs);
    await settle();
    this.#look();
    return true;
  }

  /** Does something now; what it causes at once has happened when the promise resolves. */
  async perform(action: StageAction): Promise<boolean> {
    const done = this.#performer.perform(action);
    await settle();
    this.#look();
    return done;
  }

  /** False when the message does not travel as a frame of its own. */
  #changeMessage(id: number, fate: FrameFate): boolean {
    const message = this.#wires.find(id);
    if (message === undefined || message.type === "snapshot") return false;
    if (!this.#meets(id, message, fate)) this.#fates.push({ id, fate });
    return true;
  }

  /** A message is one frame among the bytes of a stream, and known by what it says. */
  #meets(id: number, message: PeerMessage, fate: FrameFate): boolean {
    const { from, to } = message;
    const mark = markOf(message);
    const isIt = (frame: Uint8Array): boolean =>
      messagesInFrame(frame, from, to).some((one) => markOf(one) === mark);
    if (!this.world.network.changeFrame(hostOf(from), hostOf(to), isIt, fate)) return false;
    this.#wires.changed(id, fate, this.nowMs);
    return true;
  }

  /** A message that its sender had not written yet meets its fate as soon as it is on the wire. */
  #meetFates(): void {
    this.#fates = this.#fates.filter(({ id, fate }) => {
      const message = this.#wires.find(id);
      return message !== undefined && !this.#meets(id, message, fate);
    });
  }

  #begins(node: SimNode, _core: RaftCore, of: CoreOrigin): CoreWitness {
    const { origin } = node;
    const mirror = this.#mirror(node.id);
    mirror.begin(of, origin.type === "founder" ? bootstrapLog(origin.initial).entries : []);
    return mirror;
  }

  #isUp(node: SimNode, replica: KvReplica): void {
    const tell = (decision: ReturnType<KvReplica["decisions"]>[number]["decision"]): void => {
      this.#emit({ type: "decision", member: node.id, decision });
    };
    for (const { decision } of replica.decisions()) tell(decision);
    replica.onDecision(({ decision }) => tell(decision));
    replica.onEvent((event) => {
      if (event.type === "logCompacted") this.#mirror(node.id).compacted(event.firstIndex);
      if (event.type !== "snapshot" || event.phase !== "built") return;
      this.#emit({ type: "snapshotTaken", member: node.id, index: event.info.index });
    });
  }

  #heard({ id: member }: SimNode, event: HostEvent): void {
    if (event.type !== "replica") return;
    const finding = findingOf(event.event);
    if (finding !== undefined) this.#emit({ type: "disk", member, finding });
  }

  #mirror(id: MemberId): NodeMirror {
    const known = this.#mirrors.get(id);
    if (known !== undefined) return known;
    const mirror = new NodeMirror(id, {
      nowMs: () => this.nowMs,
      wires: this.#wires,
      emit: this.#emit,
    });
    this.#mirrors.set(id, mirror);
    return mirror;
  }

  /** Tells what can only be seen by looking: processes that came or went by themselves, and what was found wrong. */
  #look(): void {
    const { world } = this;
    if (this.#fates.length > 0) this.#meetFates();
    for (const [id, node] of world.nodes) {
      this.#lookAt(id, node);
    }
    this.#wires.giveUp(
      this.nowMs,
      (from, to) => world.network.link(hostOf(from), hostOf(to)).isCut,
    );
    if (this.#drawn !== undefined) this.#lookAtLinks();
    const { violations } = this;
    for (; this.#told < violations.length; this.#told += 1) {
      this.#emit({ type: "violation", violation: violations[this.#told] as Violation });
    }
  }

  /** Faults of a drawn run tell nobody what they do. */
  #lookAtLinks(): void {
    const { network, nodes } = this.world;
    for (const from of nodes.keys()) {
      for (const to of nodes.keys()) {
        const name = `${from}>${to}`;
        const { isCut } = network.link(hostOf(from), hostOf(to));
        if (isCut === this.#cuts.has(name)) continue;
        if (isCut) this.#cuts.add(name);
        else this.#cuts.delete(name);
        this.#emit({ type: "linkChanged", from, to, isCut });
      }
    }
  }

  #lookAt(id: MemberId, node: SimNode): void {
    const before = this.#powers.get(id) ?? "down";
    const { power } = node;
    if (before !== power) {
      this.#powers.set(id, power);
      const wasUp = before === "up" || before === "starting";
      const isUp = power === "up" || power === "starting";
      // From up to starting: it ended and began again between two looks.
      if (wasUp && (!isUp || power === "starting")) {
        this.#mirror(id).end();
        this.#wires.memberDown(id);
        this.#emit({ type: "crashed", member: id });
      }
      if (isUp && (!wasUp || power === "starting")) this.#emit({ type: "started", member: id });
    }
    if (node.isPaused === this.#paused.has(id)) return;
    if (node.isPaused) this.#paused.add(id);
    else this.#paused.delete(id);
    if (power !== "down") this.#emit({ type: node.isPaused ? "paused" : "resumed", member: id });
  }
}

/** Codes with which a group ends because of what is under it. */
const DISK_CODES: ReadonlySet<string> = new Set(["STORAGE_FAILED", "STORAGE_FULL"]);

function findingOf(event: ReplicaEvent): DiskFinding | undefined {
  switch (event.type) {
    case "tornTail":
    case "refilling":
    case "refilled":
      return event.type;
    case "storageFull":
      return "full";
    case "storageFreed":
      return "freed";
    case "stopped":
      return DISK_CODES.has(event.error?.code ?? "") ? "failed" : undefined;
    default:
      return undefined;
  }
}

/** Repeats a run of whole nodes. */
export async function replayStage(plan: StagePlan, listener?: ClusterListener): Promise<NodeStage> {
  const stage = new NodeStage(plan.seed, plan.members, listener, plan.drawn);
  await settle();
  for (const { afterEvents, action } of plan.actions) {
    while (stage.agenda.happened < afterEvents && (await stage.step()));
    await stage.perform(action);
  }
  while (stage.agenda.happened < plan.events && (await stage.step()));
  return stage;
}

/** Everything that promises still have to do is done. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLE_TURNS; turn += 1) await undefined;
}
