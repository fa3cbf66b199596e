import type {
  AppendWork,
  ApplyWork,
  Effects,
  Entry,
  LogIndex,
  MemberId,
  PeerMessage,
  Stepped,
} from "@quorate/core";
import type { CoreOrigin } from "@quorate/host";
import type { ClusterEventBody } from "../cluster/events.ts";
import type { CoreWitness } from "../world/watched-core.ts";
import { shownEntry } from "./shown-entry.ts";
import type { StageWires } from "./stage-wires.ts";

/** What a mirror needs of the stage it stands on. */
export interface MirrorOwner {
  nowMs(): number;
  readonly wires: StageWires;
  emit(event: ClusterEventBody): void;
}

/** One node's log as it can be shown, kept from what its core handed to the disk, across its lives. */
export class NodeMirror implements CoreWitness {
  readonly id: MemberId;
  readonly #owner: MirrorOwner;
  readonly #entries: Map<LogIndex, Entry> = new Map();
  #works: AppendWork[] = [];
  #applying: ApplyWork[] = [];
  first: LogIndex = 1;
  last: LogIndex = 0;
  /** Of the newest snapshot that it installed or came back with. */
  snapshot: { readonly index: LogIndex; readonly term: number } = { index: 0, term: 0 };

  constructor(id: MemberId, owner: MirrorOwner) {
    this.id = id;
    this.#owner = owner;
  }

  entry(index: LogIndex): Entry | undefined {
    return this.#entries.get(index);
  }

  /** Entries on their way to the disk. */
  get beingWritten(): number {
    let count = 0;
    for (const { entries } of this.#works) count += entries.length;
    return count;
  }

  /** A life begins with what the disk gave back, or with what the group was founded with. */
  begin({ storage }: CoreOrigin, founding: readonly Entry[]): void {
    this.end();
    const { recovered, log } = storage;
    for (const entry of founding) if (!this.#entries.has(entry.index)) this.#put(entry);
    this.first = recovered.firstIndex;
    this.last = recovered.last.index;
    this.snapshot = recovered.snapshots[0] ?? { index: 0, term: 0 };
    for (let index = this.first; index <= this.last; index += 1) {
      const term = log.term(index);
      if (typeof term !== "number" || this.#entries.get(index)?.term === term) continue;
      // An older write came back in the place of one that was lost; what it said is on the disk alone.
      this.#entries.set(index, { index, term, kind: "noop", payload: NO_BYTES });
    }
  }

  /** The process is gone, and with it whatever was under way. */
  end(): void {
    this.#works = [];
    this.#applying = [];
  }

  /** The disk is gone with everything on it. */
  wiped(): void {
    this.end();
    this.#entries.clear();
    this.first = 1;
    this.last = 0;
    this.snapshot = { index: 0, term: 0 };
  }

  compacted(first: LogIndex): void {
    if (first > this.first) this.first = first;
  }

  stepped(message: PeerMessage, _outcome: Stepped): void {
    this.#owner.wires.arrived(message);
  }

  readAsked(): void {}

  taken({ send, append, apply }: Effects): void {
    for (const message of send) this.#send(message);
    if (append !== undefined) {
      const { installSnapshot, entries } = append;
      if (installSnapshot !== undefined) {
        this.#entries.clear();
        this.first = installSnapshot.index + 1;
        this.last = installSnapshot.index;
      }
      for (const entry of entries) this.#put(shownEntry(entry));
      this.#works.push(append);
    }
    if (apply !== undefined) this.#applying.push(apply);
  }

  appendDone(id: number): void {
    while ((this.#works[0]?.id ?? Number.POSITIVE_INFINITY) <= id) {
      const { afterDurable, entries, installSnapshot } = this.#works.shift() as AppendWork;
      const last = entries.at(-1)?.index;
      if (last !== undefined) this.#owner.emit({ type: "durable", member: this.id, last });
      if (installSnapshot !== undefined) {
        this.snapshot = installSnapshot;
        const { index } = installSnapshot;
        this.#owner.emit({ type: "snapshotInstalled", member: this.id, index });
      }
      for (const message of afterDurable) this.#send(message);
    }
  }

  applyDone(id: number): void {
    while ((this.#applying[0]?.id ?? Number.POSITIVE_INFINITY) <= id) {
      for (const entry of (this.#applying.shift() as ApplyWork).entries) {
        const shown = this.#entries.get(entry.index) ?? shownEntry(entry);
        const { id: member } = this;
        this.#owner.emit({
          type: "applied",
          member,
          entry: shown,
          result: undefined,
          isRepeat: false,
        });
      }
    }
  }

  membershipApplied(): void {}

  called(): void {}

  #put(entry: Entry): void {
    this.#entries.set(entry.index, entry);
    for (let index = entry.index + 1; index <= this.last; index += 1) this.#entries.delete(index);
    this.last = entry.index;
  }

  #send(message: PeerMessage): void {
    this.#owner.wires.sent(message, this.#owner.nowMs());
  }
}

const NO_BYTES = new Uint8Array(0);
