import { NO_BYTES } from "../bytes/bytes.ts";
import { readVarint, type VarintCursor, writeVarint } from "../bytes/varint.ts";
import type { LeaseId } from "../key-value.ts";
import { LEASE_SPACE } from "../mvcc/keyspace.ts";
import type { StoreBatch, StoreReader } from "../store/ordered-store.ts";

/** One lease as all members know it. When it expires is the leader's business (`LeaseClock`). */
export interface Lease {
  readonly id: LeaseId;
  readonly ttlSeconds: number;
  /** What was left of it at the last checkpoint, 0 if there was none since it was granted or renewed. */
  remainingSeconds: number;
  /** Attached keys as binary strings. */
  readonly keys: Set<string>;
}

/** Hears what happens to leases, to run their clocks. */
export interface LeaseListener {
  granted(lease: Lease): void;
  revoked(id: LeaseId): void;
  /** Everything is different: a snapshot was restored. */
  replaced(): void;
}

/** Every lease with its keys. Attachments are not stored here: the rows of the keys name their lease. */
export class LeaseTable {
  readonly #leases: Map<LeaseId, Lease> = new Map();
  /** Leases that changed since the last flush. */
  #dirty: Set<LeaseId> = new Set();
  #listener: LeaseListener | undefined;

  get size(): number {
    return this.#leases.size;
  }

  /** Approximate bytes that a flush would write. */
  get unflushedBytes(): number {
    return this.#dirty.size * LEASE_RECORD_BYTES;
  }

  listen(listener: LeaseListener | undefined): void {
    this.#listener = listener;
  }

  get(id: LeaseId): Lease | undefined {
    return this.#leases.get(id);
  }

  all(): IterableIterator<Lease> {
    return this.#leases.values();
  }

  /** In ascending order. */
  ids(): LeaseId[] {
    return [...this.#leases.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** The id must be free. */
  grant(id: LeaseId, ttlSeconds: number): void {
    const lease: Lease = { id, ttlSeconds, remainingSeconds: 0, keys: new Set() };
    this.#leases.set(id, lease);
    this.#dirty.add(id);
    this.#listener?.granted(lease);
  }

  /** The keys must be deleted already. */
  revoke(id: LeaseId): void {
    this.#leases.delete(id);
    this.#dirty.add(id);
    this.#listener?.revoked(id);
  }

  checkpoint(id: LeaseId, remainingSeconds: number): void {
    const lease = this.#leases.get(id);
    if (lease === undefined) return;
    lease.remainingSeconds = remainingSeconds;
    this.#dirty.add(id);
  }

  attach(id: LeaseId, key: string): void {
    this.#leases.get(id)?.keys.add(key);
  }

  detach(id: LeaseId, key: string): void {
    this.#leases.get(id)?.keys.delete(key);
  }

  /** Takes what changed since the last call; the returned function writes it. */
  seal(): (batch: StoreBatch) => void {
    const dirty = this.#dirty;
    if (dirty.size === 0) return () => undefined;
    this.#dirty = new Set();
    const records = new Map<LeaseId, Uint8Array>();
    for (const id of dirty) {
      const lease = this.#leases.get(id);
      records.set(id, lease === undefined ? NO_BYTES : encodeLease(lease));
    }
    return (batch) => {
      for (const [id, record] of records) {
        if (record.length === 0) batch.delete(leaseKey(id));
        else batch.put(leaseKey(id), record);
      }
    };
  }

  /** Every lease as the pair that stands for it in the store. */
  *records(): Generator<readonly [Uint8Array, Uint8Array]> {
    for (const lease of this.#leases.values()) yield [leaseKey(lease.id), encodeLease(lease)];
  }

  /** Takes over the leases of a store, without their keys. */
  load(reader: StoreReader): void {
    this.#leases.clear();
    this.#dirty.clear();
    const from = Uint8Array.of(LEASE_SPACE);
    const end = Uint8Array.of(LEASE_SPACE + 1);
    reader.range(from, end, (key, record) => {
      const lease = decodeLease(key, record);
      this.#leases.set(lease.id, lease);
      return true;
    });
  }

  /** Tells the listener that `load` and the attachments that follow it are done. */
  loaded(): void {
    this.#listener?.replaced();
  }
}

/** Key and record of a lease, about. */
const LEASE_RECORD_BYTES = 24;

function leaseKey(id: LeaseId): Uint8Array {
  const key = new Uint8Array(9);
  key[0] = LEASE_SPACE;
  new DataView(key.buffer).setBigInt64(1, id);
  return key;
}

function encodeLease(lease: Lease): Uint8Array {
  const record = new Uint8Array(16);
  const at = writeVarint(record, 0, lease.ttlSeconds);
  return record.subarray(0, writeVarint(record, at, lease.remainingSeconds));
}

function decodeLease(key: Uint8Array, record: Uint8Array): Lease {
  const cursor: VarintCursor = { at: 0 };
  return {
    id: new DataView(key.buffer, key.byteOffset, key.byteLength).getBigInt64(1),
    ttlSeconds: readVarint(record, cursor),
    remainingSeconds: readVarint(record, cursor),
    keys: new Set(),
  };
}
