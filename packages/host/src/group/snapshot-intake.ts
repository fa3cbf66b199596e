import type { LogPosition, MemberId, SnapshotInfo, Term } from "@quorate/core";
import type { SnapshotStore, SnapshotWriter } from "../snapshot/snapshot-store.ts";
import type { SnapshotReceiver } from "../transport/transport.ts";
import type { GroupCounters } from "./counters.ts";
import type { EventFeed } from "./event-feed.ts";

export interface IntakeGroup {
  readonly counters: GroupCounters;
  readonly feed: EventFeed;
  readonly isRunning: boolean;
  readonly applier: { readonly applied: LogPosition };
  readonly parts: { readonly storage: { readonly snapshots: SnapshotStore } };
  snapshotReceived(from: MemberId, term: Term, info: SnapshotInfo): void;
}

/** Takes snapshots that leaders offer: one at a time, the newest leader's, continued where an earlier try broke off. */
export class SnapshotIntake {
  readonly #group: IntakeGroup;
  #current: Intake | undefined;
  #lastId: string | undefined;

  constructor(group: IntakeGroup) {
    this.#group = group;
  }

  /** Ids of unfinished snapshots that are worth keeping. */
  get resumable(): readonly string[] {
    return this.#lastId === undefined ? [] : [this.#lastId];
  }

  /** Ends what is under way; what is durable of it stays. */
  async stop(): Promise<void> {
    await this.#current?.abort();
  }

  async offer(
    from: MemberId,
    info: SnapshotInfo,
    term: Term,
  ): Promise<SnapshotReceiver | "refused"> {
    const group = this.#group;
    if (!group.isRunning || (this.#current !== undefined && this.#current.term > term)) {
      return "refused";
    }
    if (info.index <= group.applier.applied.index) {
      // The core answers with what it has, which is news to a leader that thinks it needs a snapshot.
      group.snapshotReceived(from, term, info);
      return "refused";
    }
    await this.#current?.abort();
    const { snapshots } = group.parts.storage;
    const complete = (await snapshots.list()).find((known) => known.id === info.id);
    const writer =
      complete === undefined
        ? ((await snapshots.resume(info)) ?? (await snapshots.create(info)))
        : alreadyWritten(complete);
    this.#lastId = info.id;
    const intake = new Intake(group, from, term, info, writer, () => {
      if (this.#current === intake) this.#current = undefined;
    });
    this.#current = intake;
    group.feed.emit({ type: "snapshot", phase: "receiving", peer: from, info });
    return intake;
  }
}

/** One snapshot on its way in. */
class Intake implements SnapshotReceiver {
  readonly term: Term;
  readonly #group: IntakeGroup;
  readonly #from: MemberId;
  readonly #info: SnapshotInfo;
  readonly #writer: SnapshotWriter;
  readonly #onEnd: () => void;
  #ended = false;

  constructor(
    group: IntakeGroup,
    from: MemberId,
    term: Term,
    info: SnapshotInfo,
    writer: SnapshotWriter,
    onEnd: () => void,
  ) {
    this.#group = group;
    this.#from = from;
    this.term = term;
    this.#info = info;
    this.#writer = writer;
    this.#onEnd = onEnd;
  }

  get haveBytes(): number {
    return this.#writer.durableBytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#ended) throw new Error("the transfer was given up");
    await this.#writer.write(chunk);
  }

  async finish(): Promise<void> {
    if (this.#ended) throw new Error("the transfer was given up");
    this.#ended = true;
    this.#onEnd();
    const info = await this.#committed();
    if (this.#info.bytes > 0 && info.bytes !== this.#info.bytes) {
      throw new Error(`it has ${info.bytes} bytes, ${this.#info.bytes} were announced`);
    }
    this.#group.snapshotReceived(this.#from, this.term, info);
  }

  /** What could not be completed is let go of, or no later try of the same snapshot could go on with it. */
  async #committed(): Promise<SnapshotInfo> {
    try {
      return await this.#writer.commit();
    } catch (error) {
      this.#failed(error instanceof Error ? error.message : String(error));
      await this.#writer.discard();
      throw error;
    }
  }

  async abort(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#failed("the transfer broke off");
    await this.#writer.discard();
  }

  #failed(reason: string): void {
    const peer = this.#from;
    this.#group.counters.snapshotsFailed += 1;
    this.#group.feed.emit({ type: "snapshotFailed", phase: "receive", peer, reason });
  }
}

/** A snapshot that came before and was never installed, because the process ended in between. */
function alreadyWritten(info: SnapshotInfo): SnapshotWriter {
  return {
    durableBytes: info.bytes,
    write: async () => {
      throw new Error("it is complete already");
    },
    commit: async () => info,
    discard: async () => undefined,
  };
}
