import { encodeMembershipChange } from "../../packages/core/src/membership/codec.ts";
import type { MembershipChange } from "../../packages/core/src/membership/membership.ts";
import type { SnapshotInfo } from "../../packages/core/src/message.ts";
import type { CoreSettings } from "../../packages/core/src/options.ts";
import {
  argument,
  bare,
  flag,
  number,
  numbers,
  parseFlag,
  parseNumber,
  parseSteps,
  Reported,
} from "./arguments.ts";
import type { Directive } from "./data-driven.ts";
import { logLines } from "./log-lines.ts";
import { Node, type Parcel, peerParcel } from "./node.ts";
import { isThreshold, Output } from "./output.ts";
import { renderEntries, renderMessage, renderProgressMap, stateName } from "./render.ts";

const ELECTION_TICKS = 3;
const HEARTBEAT_TICKS = 1;
const UNLIMITED = Number.MAX_SAFE_INTEGER;
const INFLIGHT_UNLIMITED = 2 ** 31 - 1;

/** Far more than any test needs: two members that go on talking for ever should fail, not hang. */
const STABILIZE_PASSES_MAX = 2_000;

type Command = (directive: Directive) => void;

/** A cluster that is driven command by command; everything that happens is printed in order. */
export class Environment {
  readonly #output = new Output();
  readonly #nodes: Node[] = [];
  #messages: Parcel[] = [];
  // Only spreads time-outs; no test may depend on its values.
  #seed = 1;

