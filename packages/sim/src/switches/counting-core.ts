import type {
  AppendWork,
  ApplyWork,
  CoreStatus,
  Effects,
  Entry,
  LogIndex,
  LogView,
  MemberId,
  PeerMessage,
  RaftCore,
} from "@quorate/core";
import { CoreProxy } from "./core-proxy.ts";

/**
 * A leader that commits entries of earlier terms by counting. The real core inside withholds them; this one raises the
 * commit index in what leaves the core: in its hard state, in its messages to the followers, and in what is applied.
 * Membership changes of earlier terms are left to the real core, which must put them in force itself.
 */
export class CountingCore extends CoreProxy {
  readonly #log: LogView;
  #raised: LogIndex = 0;
  #handedOut: LogIndex = 0;
  /** The real core numbers its works upwards from 1. */
  #nextWork = -1;

  constructor(inner: RaftCore, log: LogView) {
    super(inner);
    this.#log = log;
  }

  override hasEffects(): boolean {
    return this.inner.hasEffects() || this.#countable() > this.#raised;
  }

  override takeEffects(): Effects {
    const raisedNow = this.#countable();
    const effects = this.inner.takeEffects();
    const isNew = raisedNow > this.#raised;
    if (isNew) this.#raised = raisedNow;
    if (this.#raised === 0) return effects;
    const status = this.inner.status();
    const send = effects.send.map((message) => this.#lift(message, status));
    if (!isNew) return { ...effects, send, append: this.#liftWork(effects.append) };
    return {
      ...effects,
      send: [...send, ...this.#announce(status)],
      append: this.#raiseIn(effects.append, status),
      apply: effects.apply ?? this.#ownApply(status),
    };
  }

  override appendDone(id: number): void {
    if (id > 0) super.appendDone(id);
  }

  override applyDone(id: number): void {
    if (id > 0) super.applyDone(id);
  }

  /** The newest entry of an earlier term that a majority holds; 0 when there is nothing to raise. */
  #countable(): LogIndex {
    const status = this.inner.status();
    if (status.role !== "leader" || status.membership.outgoing.length > 0) return 0;
    const { voters } = status.membership;
    const matches = voters.map((id) => (id === status.id ? status.durable : matchOf(status, id)));
    matches.sort((left, right) => right - left);
    const index = Math.min(matches[matches.length >> 1] ?? 0, status.durable);
    if (index <= status.commit) return 0;
    const term = this.#log.term(index);
    if (typeof term !== "number" || term >= status.term) return 0;
    const entries = this.#entries(status.commit + 1, index);
    // A snapshot of what was raised may have taken their place.
    const areHere = entries.length === index - status.commit;
    return areHere && entries.every(({ kind }) => kind !== "membership") ? index : 0;
  }

  #lift(message: PeerMessage, status: CoreStatus): PeerMessage {
    if (message.type === "append") {
      return { ...message, commit: Math.max(message.commit, this.#raised) };
    }
    if (message.type !== "heartbeat") return message;
    const known = Math.min(matchOf(status, message.to), this.#raised);
    return { ...message, commit: Math.max(message.commit, known) };
  }

  /** Heartbeats that tell the followers at once. */
  #announce(status: CoreStatus): readonly PeerMessage[] {
    return [...status.progress.keys()]
      .filter((to) => to !== status.id)
      .map((to) => ({
        type: "heartbeat" as const,
        from: status.id,
        to,
        term: status.term,
        commit: Math.min(matchOf(status, to), this.#raised),
        readSequence: 0,
      }));
  }

  #liftWork(work: AppendWork | undefined): AppendWork | undefined {
    if (work?.hardState === undefined) return work;
    const commit = Math.max(work.hardState.commit, this.#raised);
    return { ...work, hardState: { ...work.hardState, commit } };
  }

  /** The raised commit index goes to the disk with whatever goes there. */
  #raiseIn(work: AppendWork | undefined, status: CoreStatus): AppendWork {
    const own = this.#ownWork(status);
    if (work === undefined) return own;
    return this.#liftWork({ ...work, hardState: work.hardState ?? own.hardState }) ?? own;
  }

  #ownWork({ term, vote }: CoreStatus): AppendWork {
    return {
      id: this.#number(),
      hardState: { term, vote, commit: this.#raised },
      entries: [],
      installSnapshot: undefined,
      mustSync: false,
      afterDurable: [],
    };
  }

  #ownApply({ applying, commit }: CoreStatus): ApplyWork | undefined {
    // What the real core still holds back comes first, and from it.
    if (applying < commit) return undefined;
    const first = Math.max(applying, this.#handedOut) + 1;
    const entries = this.#entries(first, this.#raised);
    if (entries.length === 0) return undefined;
    this.#handedOut = this.#raised;
    const bytes = entries.reduce((sum, { payload }) => sum + payload.length, 0);
    return { id: this.#number(), entries, bytes };
  }

  #number(): number {
    this.#nextWork -= 1;
    return this.#nextWork;
  }

  #entries(first: LogIndex, last: LogIndex): readonly Entry[] {
    if (last < first) return [];
    const found = this.#log.entries(
      first,
      last + 1,
      Number.POSITIVE_INFINITY,
      this.inner.status().id,
    );
    return typeof found === "string" ? [] : found;
  }
}

function matchOf(status: CoreStatus, member: MemberId): LogIndex {
  return status.progress.get(member)?.match ?? 0;
}
