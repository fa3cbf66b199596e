import type { MemberId } from "@quorate/core";
import type { ReadLevel } from "@quorate/host";
import type { Compare, KvAnswer, KvCommand, KvResult, TxnOperation } from "@quorate/kv";
import type { Observation } from "../checkers/revision-checker.ts";
import { History } from "../history/operation.ts";
import type {
  RegisterInput,
  RegisterOutput,
  RegisterValue,
} from "../linearizability/models/register.ts";
import { bytesOf, textOf } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { Door, Reply } from "./door.ts";
import type { OpenEntry, OperationLog, Outcome } from "./operation-log.ts";

/** Keys that only single-key operations touch: these are also checked as registers, by search. */
const REGISTERS = ["r0", "r1", "r2"] as const;
/** Keys that transactions connect. */
const TOGETHER = ["t0", "t1", "t2"] as const;
const RANGE_END = bytesOf("u");

export interface KeyWorkloadSettings {
  readonly clients: number;
  /** Mean time between two operations of all clients together. */
  readonly everyMs: number;
  /** A client that has no answer after this time gives up. */
  readonly patienceMs: number;
  /** Share of operations that write. */
  readonly writes: number;
  /** Levels that reads ask for, drawn evenly. */
  readonly levels: readonly ReadLevel[];
  /** Share of operations that compact the history. */
  readonly compacts: number;
  /** Bytes that some values are longer by, to fill logs and snapshots. */
  readonly paddingBytes: number;
}

interface Client {
  readonly number: number;
  isBusy: boolean;
  /** The newest value it knows per key: what compare-and-set expects. */
  readonly known: Map<string, string | null>;
  /** Of the newest write that was answered: what its own reads must see. */
  lastIndex: number;
  lastRevision: number;
}

/** Clients that read, write, compare, and change several keys at once, through any node. */
export class KeyWorkload {
  readonly #world: NodeWorld;
  readonly #door: Door;
  readonly #random: Random;
  readonly #log: OperationLog;
  readonly settings: KeyWorkloadSettings;
  /** The single-key operations once more, for the search. */
  readonly registers: History<RegisterInput, RegisterOutput> = new History();
  readonly #clients: Client[] = [];
  #operations = 0;
  #isOn = false;

