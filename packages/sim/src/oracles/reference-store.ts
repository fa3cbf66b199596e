import type {
  Compare,
  KvCommand,
  PutRequest,
  RangeRequest,
  TxnOperation,
  TxnRequest,
} from "@quorate/kv";
import type { KeyChange } from "../checkers/key-history.ts";

/** One key as the reference has it. */
interface Row {
  value: string;
  createRevision: number;
  modRevision: number;
  version: number;
  lease: bigint;
}

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
    if (changes.length > 0) this.#revision += 1;
    return { answer: `${answer} @${this.#revision}`, revision: this.#revision, changes };
  }

  #answer(command: KvCommand, term: number): string {
    switch (command.type) {
      case "put":
        return this.#putIsRefused(command) ?? this.#put(command);
      case "deleteRange":
        return this.#delete(textOf(command.key), command.rangeEnd);
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

  #putIsRefused({ lease }: PutRequest): string | undefined {
    return lease !== undefined && lease !== 0n && !this.#leases.has(lease)
      ? "leaseNotFound"
      : undefined;
  }

  #readIsRefused({ revision = 0 }: RangeRequest): string | undefined {
    if (revision > this.#revision) return "futureRevision";
    return revision > 0 && revision < this.#compacted ? "compacted" : undefined;
  }

  #put({ key, value, lease, prevKv }: PutRequest): string {
    const name = textOf(key);
    const before = this.#rows.get(name);
    const revision = this.#revision + 1;
    this.#rows.set(name, {
      value: textOf(value),
      createRevision: before?.createRevision ?? revision,
      modRevision: revision,
      version: (before?.version ?? 0) + 1,
      lease: lease ?? 0n,
    });
    this.#changes.set(name, textOf(value));
    return prevKv === true && before !== undefined ? `put over ${shown(name, before)}` : "put";
  }

  #delete(key: string, rangeEnd: Uint8Array | undefined): string {
    const found = this.#keysIn(key, rangeEnd);
    for (const name of found) {
      this.#rows.delete(name);
      this.#changes.set(name, null);
    }
    return `deleted ${found.length}`;
  }

  #transact(request: TxnRequest): string {
    const holds = request.compare.every((condition) => this.#holds(condition));
    const branch = holds ? request.success : request.failure;
    for (const operation of branch) {
      const refused = operation.type === "put" ? this.#putIsRefused(operation) : undefined;
      if (refused !== undefined) return refused;
    }
    for (const operation of branch) {
      const refused = operation.type === "range" ? this.#readIsRefused(operation) : undefined;
      if (refused !== undefined) return refused;
    }
    const answers = branch.map((operation) => this.#step(operation));
    return `${holds ? "then" : "else"} [${answers.join("; ")}]`;
  }

  #step(operation: TxnOperation): string {
    switch (operation.type) {
      case "put":
        return this.#put(operation);
      case "deleteRange":
        return this.#delete(textOf(operation.key), operation.rangeEnd);
      case "range": {
        const keys = this.#keysIn(textOf(operation.key), operation.rangeEnd);
        return keys.map((key) => shown(key, this.#rows.get(key) as Row)).join(" ");
      }
      default:
        throw new RangeError(`workloads do not use ${operation.type} in transactions`);
    }
  }

  #holds(condition: Compare): boolean {
    const row = this.#rows.get(textOf(condition.key));
    if (condition.result !== "equal") throw new RangeError("workloads compare for equality");
    switch (condition.target) {
      case "value":
        return row !== undefined && row.value === textOf(condition.operand);
      case "mod":
        return (row?.modRevision ?? 0) === condition.operand;
      case "create":
        return (row?.createRevision ?? 0) === condition.operand;
      case "version":
        return (row?.version ?? 0) === condition.operand;
      case "lease":
        return (row?.lease ?? 0n) === condition.operand;
    }
  }

  #compact(revision: number): string {
    if (revision <= this.#compacted) return "compacted";
    if (revision > this.#revision) return "futureRevision";
    this.#compacted = revision;
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
  #keysIn(key: string, rangeEnd: Uint8Array | undefined): readonly string[] {
    if (rangeEnd === undefined || rangeEnd.length === 0) return this.#rows.has(key) ? [key] : [];
    const end = textOf(rangeEnd);
    const found: string[] = [];
    for (const name of this.#rows.keys()) if (name >= key && name < end) found.push(name);
    return found.sort((left, right) => (left < right ? -1 : 1));
  }
}

function shown(key: string, row: Row): string {
  const { value, createRevision, modRevision, version, lease } = row;
  return `${key}=${value} ${createRevision}/${modRevision}/${version}/${lease}`;
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
