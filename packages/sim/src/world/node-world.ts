import type { MemberId } from "@quorate/core";
import type { HostEvent, InitialMember } from "@quorate/host";
import { ReplicaStates } from "../checkers/replica-states.ts";
import type { Violation } from "../checkers/violation.ts";
import { FaultCounters, type FaultKind } from "../faults/fault-counters.ts";
import { ClusterLedger } from "../invariants/cluster-ledger.ts";
import { Chronicle } from "../oracles/chronicle.ts";
import { EventHash } from "../random/event-hash.ts";
import { Random } from "../random/random.ts";
import { TraceChecker } from "../trace/trace-checker.ts";
import { NODE_WORLD_DEFAULTS, type NodeWorldSettings } from "./node-settings.ts";
import { addressOf, type NodeAudience, type NodeSurroundings, SimNode } from "./sim-node.ts";
import { Simulation } from "./simulation.ts";
import { StreamNetwork } from "./stream-network.ts";

export const BYTES_CHECKER = "undamaged bytes are understood";

/** A stranger that says nothing is turned away with this: no bytes were bad. */
const SILENCE = "no handshake in time";

/** Hears what happens in a world, one line per event. */
export type NodeWorldListener = (line: string) => void;

/**
 * Whole nodes in one process: real hosts with their logs, snapshots, sessions and transport, and the real key-value
 * machine, on virtual clocks, disks and wires. Decided by settings, seed and the calls made on it.
 */
export class NodeWorld {
  readonly settings: NodeWorldSettings;
  readonly random: Random;
  readonly hash: EventHash = new EventHash();
  readonly simulation: Simulation = new Simulation(this.hash);
  readonly counters: FaultCounters = new FaultCounters();
  readonly ledger: ClusterLedger = new ClusterLedger();
  readonly chronicle: Chronicle = new Chronicle(() => this.nowMs);
  /** Of machines, after every batch of commands. */
  readonly states: ReplicaStates = new ReplicaStates();
  readonly network: StreamNetwork;
  readonly nodes: Map<MemberId, SimNode> = new Map();
  /** Clocks keep to what leases rely on: only then are lease reads held to anything. */
  trustsLeases = true;
  readonly #around: NodeSurroundings;
  readonly #listener: NodeWorldListener | undefined;
  /** Found by those who watch clients; the run ends with the first. */
  readonly #found: Violation[] = [];