  constructor(
    world: NodeWorld,
    door: Door,
    log: OperationLog,
    random: Random,
    settings: KeyWorkloadSettings,
  ) {
    this.#world = world;
    this.#door = door;
    this.#log = log;
    this.#random = random;
    this.settings = settings;
    for (let number = 1; number <= settings.clients; number += 1) {
      this.#clients.push({
        number,
        isBusy: false,
        known: new Map(),
        lastIndex: 0,
        lastRevision: 0,
      });
    }
  }

  /** Operations that were begun. */
  get operations(): number {
    return this.#operations;
  }

  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    this.#scheduleNext();
  }

  stop(): void {
    this.#isOn = false;
  }

  #scheduleNext(): void {
    const delayMs = this.#random.range(0, 2 * this.settings.everyMs);
    this.#world.simulation.agenda.after(delayMs, () => {
      if (!this.#isOn) return;
      this.#begin();
      this.#scheduleNext();
    });
  }

  #begin(): void {
    const idle = this.#clients.filter((client) => !client.isBusy);
    if (idle.length === 0) return;
    const client = this.#random.pick(idle);
    const node = this.#random.pick([...this.#world.nodes.keys()]);
    this.#operations += 1;
    const { paddingBytes } = this.settings;
    const padding = paddingBytes > 0 && this.#random.chance(0.5) ? "-".repeat(paddingBytes) : "";
    const id = `${client.number}.${this.#operations}${padding}`;
    client.isBusy = true;
    if (this.#random.chance(this.settings.compacts)) this.#compact(client, node);
    else if (!this.#random.chance(this.settings.writes)) this.#read(client, node, id);
    else this.#write(client, node, id);
  }

  #write(client: Client, node: MemberId, id: string): void {
    const key = this.#random.pick(REGISTERS);
    switch (this.#random.weighted([5, 3, 1, 3])) {
      case 0:
        this.#put(client, node, id, this.#random.pick([...REGISTERS, ...TOGETHER]));
        return;
      case 1:
        this.#compareAndSet(client, node, id, key);
        return;
      case 2:
        this.#delete(client, node, id, key);
        return;
      default:
        this.#together(client, node, id);
    }
  }

  // ---- operations --------------------------------------------------------------------------------

  #put(client: Client, node: MemberId, id: string, key: string): void {
    const changes = [{ key, value: id }];
    const isRegister = key.startsWith("r");
    const register = isRegister
      ? this.registers.call(client.number, { type: "write", key, value: id })
      : undefined;
    const entry = this.#log.call(client.number, id, changes);
    const command: KvCommand = { type: "put", key: bytesOf(key), value: bytesOf(id) };
    this.#propose(client, node, command, entry, register, (result) => {
      if (result.type !== "put") return undefined;
      client.known.set(key, id);
      register?.returns({ type: "written" });
      return { revision: result.revision, changes, observed: [] };
    });
  }

  #compareAndSet(client: Client, node: MemberId, id: string, key: string): void {
    const expected = client.known.get(key) ?? null;
    const input = { type: "compareAndSet", key, expected, value: id } as const;
    const register = this.registers.call(client.number, input);
    const changes = [{ key, value: id }];
    const entry = this.#log.call(client.number, id, changes);
    const command: KvCommand = {
      type: "txn",
      compare: [holds(key, expected)],
      success: [{ type: "put", key: bytesOf(key), value: bytesOf(id) }],
      failure: [{ type: "range", key: bytesOf(key) }],
    };
    this.#propose(client, node, command, entry, register, (result) => {
      if (result.type !== "txn") return undefined;
      const { revision, succeeded } = result;
      register.returns({ type: "swapped", done: succeeded });
      if (succeeded) {
        client.known.set(key, id);
        return { revision, changes, observed: [{ key, value: expected, equal: true }] };
      }
      const [found] = result.responses;
      const value = found?.type === "range" ? firstValue(found) : null;
      client.known.set(key, value);
      return {
        revision,
        changes: [],
        observed: [
          { key, value, equal: true },
          { key, value: expected, equal: false },
        ],
      };
    });
  }

  /** A mark is written along, so that every deletion can be told from every other. */
  #delete(client: Client, node: MemberId, id: string, key: string): void {
    const mark = `m${client.number}`;
    const register = this.registers.call(client.number, { type: "write", key, value: null });
    const both = [
      { key, value: null },
      { key: mark, value: id },
    ];
    const entry = this.#log.call(client.number, id, both);
    const command: KvCommand = {
      type: "txn",
      compare: [holds(key, null)],
      success: [],
      failure: [
        { type: "deleteRange", key: bytesOf(key) },
        { type: "put", key: bytesOf(mark), value: bytesOf(id) },
      ],
    };
    this.#propose(client, node, command, entry, register, (result) => {
      if (result.type !== "txn") return undefined;
      register.returns({ type: "written" });
      client.known.set(key, null);
      const { revision, succeeded } = result;
      const observed = [{ key, value: null, equal: succeeded }];
      return { revision, changes: succeeded ? [] : both, observed };
    });
  }

  /** Two keys change together if one of them is what it was. */
  #together(client: Client, node: MemberId, id: string): void {
    const [guarded, other] = this.#random.sample(TOGETHER, 2) as [string, string];
    const expected = client.known.get(guarded) ?? null;
    const changes = [
      { key: guarded, value: id },
      { key: other, value: `${id}+` },
    ];
    const entry = this.#log.call(client.number, id, changes);
    const puts: TxnOperation[] = changes.map(({ key, value }) => ({
      type: "put",
      key: bytesOf(key),
      value: bytesOf(value),
    }));
    const command: KvCommand = {
      type: "txn",
      compare: [holds(guarded, expected)],
      success: puts,
      failure: TOGETHER.map((key) => ({ type: "range", key: bytesOf(key) })),
    };
    this.#propose(client, node, command, entry, undefined, (result) => {
      if (result.type !== "txn") return undefined;
      const { revision, succeeded, responses } = result;
      if (succeeded) {
        for (const { key, value } of changes) client.known.set(key, value);
        return { revision, changes, observed: [{ key: guarded, value: expected, equal: true }] };
      }
      const observed: Observation[] = responses.map((response, at) => ({
        key: TOGETHER[at] as string,
        value: response.type === "range" ? firstValue(response) : null,
        equal: true,
      }));
      for (const { key, value } of observed) client.known.set(key, value);
      return { revision, changes: [], observed };
    });
  }

  #compact(client: Client, node: MemberId): void {
    const { chronicle } = this.#world;
    const revision = chronicle.revision - this.#random.pick([0, 0, 1, 3, 20]);
    const command: KvCommand = { type: "compact", revision: Math.max(1, revision) };
    this.#door.ask(
      node,
      this.settings.patienceMs,
      (life) => life.replica.propose(command),
      () => {
        client.isBusy = false;
      },
    );
  }

  #read(client: Client, node: MemberId, id: string): void {
    const level = this.#random.pick(this.settings.levels);
    const isFresh = level === "linearizable" || level === "lease";
    const isRange = this.#random.chance(0.2);
    const key = this.#random.pick([...REGISTERS, ...TOGETHER]);
    const keys: readonly string[] = isRange ? [...REGISTERS, ...TOGETHER] : [key];
    const entry = this.#log.call(client.number, id, [], !isFresh);
    const register =
      isFresh && !isRange && key.startsWith("r")
        ? this.registers.call(client.number, { type: "read", key })
        : undefined;
    const { lastIndex, lastRevision } = client;
    const first = bytesOf(isRange ? "r" : key);
    this.#door.ask(
      node,
      this.settings.patienceMs,
      (life) =>
        life.replica.query(
          { type: "range", key: first, rangeEnd: isRange ? RANGE_END : undefined },
          { level, after: lastIndex, timeoutMs: this.settings.patienceMs },
        ),
      (reply) => {
        client.isBusy = false;
        const answer = this.#rangeOf(reply);
        if (answer === undefined) {
          register?.didNothing();
          entry.refused();
          return;
        }
        const found = new Map(answer.kvs.map((kv) => [textOf(kv.key), textOf(kv.value)]));
        const observed = keys.map((name) => ({
          key: name,
          value: found.get(name) ?? null,
          equal: true,
        }));
        entry.answered({ revision: answer.revision, changes: [], observed });
        for (const { key: name, value } of observed) client.known.set(name, value);
        const value: RegisterValue = found.get(key) ?? null;
        register?.returns({ type: "value", value });
        if (level === "sequential" && answer.revision < lastRevision) {
          this.#world.report(
            "sequential reads see what they wait for",
            `client ${client.number} reads revision ${answer.revision} on node ${node} after index ${lastIndex}, which is revision ${lastRevision}`,
          );
        }
        if (answer.revision > this.#world.chronicle.revision) {
          this.#world.report(
            "reads see what was agreed",
            `client ${client.number} reads revision ${answer.revision}, the newest is ${this.#world.chronicle.revision}`,
          );
        }
      },
    );
  }

  // ---- answers -----------------------------------------------------------------------------------

  #propose(
    client: Client,
    node: MemberId,
    command: KvCommand,
    entry: OpenEntry,
    register: { didNothing(): void } | undefined,
    outcomeOf: (result: KvResult) => Outcome | undefined,
  ): void {
    const { patienceMs } = this.settings;
    this.#door.ask(
      node,
      patienceMs,
      (life) => life.replica.propose(command, { timeoutMs: patienceMs }),
      (reply) => {
        client.isBusy = false;
        if (reply.type === "unknown") return;
        if (reply.type === "refused") {
          entry.refused();
          register?.didNothing();
          return;
        }
        const { result, position } = reply.value;
        const outcome = outcomeOf(result);
        if (outcome === undefined) {
          const what = result.type === "error" ? result.code : result.type;
          this.#world.report("answers fit their questions", `a ${command.type} got ${what}`);
          return;
        }
        client.lastIndex = Math.max(client.lastIndex, position.index);
        client.lastRevision = Math.max(client.lastRevision, outcome.revision);
        entry.answered(outcome);
      },
    );
  }

  #rangeOf(reply: Reply<KvAnswer>): Extract<KvAnswer, { type: "range" }> | undefined {
    if (reply.type !== "answer") return undefined;
    if (reply.value.type === "range") return reply.value;
    this.#world.report("answers fit their questions", `a range got ${reply.value.type}`);
    return undefined;
  }
}

/** The key holds `expected`, or with null does not exist. */
function holds(key: string, expected: string | null): Compare {
  return expected === null
    ? { key: bytesOf(key), target: "version", result: "equal", operand: 0 }
    : { key: bytesOf(key), target: "value", result: "equal", operand: bytesOf(expected) };
}

function firstValue(found: {
  readonly kvs: readonly { readonly value: Uint8Array }[];
}): string | null {
  const [first] = found.kvs;
  return first === undefined ? null : textOf(first.value);
}
