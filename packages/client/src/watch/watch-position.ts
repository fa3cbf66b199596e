import type { Event, WatchResponse } from "@quorate/protocol";

/** What a response adds to a watch. */
export interface Advance {
  readonly revision: number;
  readonly events: readonly Event[];
}

/**
 * How far a watch has come: the revision whose changes are wanted next. It puts fragments together, so that the changes of a
 * revision are taken all or not at all, and drops what was taken before.
 */
export class WatchPosition {
  /** The next revision wanted; undefined until the first member said where the watch begins. */
  next: number | undefined;
  #fragments: Event[] = [];

  constructor(fromRevision: number | undefined) {
    this.next = fromRevision;
  }

  /** A new stream: fragments of the last one have no end. */
  restart(): void {
    this.#fragments = [];
  }

  /** A member agreed at this revision; a watch without a beginning begins after it. */
  began(revision: number): void {
    this.next ??= revision + 1;
  }

  /** Takes a response; undefined when it brings nothing new. */
  take({ header, events, fragment, created }: WatchResponse): Advance | undefined {
    this.#fragments.push(...events);
    if (fragment) return undefined;
    const next = this.next ?? 0;
    const fresh = this.#fragments.filter(({ kv }) => (kv?.modRevision ?? 0) >= next);
    this.#fragments = [];
    const last = fresh.at(-1)?.kv?.modRevision;
    if (last !== undefined) {
      this.next = last + 1;
      return { revision: last, events: fresh };
    }
    // Without events the header says that there are none up to its revision. Not so when a watch was only created: its
    // changes since the asked revision are still on their way.
    const revision = header?.revision ?? 0;
    if (created || events.length > 0 || revision < next) return undefined;
    this.next = revision + 1;
    return { revision, events: [] };
  }
}
