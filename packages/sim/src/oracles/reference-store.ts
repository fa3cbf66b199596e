import type {
  Compare,
  DeleteRangeRequest,
  KvCommand,
  PutRequest,
  RangeRequest,
  TxnOperation,
  TxnRequest,
} from "@quorate/kv";
import type { KeyChange } from "../checkers/key-history.ts";
import { answerRange, type Row, shownRow } from "./reference-range.ts";

/** What a command must have answered, in a form that compares by equality, and what it changed. */
export interface Expected {
  readonly answer: string;
  /** After the command. */
  readonly revision: number;
  /** Empty unless a new revision was made. */
  readonly changes: readonly KeyChange[];
}

const FIRST_REVISION = 1;
const NEVER = -1;

/**
 * What the store should do, said once more and as plainly as possible: the commands that workloads use, on a map. Every
 * member's answers are held against this one's.
 */
export class ReferenceStore {
  #revision: number = FIRST_REVISION;
  #compacted: number = NEVER;
  readonly #rows: Map<string, Row> = new Map();
  /** Of every revision that can still be read. */
  readonly #past: Map<number, ReadonlyMap<string, Row>> = new Map();
  readonly #leases: Map<bigint, { readonly ttlSeconds: number }> = new Map();
  /** Changes of the running command, newest value per key. */
  #changes: Map<string, string | null> = new Map();

  get revision(): number {
    return this.#revision;
  }

  get compactRevision(): number {
    return this.#compacted;
  }

  /** Leases that exist. */
  get leases(): number {
    return this.#leases.size;
  }