  readonly #commands: Readonly<Record<string, Command>> = {
    "add-nodes": (directive) => this.#addNodes(directive),
    campaign: (directive) => this.#campaign(directive),
    compact: (directive) => this.#compact(directive),
    "deliver-msgs": (directive) => this.#deliverMessages(directive),
    "duplicate-msgs": (directive) => this.#duplicateMessages(directive),
    "reverse-msgs": (directive) => this.#reverseMessages(directive),
    "process-ready": (directive) => this.#processReady(directive),
    "process-append-thread": (directive) => this.#processAppendThread(directive),
    "process-apply-thread": (directive) => this.#processApplyThread(directive),
    "log-level": (directive) => this.#setLevel(bare(directive)[0] ?? ""),
    "raft-log": (directive) => this.#printLog(this.#first(directive)),
    "raft-state": () => this.#printStates(),
    "set-randomized-election-timeout": (directive) => this.#setTimeout(directive),
    stabilize: (directive) => this.#stabilizeCommand(directive),
    status: (directive) =>
      this.#output.write(renderProgressMap(this.#first(directive).core.status().progress)),
    "tick-election": (directive) => this.#tick(this.#first(directive), ELECTION_TICKS),
    "tick-heartbeat": (directive) => this.#tick(this.#first(directive), HEARTBEAT_TICKS),
    "transfer-leadership": (directive) => this.#transfer(directive),
    "forget-leader": (directive) => this.#first(directive).core.forgetLeader(),
    "send-snapshot": (directive) => this.#sendSnapshot(directive),
    propose: (directive) => this.#propose(directive),
    "propose-conf-change": (directive) => this.#proposeChange(directive),
    "report-unreachable": (directive) => this.#reportUnreachable(directive),
    "report-snapshot": (directive) => this.#reportSnapshot(directive),
    "read-index": (directive) => this.#readIndex(directive),
    "load-log": (directive) =>
      this.#first(directive).load(numbers(directive, "terms"), number(directive, "term", 0)),
    restart: (directive) => this.#first(directive).restart(),
    _breakpoint: () => undefined,
  };

  /** Returns what the directive prints. */
  run(directive: Directive): string {
    this.#output.clear();
    try {
      const command = this.#commands[directive.command];
      if (command === undefined) throw new Reported("unknown command");
      command(directive);
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      this.#output.writeError(error.message);
    }
    return this.#output.text === "" ? "ok" : this.#output.text;
  }

  // ---- members ---------------------------------------------------------------------------------

  #addNodes(directive: Directive): void {
    const [count = 0] = bare(directive).map(parseNumber);
    const bootstraps = ["voters", "learners", "index", "content"].some(
      (key) => argument(directive, key) !== undefined,
    );
    const index = number(directive, "index", 0);
    if (bootstraps && index <= 1) {
      throw new Reported("index must be specified as > 1 due to bootstrap");
    }
    const snapshot: SnapshotInfo = {
      index,
      term: bootstraps ? 1 : 0,
      membership: {
        voters: numbers(directive, "voters"),
        outgoing: [],
        learners: numbers(directive, "learners"),
        learnersNext: [],
        autoLeave: false,
      },
      id: "",
      bytes: 0,
    };
    const asyncStorage = flag(directive, "async-storage-writes");
    for (let i = 0; i < count; i++) {
      const id = this.#nodes.length + 1;
      const settings = this.#settings(directive, id, asyncStorage);
      this.#nodes.push(new Node({ settings, snapshot, asyncStorage, output: this.#output }));
    }
  }

  #settings(directive: Directive, id: number, asyncStorage: boolean): CoreSettings {
    const isTrue = (key: string): boolean => flag(directive, key);
    const size = (key: string): number => number(directive, key, UNLIMITED);
    const readOnly = argument(directive, "read-only") ?? "safe";
    if (readOnly !== "safe" && readOnly !== "lease-based") {
      throw new Reported(`invalid read-only option ${JSON.stringify(readOnly)}`);
    }
    if (readOnly === "lease-based" && !isTrue("checkquorum")) {
      throw new Reported("CheckQuorum must be enabled when ReadOnlyOption is ReadOnlyLeaseBased");
    }
    return {
      id,
      electionTicks: ELECTION_TICKS,
      heartbeatTicks: HEARTBEAT_TICKS,
      random: () => this.#random(),
      preVote: isTrue("prevote"),
      checkQuorum: isTrue("checkquorum"),
      readMode: readOnly === "safe" ? "quorum" : "lease",
      stepDownOnRemoval: isTrue("step-down-on-removal"),
      forwardProposals: flag(directive, "forward-proposals", true),
      validateMembership: !isTrue("disable-conf-change-validation"),
      appendBytesMax: size("max-append-size"),
      inflightMessagesMax: number(directive, "inflight", INFLIGHT_UNLIMITED),
      inflightBytesMax: size("inflight-bytes"),
      uncommittedBytesMax: size("max-uncommitted-size"),
      applyBytesMax: size("max-committed-size-per-ready"),
      applyBeforeDurable: !asyncStorage,
      onDecision: (decision) => {
        for (const { level, text } of logLines(decision)) this.#output.log(level, text);
      },
    };
  }

  #random(): number {
    this.#seed = (this.#seed * 48271) % 0x7fffffff;
    return this.#seed / 0x7fffffff;
  }

  #node(id: number): Node {
    const node = this.#nodes[id - 1];
    if (node === undefined) throw new Reported(`no node ${id}: there are ${this.#nodes.length}`);
    return node;
  }
  #first(directive: Directive): Node {
    const [id] = bare(directive);
    if (id === undefined) throw new Reported(`${directive.command} needs the number of a node`);
    return this.#node(parseNumber(id));
  }
  #named(directive: Directive): Node[] {
    return bare(directive).map((id) => this.#node(parseNumber(id)));
  }

  // ---- work ------------------------------------------------------------------------------------

  #deliverMessages(directive: Directive): void {
    const type = argument(directive, "type");
    let matched = 0;
    for (const { key, values } of directive.args) {
      if (key === "type") continue;
      const ids = key === "drop" ? values : [key];
      for (const id of ids) matched += this.#deliver(parseNumber(id), type, key === "drop");
    }
    if (matched === 0) this.#output.write("no messages\n");
  }

  /** The network repeats what is on its way to a member; the copies arrive last. */
  #duplicateMessages(directive: Directive): void {
    const { id } = this.#first(directive);
    const copies = this.#messages.filter((parcel) => destination(parcel) === id);
    for (const { plain } of copies) this.#output.write(`copied: ${renderMessage(plain)}\n`);
    this.#messages.push(...copies);
  }

  /** What is on its way to a member will arrive in the opposite order. */
  #reverseMessages(directive: Directive): void {
    const { id } = this.#first(directive);
    const reversed = this.#messages.filter((parcel) => destination(parcel) === id).reverse();
    const others = this.#messages.filter((parcel) => destination(parcel) !== id);
    this.#messages = [...others, ...reversed];
  }

  /** Returns how many messages were addressed to `id` and matched. */
  #deliver(id: number, type: string | undefined, drop: boolean): number {
    const taken: Parcel[] = [];
    const left: Parcel[] = [];
    for (const parcel of this.#messages) {
      const { plain } = parcel;
      const local = parcel.kind !== "peer" || plain.from === plain.to;
      const matches = destination(parcel) === id && (type === undefined || plain.type === type);
      (matches && !(drop && local) ? taken : left).push(parcel);
    }
    this.#messages = left;
    for (const parcel of taken) {
      this.#output.write(`${drop ? "dropped: " : ""}${renderMessage(parcel.plain)}\n`);
      if (drop) continue;
      const fault = this.#node(id).deliver(parcel);
      if (fault !== undefined) this.#output.write(`${fault}\n`);
    }
    return taken.length;
  }

  #processReady(directive: Directive): void {
    this.#forEach(directive, "handling Ready", (node) => this.#handleReady(node));
  }

  #handleReady(node: Node): void {
    this.#messages.push(...node.handleReady());
  }

  #processAppendThread(directive: Directive): void {
    this.#forEach(directive, "processing append thread", (node) => {
      const job = node.appendJobs.shift();
      if (job === undefined) this.#output.write("no append work to perform");
      else this.#messages.push(...node.processAppend(job));
    });
  }

  #processApplyThread(directive: Directive): void {
    this.#forEach(directive, "processing apply thread", (node) => {
      const job = node.applyJobs.shift();
      if (job === undefined) this.#output.write("no apply work to perform");
      else this.#messages.push(...node.processApply(job));
    });
  }

  #forEach(directive: Directive, doing: string, work: (node: Node) => void): void {
    const nodes = this.#named(directive);
    for (const node of nodes) {
      if (nodes.length === 1) {
        work(node);
        continue;
      }
      this.#output.write(`> ${node.id} ${doing}\n`);
      this.#output.indented(() => work(node));
    }
  }

  #stabilizeCommand(directive: Directive): void {
    const before = this.#output.threshold;
    const level = argument(directive, "log-level");
    if (level !== undefined) this.#setLevel(level);
    try {
      const named = this.#named(directive);
      this.#stabilize(named.length > 0 ? named : this.#nodes);
    } finally {
      this.#output.threshold = before;
    }
  }

  #stabilize(nodes: readonly Node[]): void {
    const step = (node: Node, doing: string, work: () => void): void => {
      this.#output.write(`> ${node.id} ${doing}\n`);
      this.#output.indented(work);
    };
    let passes = 0;
    for (let busy = true; busy; passes++) {
      if (passes === STABILIZE_PASSES_MAX) throw new Reported("stabilize comes to no end");
      busy = false;
      for (const node of nodes) {
        if (!node.core.hasEffects()) continue;
        busy = true;
        step(node, "handling Ready", () => this.#handleReady(node));
      }
      for (const node of nodes) {
        if (!this.#messages.some((parcel) => destination(parcel) === node.id)) continue;
        busy = true;
        step(node, "receiving messages", () => this.#deliver(node.id, undefined, false));
      }
      for (const node of nodes) busy = this.#drainAppends(node) || busy;
      for (const node of nodes) busy = this.#drainApplies(node) || busy;
    }
  }

  #drainAppends(node: Node): boolean {
    if (node.appendJobs.length === 0) return false;
    this.#output.write(`> ${node.id} processing append thread\n`);
    for (const job of node.appendJobs.splice(0)) {
      this.#output.indented(() => this.#messages.push(...node.processAppend(job)));
    }
    return true;
  }

  #drainApplies(node: Node): boolean {
    if (node.applyJobs.length === 0) return false;
    this.#output.write(`> ${node.id} processing apply thread\n`);
    for (const job of node.applyJobs.splice(0)) {
      this.#output.indented(() => this.#messages.push(...node.processApply(job)));
    }
    return true;
  }

  // ---- time and elections ----------------------------------------------------------------------

  #campaign(directive: Directive): void {
    const node = this.#first(directive);
    node.core.campaign();
    node.assertSound();
  }

  #tick(node: Node, ticks: number): void {
    for (let i = 0; i < ticks; i++) node.core.tick();
    node.assertSound();
  }

  #setTimeout(directive: Directive): void {
    const ticks = number(directive, "timeout", ELECTION_TICKS);
    this.#first(directive).raft.timer.setTimeoutTicks(ticks);
  }

  #transfer(directive: Directive): void {
    const from = this.#node(number(directive, "from", 0));
    const { role } = from.core.status();
    // The library's candidates do not even hear the request; our core refuses it like everybody who knows no leader.
    if (role === "candidate" || role === "preCandidate") return;
    from.core.transferLeadership(number(directive, "to", 0));
    from.assertSound();
  }

  // ---- proposals -------------------------------------------------------------------------------

  #propose(directive: Directive): void {
    // What is proposed may look like an argument with a value.
    const payload = new TextEncoder().encode(directive.args[1]?.key ?? "");
    const proposed = this.#first(directive).core.propose([{ kind: "command", payload }]);
    if (!proposed.ok) throw new Reported("raft proposal dropped");
  }

  #proposeChange(directive: Directive): void {
    let oldForm = false;
    let transition: MembershipChange["transition"] = "auto";
    for (const { key, values } of directive.args) {
      const [value = ""] = values;
      if (values.length === 0) continue;
      if (key === "v1") oldForm = parseFlag(value);
      else if (key === "transition") {
        if (value !== "auto" && value !== "implicit" && value !== "explicit") {
          throw new Reported(`unknown transition ${value}`);
        }
        transition = value;
      } else throw new Reported(`unknown command ${key}`);
    }
    const steps = parseSteps(directive.input);
    if (oldForm && (steps.length !== 1 || transition !== "auto")) {
      throw new Reported("v1 conf change can only have one operation and no transition");
    }
    const payload = encodeMembershipChange({ transition, steps, context: new Uint8Array(0) });
    const form = oldForm ? "oldForm" : "newForm";
    const proposed = this.#first(directive).proposeChange(payload, form);
    if (!proposed.ok) throw new Reported("raft proposal dropped");
  }

  #readIndex(directive: Directive): void {
    const [, requestId] = bare(directive).map(parseNumber);
    const mode = argument(directive, "mode");
    const accepted = this.#first(directive).core.readIndex(
      requestId ?? 0,
      mode === "lease" || mode === "quorum" ? mode : undefined,
    );
    if (!accepted.ok) throw new Reported(`read refused: ${accepted.reason}`);
  }

  // ---- the world around ------------------------------------------------------------------------

  #sendSnapshot(directive: Directive): void {
    const [from = 0, to = 0] = bare(directive).map(parseNumber);
    const node = this.#node(from);
    const { term } = node.core.status();
    const parcel = peerParcel({ type: "snapshot", from, to, term, snapshot: node.snapshot });
    this.#messages.push(parcel);
    this.#output.write(renderMessage(parcel.plain));
  }

  #reportUnreachable(directive: Directive): void {
    const ids = bare(directive).map(parseNumber);
    const [on = 0, member = 0] = ids;
    if (ids.length !== 2) {
      throw new Reported(
        "must specify exactly two node indexes: node on which to report, and reported node",
      );
    }
    this.#node(on).core.reportUnreachable(member);
  }

  #reportSnapshot(directive: Directive): void {
    const [on = 0, member = 0] = bare(directive).map(parseNumber);
    this.#node(on).core.reportSnapshot(member, flag(directive, "delivered"));
  }

  #compact(directive: Directive): void {
    const [id = 0, index = 0] = bare(directive).map(parseNumber);
    const node = this.#node(id);
    const fault = node.store.compact(index);
    if (fault !== undefined) throw new Reported(fault);
    this.#printLog(node);
  }

  // ---- looking ---------------------------------------------------------------------------------

  #setLevel(name: string): void {
    const level = name.toUpperCase();
    if (!isThreshold(level)) {
      throw new Reported("log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]");
    }
    this.#output.threshold = level;
  }

  #printLog({ store }: Node): void {
    const { firstIndex, lastIndex } = store;
    if (lastIndex < firstIndex) {
      this.#output.write(`log is empty: first index=${firstIndex}, last index=${lastIndex}`);
    } else {
      this.#output.write(renderEntries(store.all));
    }
  }

  #printStates(): void {
    for (const node of this.#nodes) {
      const { role, term, leader } = node.core.status();
      const voter = node.raft.membership.roster.isVoter(node.id) ? "(Voter)" : "(Non-Voter)";
      this.#output.write(`${node.id}: ${stateName(role)} ${voter} Term:${term} Lead:${leader}\n`);
    }
  }
}

/** Whom a message must be given to; it may print another sender, never another receiver. */
function destination(parcel: Parcel): number {
  return parcel.plain.to;
}
