import { AlarmTable } from "../alarm/alarm-table.ts";
import { AuthStore } from "../auth/auth-store.ts";
import type { Fingerprint } from "../bytes/fingerprint.ts";
import type { LeaseTable } from "../lease/lease-table.ts";
import { MvccStore } from "../mvcc/mvcc-store.ts";
import type { OrderedStore } from "../store/ordered-store.ts";

/** All replicated state of one group: what applying the same log makes equal on every member. */
export class KvState {
  readonly fingerprint: Fingerprint;
  readonly mvcc: MvccStore;
  readonly leases: LeaseTable;
  readonly alarms: AlarmTable = new AlarmTable();
  readonly auth: AuthStore = new AuthStore();

  constructor(store: OrderedStore, fingerprint: Fingerprint, leases: LeaseTable) {
    this.fingerprint = fingerprint;
    this.mvcc = new MvccStore(store, fingerprint);
    this.leases = leases;
  }
}
