import { binaryString, bytesOfBinaryString } from "../../src/bytes/bytes.ts";
import type {
  Compare,
  DeleteRangeRequest,
  PutRequest,
  TxnOperation,
  TxnRequest,
} from "../../src/command.ts";
import { type KvError, kvError } from "../../src/error.ts";
import type { KeyInterval, KeyValue } from "../../src/key-value.ts";
import type { RangeRequest } from "../../src/query.ts";
import type { KvResult, RangeResult, TxnOperationResult, TxnResult } from "../../src/result.ts";

interface Version {
  readonly revision: number;
  readonly sub: number;
  readonly key: string;
  readonly deleted: boolean;
  readonly value: Uint8Array;
  readonly create: number;
  readonly version: number;
  readonly lease: bigint;
}

/** The same store, written for plainness: one list of all versions, searched from end to end for every answer. */
export class ReferenceKv {
  versions: Version[] = [];
  revision = 1;
  compacted = -1;
  leases: Map<bigint, number> = new Map();
  #sub = 0;

  /** The versions of each key that are visible at `at`, in key order. */
  snapshot(at: number): Version[] {
    const newest = new Map<string, Version>();
    for (const version of this.versions) {
      if (version.revision <= at) newest.set(version.key, version);
    }
    return [...newest.values()]
      .filter((version) => !version.deleted)
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  get visible(): number {
    return this.#sub > 0 ? this.revision + 1 : this.revision;
  }

  commit(): void {
    if (this.#sub > 0) this.revision++;
    this.#sub = 0;
  }

  inside(interval: KeyInterval, at: number): Version[] {
    const key = binaryString(interval.key);
    const end = interval.rangeEnd === undefined ? "" : binaryString(interval.rangeEnd);
    return this.snapshot(at).filter((version) => {
      if (end === "") return version.key === key;
      return version.key >= key && (end === "\0" || version.key < end);
    });
  }

  range(request: RangeRequest, inTxn: boolean): RangeResult | KvError {
    const asked = request.revision ?? 0;
    const base = this.revision;
    if (inTxn ? asked !== 0 : asked > 0) {
      if (asked > base) return kvError("futureRevision");
      if (asked < this.compacted) return kvError("compacted");
    }
    const all = this.inside(request, asked > 0 ? asked : this.visible);
    const count = all.length;
    const answer = { type: "range" as const, count, revision: this.visible };
    if (request.countOnly) return { ...answer, kvs: [], more: false };
    const limit = request.limit ?? 0;
    const order = request.sortOrder ?? "none";
    const target = request.sortTarget ?? "key";
    const filtered = [
      request.minModRevision,
      request.maxModRevision,
      request.minCreateRevision,
      request.maxCreateRevision,
    ].some((bound) => (bound ?? 0) !== 0);
    let list = all;
    if (order === "none" && !filtered && limit > 0) list = list.slice(0, limit + 1);
    list = list.filter(
      (v) =>
        (!request.minModRevision || v.revision >= request.minModRevision) &&
        (!request.maxModRevision || v.revision <= request.maxModRevision) &&
        (!request.minCreateRevision || v.create >= request.minCreateRevision) &&
        (!request.maxCreateRevision || v.create <= request.maxCreateRevision),
    );
    const by = (v: Version) =>
      ({
        key: v.key,
        version: v.version,
        create: v.create,
        mod: v.revision,
        value: binaryString(v.value),
      })[target];
    const sign = order === "descend" ? -1 : 1;
    list = list
      .map((v, i) => ({ v, i }))
      .sort((a, b) => {
        const [x, y] = [by(a.v), by(b.v)];
        return x === y ? a.i - b.i : x < y ? -sign : sign;
      })
      .map(({ v }) => v);
    const cut = limit > 0 ? list.slice(0, limit) : list;
    return {
      ...answer,
      kvs: cut.map((v) => pair(v, request.keysOnly === true)),
      more: limit > 0 && list.length > limit,
    };
  }

  checkPut(request: PutRequest): KvError | undefined {
    const lease = request.lease ?? 0n;
    if (lease !== 0n && !this.leases.has(lease)) return kvError("leaseNotFound");
    const exists = this.inside({ key: request.key }, this.visible).length > 0;
    const needed = request.ignoreValue || request.ignoreLease;
    return needed && !exists ? kvError("keyNotFound") : undefined;
  }

  put(request: PutRequest): TxnOperationResult {
    const [old] = this.inside({ key: request.key }, this.visible);
    this.versions.push({
      revision: this.revision + 1,
      sub: this.#sub++,
      key: binaryString(request.key),
      deleted: false,
      value: request.ignoreValue ? (old as Version).value : request.value,
      create: old?.create ?? this.revision + 1,
      version: (old?.version ?? 0) + 1,
      lease: request.ignoreLease ? (old as Version).lease : (request.lease ?? 0n),
    });
    const prevKv = request.prevKv && old ? pair(old, false) : undefined;
    return { type: "put", prevKv, revision: this.visible };
  }

  deleteRange(request: DeleteRangeRequest): TxnOperationResult {
    const old = this.inside(request, this.visible);
    for (const version of old) this.remove(version.key);
    return {
      type: "deleteRange",
      deleted: old.length,
      prevKvs: request.prevKv ? old.map((v) => pair(v, false)) : [],
      revision: this.visible,
    };
  }

  remove(key: string): void {
    this.versions.push({
      revision: this.revision + 1,
      sub: this.#sub++,
      key,
      deleted: true,
      value: new Uint8Array(),
      create: 0,
      version: 0,
      lease: 0n,
    });
  }

  txn(request: TxnRequest): TxnResult | KvError {
    const decided = new Map<TxnRequest, boolean>();
    this.#decide(request, decided);
    const error =
      this.#checkBranch(request, decided, "put") ?? this.#checkBranch(request, decided, "range");
    if (error) return error;
    const result = this.#run(request, decided);
    return { ...result, revision: this.visible };
  }

  #decide(request: TxnRequest, decided: Map<TxnRequest, boolean>): void {
    const yes = request.compare.every((compare) => this.holds(compare));
    decided.set(request, yes);
    for (const operation of yes ? request.success : request.failure) {
      if (operation.type === "txn") this.#decide(operation, decided);
    }
  }

  #branch(request: TxnRequest, decided: Map<TxnRequest, boolean>): readonly TxnOperation[] {
    return decided.get(request) ? request.success : request.failure;
  }