  constructor(
    seed: number,
    settings: Partial<NodeWorldSettings> = {},
    listener?: NodeWorldListener,
    audience?: NodeAudience,
  ) {
    this.settings = { ...NODE_WORLD_DEFAULTS, ...settings };
    this.random = Random.fromSeed(seed).split("nodes");
    this.#listener = listener;
    this.network = new StreamNetwork(
      this.simulation.agenda,
      this.random.split("network"),
      this.counters,
      this.hash,
    );
    this.network.weather = this.settings.weather;
    this.#around = {
      agenda: this.simulation.agenda,
      settings: this.settings,
      network: this.network,
      counters: this.counters,
      ledger: this.ledger,
      chronicle: this.chronicle,
      states: this.states,
      say: listener === undefined ? undefined : (node, what) => this.say(`node ${node} ${what}`),
      audience,
      onHostEvent: (node, event) => this.#onHostEvent(node, event),
    };
    this.simulation.isOver = () => this.hasViolation;
    this.#foundGroup();
  }

  get nowMs(): number {
    return this.simulation.nowMs;
  }

  get hasViolation(): boolean {
    return (
      this.ledger.violations.length > 0 ||
      this.chronicle.violations.length > 0 ||
      this.states.violations.length > 0 ||
      this.#found.length > 0
    );
  }

  get violations(): readonly Violation[] {
    const { ledger, chronicle, states } = this;
    return [...ledger.violations, ...chronicle.violations, ...states.violations, ...this.#found];
  }

  /** From now on, before anything has started, the run is replayed against the abstract model. */
  traceFromNowOn(): TraceChecker {
    const trace = new TraceChecker((checker, what) => this.ledger.report(checker, what));
    this.ledger.trace = trace;
    return trace;
  }

  report(checker: string, message: string): void {
    this.#found.push({ checker, message });
  }

  say(what: string): void {
    this.#listener?.(`${this.nowMs.toFixed(3)} ${what}`);
  }

  node(id: MemberId): SimNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new RangeError(`there is no node ${id}`);
    return node;
  }

  /** Adds a machine that will ask to be taken in; the group has to agree before it is started. */
  addNewcomer(id: MemberId): SimNode {
    const contacts = [...this.nodes.keys()].map((other) => member(other));
    return this.#addNode(id, { type: "newcomer", contacts });
  }

  /** A world in which more than this happens is one in which something spins. */
  limitEvents(most: number): void {
    const { agenda } = this.simulation;
    this.simulation.isOver = () => {
      if (agenda.happened > most && !this.hasViolation) {
        this.report("nodes come to rest", `${agenda.happened} events in ${this.nowMs} ms`);
      }
      return this.hasViolation;
    };
  }

  /** Takes a machine away for good. */
  retire(id: MemberId): void {
    const node = this.node(id);
    node.isRetired = true;
    node.crash(false);
    this.nodes.delete(id);
    this.say(`node ${id} is taken away`);
  }

  startAll(): void {
    for (const node of this.nodes.values()) node.start();
  }

  /** Who leads, as far as running nodes say, in the newest term. */
  leader(): SimNode | undefined {
    let found: SimNode | undefined;
    let term = -1;
    for (const node of this.nodes.values()) {
      const core = node.life === undefined ? undefined : node.record.core?.status();
      if (core === undefined || core.role !== "leader" || core.term <= term) continue;
      found = node;
      term = core.term;
    }
    return found;
  }

  /** Whoever finds bytes unreadable that came as they were sent has not understood them. */
  #onBadBytes(node: MemberId, reason: string): void {
    if (reason.includes(SILENCE) || SPOILS_BYTES.some((kind) => this.counters.get(kind) > 0))
      return;
    this.report(BYTES_CHECKER, `node ${node} cannot read what nobody damaged: ${reason}`);
  }

  digest(): string {
    return this.hash.digest();
  }

  #foundGroup(): void {
    const { members, learners } = this.settings;
    const initial: InitialMember[] = [];
    for (let id = 1; id <= members; id += 1) {
      initial.push({ ...member(id), learner: id > members - learners });
    }
    for (const { id } of initial) this.#addNode(id, { type: "founder", initial });
  }

  #addNode(id: MemberId, origin: SimNode["origin"]): SimNode {
    const node = new SimNode(id, origin, this.#around, this.random.split(`node ${id}`));
    node.record.trustsLeases = () => this.trustsLeases;
    this.nodes.set(id, node);
    return node;
  }

  #onHostEvent(node: MemberId, event: HostEvent): void {
    if (event.type === "transport" && event.event.type === "badPeerBytes") {
      this.#onBadBytes(node, event.event.reason);
    }
    if (this.#listener === undefined) return;
    if (event.type === "replica") this.say(`node ${node} ${shownEvent(event.event)}`);
    else if (event.type !== "transport") this.say(`node ${node} ${shownEvent(event)}`);
  }
}

/** What can make a stream unreadable, besides mistakes of those who write and read it. */
const SPOILS_BYTES: readonly FaultKind[] = [
  "bytesCorrupted",
  "garbageConnection",
  "frameReordered",
  // Half of a handshake may be there when its time is up.
  "connectionHalfOpen",
];

function member(id: MemberId): { id: MemberId; address: string; name: string } {
  return { id, address: addressOf(id), name: `n${id}` };
}

function shownEvent(event: object): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Error ? value.message : value,
  );
}