  /** @param term - Of the entry that holds the command; only what the clocks of leaders propose asks for it. */
  apply(command: KvCommand, term: number = 0): Expected {
    this.#changes = new Map();
    const answer = this.#answer(command, term);
    const changes = [...this.#changes].map(([key, value]) => ({ key, value }));
    if (changes.length > 0) {
      this.#revision += 1;
      this.#past.set(this.#revision, new Map(this.#rows));
    }
    return { answer: `${answer} @${this.#revision}`, revision: this.#revision, changes };
  }

  #answer(command: KvCommand, term: number): string {
    switch (command.type) {
      case "put":
        return this.#putIsRefused(command) ?? this.#put(command);
      case "deleteRange":
        return this.#delete(command);
      case "txn":
        return this.#transact(command);
      case "compact":
        return this.#compact(command.revision);
      case "leaseGrant": {
        if (this.#leases.has(command.id)) return "leaseExists";
        this.#leases.set(command.id, { ttlSeconds: command.ttlSeconds });
        return `granted ${command.id} ${command.ttlSeconds}`;
      }
      case "leaseRevoke":
        // Decided by a leader's clock, and agreed on under another leader: nothing happens.
        if ((command.leaderTerm ?? term) !== term) return "revoked";
        return this.#revoke(command.id);
      case "leaseCheckpoint":
        return "checkpointed";
      default:
        throw new RangeError(`workloads do not use ${command.type}`);
    }
  }

  #putIsRefused({ key, lease, ignoreValue, ignoreLease }: PutRequest): string | undefined {
    if (lease !== undefined && lease !== 0n && !this.#leases.has(lease)) return "leaseNotFound";
    const isNeeded = ignoreValue === true || ignoreLease === true;
    return isNeeded && !this.#rows.has(textOf(key)) ? "keyNotFound" : undefined;
  }

  #readIsRefused({ revision = 0 }: RangeRequest): string | undefined {
    if (revision > this.#revision) return "futureRevision";
    return revision > 0 && revision < this.#compacted ? "compacted" : undefined;
  }

  #put({ key, value, lease, prevKv, ignoreValue, ignoreLease }: PutRequest): string {
    const name = textOf(key);
    const before = this.#rows.get(name);
    const revision = this.#revision + 1;
    const text = ignoreValue === true && before !== undefined ? before.value : textOf(value);
    this.#rows.set(name, {
      value: text,
      createRevision: before?.createRevision ?? revision,
      modRevision: revision,
      version: (before?.version ?? 0) + 1,
      lease: (ignoreLease === true ? before?.lease : lease) ?? 0n,
    });
    this.#changes.set(name, text);
    return prevKv === true && before !== undefined ? `put over ${shownRow(name, before)}` : "put";
  }

  #delete({ key, rangeEnd, prevKv }: DeleteRangeRequest): string {
    const found = this.#rowsIn(this.#rows, textOf(key), rangeEnd);
    for (const [name] of found) {
      this.#rows.delete(name);
      this.#changes.set(name, null);
    }
    const pairs = prevKv === true ? found.map(([name, row]) => ` ${shownRow(name, row)}`) : [];
    return `deleted ${found.length}${pairs.join("")}`;
  }

  /** Branches are chosen, and everything that may be refused is, before anything is written. */
  #transact(request: TxnRequest): string {
    const chosen = new Map<TxnRequest, boolean>();
    this.#choose(request, chosen);
    const steps = [...stepsOf(request, chosen)];
    for (const step of steps) {
      const refused = step.type === "put" ? this.#putIsRefused(step) : undefined;
      if (refused !== undefined) return refused;
    }
    for (const step of steps) {
      const refused = step.type === "range" ? this.#readIsRefused(step) : undefined;
      if (refused !== undefined) return refused;
    }
    return this.#run(request, chosen);
  }

  #choose(request: TxnRequest, chosen: Map<TxnRequest, boolean>): void {
    chosen.set(
      request,
      request.compare.every((condition) => this.#holds(condition)),
    );
    for (const operation of branchOf(request, chosen)) {
      if (operation.type === "txn") this.#choose(operation, chosen);
    }
  }

  #run(request: TxnRequest, chosen: ReadonlyMap<TxnRequest, boolean>): string {
    const answers = branchOf(request, chosen).map((operation) => this.#step(operation, chosen));
    return `${chosen.get(request) === true ? "then" : "else"} [${answers.join("; ")}]`;
  }

  #step(operation: TxnOperation, chosen: ReadonlyMap<TxnRequest, boolean>): string {
    switch (operation.type) {
      case "put":
        return this.#put(operation);
      case "deleteRange":
        return this.#delete(operation);
      case "txn":
        return this.#run(operation, chosen);
      case "range": {
        const { key, rangeEnd, revision = 0 } = operation;
        const rows = revision > 0 ? (this.#past.get(revision) ?? NO_ROWS) : this.#rows;
        return answerRange(operation, this.#rowsIn(rows, textOf(key), rangeEnd));
      }
      default:
        throw new RangeError(`workloads do not use ${operation.type} in transactions`);
    }
  }

  /** For every key of the interval, or for the one that is missing. */
  #holds(condition: Compare): boolean {
    const found = this.#rowsIn(this.#rows, textOf(condition.key), condition.rangeEnd);
    if (found.length === 0) {
      return (
        condition.target !== "value" && matches(condition, condition.target === "lease" ? 0n : 0)
      );
    }
    return found.every(([, row]) => {
      switch (condition.target) {
        case "value":
          return matches(condition, row.value);
        case "mod":
          return matches(condition, row.modRevision);
        case "create":
          return matches(condition, row.createRevision);
        case "version":
          return matches(condition, row.version);
        case "lease":
          return matches(condition, row.lease);
      }
    });
  }

  #compact(revision: number): string {
    if (revision <= this.#compacted) return "compacted";
    if (revision > this.#revision) return "futureRevision";
    this.#compacted = revision;
    for (const old of [...this.#past.keys()]) if (old < revision) this.#past.delete(old);
    return "compact";
  }

  #revoke(id: bigint): string {
    if (!this.#leases.delete(id)) return "leaseNotFound";
    for (const [key, row] of [...this.#rows]) {
      if (row.lease !== id) continue;
      this.#rows.delete(key);
      this.#changes.set(key, null);
    }
    return "revoked";
  }

  /** In order of keys. */
  #rowsIn(
    rows: ReadonlyMap<string, Row>,
    key: string,
    rangeEnd: Uint8Array | undefined,
  ): readonly (readonly [string, Row])[] {
    if (rangeEnd === undefined || rangeEnd.length === 0) {
      const row = rows.get(key);
      return row === undefined ? [] : [[key, row]];
    }
    const end = textOf(rangeEnd);
    return [...rows]
      .filter(([name]) => name >= key && name < end)
      .sort(([left], [right]) => (left < right ? -1 : 1));
  }
}

const NO_ROWS: ReadonlyMap<string, Row> = new Map();

function branchOf(
  request: TxnRequest,
  chosen: ReadonlyMap<TxnRequest, boolean>,
): readonly TxnOperation[] {
  return chosen.get(request) === true ? request.success : request.failure;
}

/** Everything that will be done, also within transactions in it. */
function* stepsOf(
  request: TxnRequest,
  chosen: ReadonlyMap<TxnRequest, boolean>,
): Generator<TxnOperation> {
  for (const operation of branchOf(request, chosen)) {
    if (operation.type === "txn") yield* stepsOf(operation, chosen);
    else yield operation;
  }
}

function matches({ result, operand }: Compare, actual: string | number | bigint): boolean {
  const wanted = operand instanceof Uint8Array ? textOf(operand) : operand;
  switch (result) {
    case "equal":
      return actual === wanted;
    case "notEqual":
      return actual !== wanted;
    case "less":
      return actual < wanted;
    case "greater":
      return actual > wanted;
    case "always":
      return true;
  }
}

/** Keys and values of workloads are plain ASCII. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}
