import { NO_BYTES } from "../bytes/bytes.ts";
import type { LeaseId, Revision } from "../key-value.ts";

/**
 * What the index knows about one key: its newest change. Used as a set of registers that is filled and read again
 * and again, so that looking up a key allocates nothing; whoever keeps something copies it out.
 */
export class KeyEntry {
  /** The newest change was a deletion; `createRevision` and `version` are 0 then. */
  deleted = false;
  modRevision: Revision = 0;
  /** Place of the newest change within its transaction, from 0. */
  modSub = 0;
  createRevision: Revision = 0;
  version = 0;
  /** Halves of the signed 64-bit lease id; both 0 for none. */
  leaseHigh = 0;
  leaseLow = 0;
  /** Where the key's bytes stand; valid until the index changes. */
  keyBytes: Uint8Array = NO_BYTES;
  keyStart = 0;
  keyEnd = 0;

  get leased(): boolean {
    return this.leaseHigh !== 0 || this.leaseLow !== 0;
  }

  get lease(): LeaseId {
    if (!this.leased) return 0n;
    return (BigInt(this.leaseHigh) << 32n) | BigInt(this.leaseLow >>> 0);
  }

  setLease(lease: LeaseId): void {
    if (lease === 0n) {
      this.leaseHigh = 0;
      this.leaseLow = 0;
      return;
    }
    this.leaseHigh = Number(BigInt.asIntN(32, lease >> 32n));
    this.leaseLow = Number(BigInt.asIntN(32, lease));
  }

  /** Nothing is known about the key. */
  clear(): void {
    this.deleted = true;
    this.modRevision = 0;
    this.modSub = 0;
    this.createRevision = 0;
    this.version = 0;
    this.leaseHigh = 0;
    this.leaseLow = 0;
  }

  /** A copy of the key. */
  key(): Uint8Array {
    return this.keyBytes.slice(this.keyStart, this.keyEnd);
  }
}
