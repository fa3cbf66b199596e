/** Counts transactions that changed something; a fresh store is at 1 and the first write makes 2. Safe integer. */
export type Revision = number;

/** Identity of a lease: any signed 64-bit integer, chosen by clients or the server; 0 stands for "no lease". */
export type LeaseId = bigint;

/** "No lease". */
export const NO_LEASE: LeaseId = 0n;

/** One key as of one revision. The bytes belong to whoever received the object and are never changed by the store. */
export interface KeyValue {
  readonly key: Uint8Array;
  /** Empty in answers to `keysOnly`. */
  readonly value: Uint8Array;
  /** Revision of the put that began this incarnation of the key. */
  readonly createRevision: Revision;
  /** Revision of the newest put. */
  readonly modRevision: Revision;
  /** Puts in this incarnation, from 1. */
  readonly version: number;
  readonly lease: LeaseId;
}

/**
 * An interval of keys in unsigned byte order. Without `rangeEnd` (or with an empty one) it is the single `key`; with
 * the one byte 0 it has no end; otherwise it ends before `rangeEnd`. Empty when `rangeEnd` is not above `key`.
 */
export interface KeyInterval {
  readonly key: Uint8Array;
  readonly rangeEnd?: Uint8Array | undefined;
}
