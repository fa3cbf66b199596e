import type { LogIndex, MemberId, Role, SnapshotMessage, Term } from "@quorate/core";
import type { SnapshotStore } from "../snapshot/snapshot-store.ts";
import type { GroupId, Transport } from "../transport/transport.ts";
import { Abort } from "./abort.ts";
import type { GroupCounters } from "./counters.ts";
import type { EventFeed } from "./event-feed.ts";

export interface OutletGroup {
  readonly groupId: GroupId;
  readonly counters: GroupCounters;
  readonly feed: EventFeed;
  readonly parts: {
    readonly transport: Transport;
    readonly storage: { readonly snapshots: SnapshotStore };
  };
  reportSnapshot(member: MemberId, delivered: boolean): void;
}

interface Sending {
  readonly index: LogIndex;
  readonly abort: Abort;
}

/** Sends the leader's snapshots to members that lag too far behind, and stops when it leads no more. */
export class SnapshotOutlet {
  readonly #group: OutletGroup;
  readonly #sending: Map<MemberId, Sending> = new Map();
  #term: Term = 0;

  constructor(group: OutletGroup) {
    this.#group = group;
  }

  /** The oldest snapshot on its way: the log after it must stay, or its receiver would need another one. */
  get oldestIndex(): LogIndex | undefined {
    let oldest: LogIndex | undefined;
    for (const { index } of this.#sending.values()) oldest = Math.min(oldest ?? index, index);
    return oldest;
  }

  send(message: SnapshotMessage): void {
    const { transport, storage } = this.#group.parts;
    const { to, term, snapshot: info } = message;
    this.#sending.get(to)?.abort.abort("a newer snapshot is on its way");
    const abort = new Abort();
    this.#sending.set(to, { index: info.index, abort });
    this.#group.feed.emit({ type: "snapshot", phase: "sending", peer: to, info });
    const source = { read: (fromByte: number) => storage.snapshots.read(info, fromByte) };
    transport
      .sendSnapshot(this.#group.groupId, to, info, source, abort, term)
      .then(() => {
        if (!this.#settle(to, abort)) return;
        this.#group.counters.snapshotsSent += 1;
        this.#group.feed.emit({ type: "snapshot", phase: "sent", peer: to, info });
        this.#group.reportSnapshot(to, true);
      })
      .catch((error: unknown) => {
        if (!this.#settle(to, abort)) return;
        const reason = error instanceof Error ? error.message : String(error);
        this.#group.counters.snapshotsFailed += 1;
        this.#group.feed.emit({ type: "snapshotFailed", phase: "send", peer: to, reason });
        this.#group.reportSnapshot(to, false);
      });
  }

  termChanged(role: Role, term: Term): void {
    if (role === "leader" && term === this.#term) return;
    this.#term = term;
    this.stop();
  }

  stop(): void {
    for (const { abort } of this.#sending.values()) abort.abort("it leads no more");
    this.#sending.clear();
  }

  /** False when a newer transfer, or none, has taken this one's place. */
  #settle(to: MemberId, abort: Abort): boolean {
    if (this.#sending.get(to)?.abort !== abort) return false;
    this.#sending.delete(to);
    return true;
  }
}
