import type { KeyValue, TxnResponse } from "@quorate/protocol";
import { ClientError } from "../errors.ts";
import { prefixEnd } from "../keys/bytes.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import type { Condition } from "../keys/transaction.ts";
import { transactionRequest } from "../keys/transaction.ts";
import type { Lease } from "../lease/lease.ts";
import type { CallOptions } from "../requests.ts";

const SLASH = 0x2f;

/** The keys of a queue begin with its name and a slash, as in etcd's recipes: its tools and ours queue together. */
export function queuePrefix(name: Uint8Array): Uint8Array {
  const prefix = new Uint8Array(name.length + 1);
  prefix.set(name);
  prefix[name.length] = SLASH;
  return prefix;
}

/**
 * A place in a queue: a key that lives as long as a lease. Whoever's key was created first is at the head. The revision of
 * its creation is the fencing token: it only grows, and no two holders have the same.
 */
export class QueuePlace {
  readonly key: Uint8Array;
  readonly lease: Lease;
  readonly token: number;
  readonly #keys: Keyspace;
  readonly #prefix: Uint8Array;

  private constructor(
    keys: Keyspace,
    prefix: Uint8Array,
    key: Uint8Array,
    lease: Lease,
    token: number,
  ) {
    this.#keys = keys;
    this.#prefix = prefix;
    this.key = key;
    this.lease = lease;
    this.token = token;
  }

  /** Joins the queue. Safe to repeat: the key is the lease's own, and it is created only if it is not there. */
  static async join(
    keys: Keyspace,
    name: Uint8Array,
    lease: Lease,
    value: Uint8Array,
    options: CallOptions,
  ): Promise<QueuePlace> {
    const prefix = queuePrefix(name);
    const own = new TextEncoder().encode(BigInt.asUintN(64, lease.id).toString(16));
    const key = new Uint8Array(prefix.length + own.length);
    key.set(prefix);
    key.set(own, prefix.length);
    const request = transactionRequest({
      if: [{ key, target: "createRevision", is: "=", to: 0 }],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [{ type: "put", key, value, lease: lease.id }],
      otherwise: [{ type: "get", key }],
    });
    const answer = await keys.rawTransaction(request, "identified", options);
    const token = answer.succeeded ? answer.header?.revision : existing(answer)?.createRevision;
    if (token === undefined) throw unexpected();
    return new QueuePlace(keys, prefix, key, lease, token);
  }

  /** Holds as long as the place does: put it into transactions, and they do nothing once another has taken over. */
  get held(): Condition {
    return { key: this.key, target: "createRevision", is: "=", to: this.token };
  }

  /** Resolves when this place is at the head; rejects when it is lost, or given up by the signal or the time. */
  async waitForHead(
    signal: AbortSignal | undefined,
    leftMs: () => number | undefined,
  ): Promise<void> {
    for (;;) {
      const timeoutMs = leftMs();
      if (timeoutMs !== undefined && timeoutMs <= 0) throw timedOut();
      const { kvs, header } = await this.#keys.get(this.#prefix, {
        end: prefixEnd(this.#prefix),
        createdUpTo: this.token - 1,
        sort: { by: "createRevision", descending: true },
        limit: 1,
        signal,
        timeoutMs,
      });
      const before = kvs[0];
      if (before === undefined) break;
      await this.#untilGone(before, (header?.revision ?? 0) + 1, signal, leftMs());
    }
    const own = await this.#keys.find(this.key, { signal, timeoutMs: leftMs() });
    if (own?.createRevision !== this.token) {
      throw new ClientError("LEASE_LOST", "The lease ended while waiting.", {
        outcome: "notApplied",
      });
    }
  }

  /** Leaves the queue. Safe to repeat: the key goes only if it is still the one that was created. */
  async leave(options: CallOptions): Promise<void> {
    const request = transactionRequest({
      if: [this.held],
      // biome-ignore lint/suspicious/noThenProperty: the word for a branch, on a value nobody awaits
      then: [{ type: "delete", key: this.key }],
    });
    await this.#keys.rawTransaction(request, "identified", options);
  }

  async #untilGone(
    before: KeyValue,
    fromRevision: number,
    signal: AbortSignal | undefined,
    leftMs: number | undefined,
  ): Promise<void> {
    const ends = [this.lease.lost, ...(signal === undefined ? [] : [signal])];
    const limit = leftMs === undefined ? [] : [AbortSignal.timeout(Math.ceil(Math.max(1, leftMs)))];
    const any = AbortSignal.any([...ends, ...limit]);
    const watch = this.#keys.watch(before.key, { fromRevision, without: "puts", signal: any });
    try {
      for await (const { events } of watch) if (events.length > 0) return;
    } catch (error) {
      // Looked at too late to see it go; the next look at the queue tells.
      if (!(error instanceof ClientError) || error.code !== "COMPACTED") throw error;
      return;
    }
    if (this.lease.lost.aborted) throw this.lease.lost.reason;
    if (signal?.aborted === true) throw aborted(signal);
    if (limit[0]?.aborted === true) throw timedOut();
    throw new ClientError("ABORTED", "The client is closed.", { outcome: "notApplied" });
  }
}

function existing(answer: TxnResponse): KeyValue | undefined {
  const response = answer.responses[0]?.response;
  return response?.kind === "responseRange" ? response.value.kvs[0] : undefined;
}

function aborted(signal: AbortSignal): ClientError {
  const cause: unknown = signal.reason;
  return new ClientError("ABORTED", "The call was aborted.", { outcome: "notApplied", cause });
}

function timedOut(): ClientError {
  return new ClientError("TIMEOUT", "Others were before us all the time.", {
    outcome: "notApplied",
  });
}

function unexpected(): ClientError {
  return new ClientError("UNDECODABLE", "The member's answer does not fit the question.", {
    outcome: "unknown",
  });
}