  #checkBranch(
    request: TxnRequest,
    decided: Map<TxnRequest, boolean>,
    kind: "put" | "range",
  ): KvError | undefined {
    for (const operation of this.#branch(request, decided)) {
      let error: KvError | undefined;
      if (operation.type === "txn") error = this.#checkBranch(operation, decided, kind);
      else if (operation.type !== kind) continue;
      else if (operation.type === "put") error = this.checkPut(operation);
      else if (operation.type === "range") {
        const tried = this.range(operation, true);
        if (tried.type === "error") error = tried;
      }
      if (error) return error;
    }
    return undefined;
  }

  #run(request: TxnRequest, decided: Map<TxnRequest, boolean>): TxnResult {
    const responses = this.#branch(request, decided).map((operation): TxnOperationResult => {
      switch (operation.type) {
        case "range":
          // Its revision was checked against the state before the transaction.
          return this.#rangeUnchecked(operation);
        case "put":
          return this.put(operation);
        case "deleteRange":
          return this.deleteRange(operation);
        case "txn":
          return this.#run(operation, decided);
        case "empty":
          throw new Error("An empty operation got through.");
      }
    });
    return { type: "txn", succeeded: decided.get(request) === true, responses, revision: 0 };
  }

  #rangeUnchecked(request: RangeRequest): RangeResult {
    const answer = this.range(request, true);
    if (answer.type === "error") throw new Error(answer.code);
    return answer;
  }

  holds(compare: Compare): boolean {
    const keys = this.inside(compare, this.revision);
    if (keys.length === 0) {
      if (compare.target === "value") return false;
      return matches(compare, compare.target === "lease" ? 0n : 0);
    }
    return keys.every((v) => {
      switch (compare.target) {
        case "version":
          return matches(compare, v.version);
        case "create":
          return matches(compare, v.create);
        case "mod":
          return matches(compare, v.revision);
        case "lease":
          return matches(compare, v.lease);
        case "value":
          return matches(compare, binaryString(v.value));
      }
    });
  }

  compact(revision: number): KvResult {
    if (revision <= this.compacted) return kvError("compacted");
    if (revision > this.revision) return kvError("futureRevision");
    this.compacted = revision;
    return { type: "compact", revision: this.revision };
  }

  revoke(id: bigint): KvResult {
    if (!this.leases.delete(id)) return kvError("leaseNotFound");
    for (const v of this.snapshot(this.visible)) if (v.lease === id) this.remove(v.key);
    return { type: "leaseRevoke", revision: this.visible };
  }

  keysOf(lease: bigint): string[] {
    return this.snapshot(this.revision)
      .filter((v) => v.lease === lease)
      .map((v) => v.key);
  }
}

function pair(v: Version, keysOnly: boolean): KeyValue {
  return {
    key: bytesOfBinaryString(v.key),
    value: keysOnly ? new Uint8Array() : v.value,
    createRevision: v.create,
    modRevision: v.revision,
    version: v.version,
    lease: v.lease,
  };
}

function matches(compare: Compare, actual: number | bigint | string): boolean {
  const operand =
    compare.operand instanceof Uint8Array ? binaryString(compare.operand) : compare.operand;
  const order = actual === operand ? 0 : actual < operand ? -1 : 1;
  switch (compare.result) {
    case "equal":
      return order === 0;
    case "greater":
      return order > 0;
    case "less":
      return order < 0;
    case "notEqual":
      return order !== 0;
    case "always":
      return true;
  }
}
