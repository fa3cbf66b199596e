import type { TxnRequestInit, TxnResponse } from "@quorate/protocol";
import { pause } from "../cluster/backoff.ts";
import { ClientError, type ClientErrorCode } from "../errors.ts";
import { type Bytes, toBytes } from "../keys/bytes.ts";
import { type IntervalOptions, interval } from "../keys/interval.ts";
import type { Keyspace } from "../keys/keyspace.ts";
import { type Transaction, transactionRequest } from "../keys/transaction.ts";
import type { Lease } from "../lease/lease.ts";
import type { Leases } from "../lease/leases.ts";
import type { CallOptions } from "../requests.ts";
import { SessionSlot, type SlotAnswer } from "./session-slot.ts";

/** How a session is opened. */
export interface SessionOptions extends CallOptions {
  /** How long the cluster remembers the session of a client that is silent, in whole seconds. Default 60. */
  readonly ttlSeconds?: number | undefined;
  /** Where the session keeps its keys. Default `quorate/sessions/`. The user needs leave to write there. */
  readonly prefix?: Bytes | undefined;
}

/** A write that was applied, once. */
export interface AppliedWrite {
  /** The revision it was applied at. */
  readonly revision: number;
  /** For a transaction: whether its conditions held. For anything else true. */
  readonly succeeded: boolean;
  /**
   * What it answered. Undefined when that answer was lost and only the fact was still to be had: what it read can be read
   * again as of `revision`, or as of the one before.
   */
  readonly response: TxnResponse | undefined;
}

const TTL_SECONDS_DEFAULT = 60;
const PREFIX_DEFAULT = "quorate/sessions/";
/** Writes of one session that may be under way; each has a key of its own in the cluster. */
const SLOTS_MAX = 32;
/** Writes that may wait for one of them. */
const WAITING_MAX = 10_000;

/**
 * Writes that are applied exactly once, whatever is lost: each goes in one transaction with a mark in a key of the session's,
 * on the condition that the key is as the write before left it. A repetition finds the key changed, does nothing, and reads
 * from the mark that the first one was applied. Works with every cluster that speaks etcd's API.
 */
export class WriteSession {
  readonly #keys: Keyspace;
  readonly #lease: Lease;
  readonly #prefix: Uint8Array;
  readonly #free: SessionSlot[] = [];
  readonly #waiting: (() => void)[] = [];
  #slots = 0;
  #numbers = 0;

  /** @internal Made by `Keyspace.openSession`. */
  constructor(keys: Keyspace, lease: Lease, prefix: Uint8Array) {
    this.#keys = keys;
    this.#lease = lease;
    this.#prefix = prefix;
  }

  /** Aborted once the cluster may have forgotten the session: a write whose outcome is unknown then stays so. */
  get lost(): AbortSignal {
    return this.#lease.lost;
  }

  /** Sets a key, once. */
  put(
    key: Bytes,
    value: Bytes,
    options: CallOptions & { readonly lease?: bigint | undefined } = {},
  ): Promise<AppliedWrite> {
    const put = { key: toBytes(key), value: toBytes(value), lease: options.lease };
    return this.#write({ success: [{ request: { kind: "requestPut", value: put } }] }, options);
  }

  /** Deletes a key, or many, once. */
  delete(key: Bytes, options: CallOptions & IntervalOptions = {}): Promise<AppliedWrite> {
    const value = interval(key, options);
    return this.#write({ success: [{ request: { kind: "requestDeleteRange", value } }] }, options);
  }

  /** Carries a transaction out, once. */
  transaction(transaction: Transaction, options: CallOptions = {}): Promise<AppliedWrite> {
    return this.#write(transactionRequest(transaction), options);
  }

  /** Ends the session; the cluster forgets it. */
  close(options: CallOptions = {}): Promise<void> {
    return this.#lease.revoke(options);
  }

  async #write(request: TxnRequestInit, options: CallOptions): Promise<AppliedWrite> {
    if (this.#lease.lost.aborted) throw this.#lease.lost.reason;
    const untilMs = performance.now() + (options.timeoutMs ?? this.#keys.timeoutMs);
    const slot = await this.#take(untilMs, options.signal);
    let answer: SlotAnswer;
    try {
      const timeoutMs = Math.max(1, untilMs - performance.now());
      answer = await slot.write(request, { ...options, timeoutMs });
    } catch (error) {
      // A late repetition of that write must not meet the next one: its key is not used again.
      if (error instanceof ClientError && error.outcome === "unknown") this.#slots -= 1;
      else this.#free.push(slot);
      throw error;
    } finally {
      this.#waiting.shift()?.();
    }
    this.#free.push(slot);
    return answer;
  }

  /** A slot for one write; its wait is part of the write's time, and ends with the write's signal. */
  async #take(untilMs: number, signal: AbortSignal | undefined): Promise<SessionSlot> {
    for (;;) {
      const free = this.#free.pop();
      if (free !== undefined) return free;
      if (this.#slots < SLOTS_MAX) {
        this.#slots += 1;
        this.#numbers += 1;
        return new SessionSlot(this.#keys, this.#prefix, this.#numbers, this.#lease.id);
      }
      if (this.#waiting.length >= WAITING_MAX) {
        throw notBegun("OVERLOADED", `${WAITING_MAX} writes wait in this session.`);
      }
      await this.#turn(untilMs - performance.now(), signal);
      const isAborted = signal?.aborted === true;
      if (!isAborted && performance.now() < untilMs) continue;
      // Whoever was woken and does not write wakes the next one.
      if (this.#free.length > 0 || this.#slots < SLOTS_MAX) this.#waiting.shift()?.();
      throw isAborted
        ? notBegun("ABORTED", "The call was aborted.")
        : notBegun("TIMEOUT", "Earlier writes of this session took all the time.");
    }
  }

  /** Resolves when a write before this one is over, at the latest with the time or the signal. */
  async #turn(leftMs: number, signal: AbortSignal | undefined): Promise<void> {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    this.#waiting.push(wake);
    const either = signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]);
    await pause(Math.max(0, leftMs), either);
    if (woken.signal.aborted) return;
    const place = this.#waiting.indexOf(wake);
    if (place >= 0) this.#waiting.splice(place, 1);
  }
}

function notBegun(code: ClientErrorCode, message: string): ClientError {
  return new ClientError(code, message, { outcome: "notApplied" });
}

/** Opens a session. */
export async function openSession(
  keys: Keyspace,
  leases: Leases,
  options: SessionOptions,
): Promise<WriteSession> {
  const { signal, timeoutMs } = options;
  const ttlSeconds = options.ttlSeconds ?? TTL_SECONDS_DEFAULT;
  const lease = await leases.grant({ ttlSeconds, signal, timeoutMs });
  const own = new TextEncoder().encode(`${lease.id.toString(16)}/`);
  const below = toBytes(options.prefix ?? PREFIX_DEFAULT);
  const prefix = new Uint8Array(below.length + own.length);
  prefix.set(below);
  prefix.set(own, below.length);
  return new WriteSession(keys, lease, prefix);
}
