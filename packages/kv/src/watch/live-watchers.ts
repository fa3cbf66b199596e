import { binaryString, type IntervalEnd } from "../bytes/bytes.ts";
import { batchOf, type Change } from "./event-source.ts";
import { IntervalTree } from "./interval-tree.ts";
import type { EventBatch, KvEvent } from "./watch-stream.ts";
import { type Watcher, type Wish, wants, wishNumber } from "./watcher.ts";

/** Watchers of one interval with the same wishes: they receive the same batches. */
interface Cohort {
  readonly wish: Wish;
  readonly watchers: Set<Watcher>;
  /** Events of the revision that is being delivered. */
  events: KvEvent[];
}

/** All live watchers of one interval. */
interface Audience {
  readonly key: Uint8Array;
  readonly end: IntervalEnd;
  readonly single: boolean;
  readonly cohorts: (Cohort | undefined)[];
  watchers: number;
}

/** Hands a batch to a watcher. */
export type Deliver = (watcher: Watcher, batch: EventBatch) => void;

/**
 * The watchers that have seen everything so far. Finds those that a change concerns without looking at the others,
 * and does the work once for all that want the same.
 */
export class LiveWatchers {
  readonly #singles: Map<string, Audience> = new Map();
  readonly #ranges: IntervalTree<Audience> = new IntervalTree();
  readonly #rangeByName: Map<string, Audience> = new Map();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(watcher: Watcher): void {
    const name = nameOf(watcher);
    const audiences = watcher.single ? this.#singles : this.#rangeByName;
    let audience = audiences.get(name);
    if (audience === undefined) {
      const { key, end, single } = watcher;
      audience = { key, end, single, cohorts: [], watchers: 0 };
      audiences.set(name, audience);
      if (!single) this.#ranges.add(audience);
    }
    const number = wishNumber(watcher.wish);
    let cohort = audience.cohorts[number];
    if (cohort === undefined) {
      cohort = { wish: watcher.wish, watchers: new Set(), events: [] };
      audience.cohorts[number] = cohort;
    }
    cohort.watchers.add(watcher);
    audience.watchers++;
    this.#size++;
  }

  /** Fine when it is not there. */
  remove(watcher: Watcher): void {
    const name = nameOf(watcher);
    const audiences = watcher.single ? this.#singles : this.#rangeByName;
    const audience = audiences.get(name);
    const cohort = audience?.cohorts[wishNumber(watcher.wish)];
    if (audience === undefined || cohort?.watchers.delete(watcher) !== true) return;
    this.#size--;
    audience.watchers--;
    if (audience.watchers > 0) return;
    audiences.delete(name);
    if (!audience.single) this.#ranges.remove(audience);
  }

  all(): Watcher[] {
    const found: Watcher[] = [];
    for (const audiences of [this.#singles, this.#rangeByName]) {
      for (const audience of audiences.values()) {
        for (const cohort of audience.cohorts) {
          if (cohort !== undefined) found.push(...cohort.watchers);
        }
      }
    }
    return found;
  }

  /** Delivers the changes of one revision: one batch per watcher they concern. */
  deliver(changes: readonly Change[], deliver: Deliver): void {
    const [only] = changes;
    if (changes.length === 1 && only !== undefined) this.#deliverOne(only, deliver);
    else this.#deliverMany(changes, deliver);
  }

  /** The usual case: the one event makes at most two batches, with and without the previous pair, for everyone. */
  #deliverOne(change: Change, deliver: Deliver): void {
    let plain: EventBatch | undefined;
    let withPrevious: EventBatch | undefined;
    this.#visitAudiences(change.key, (audience) => {
      for (const cohort of audience.cohorts) {
        if (cohort === undefined || !wants(cohort.wish, change.kind)) continue;
        let batch: EventBatch;
        if (cohort.wish.prevKv) {
          withPrevious ??= batchOf([change.event(true)]);
          batch = withPrevious;
        } else {
          plain ??= batchOf([change.event(false)]);
          batch = plain;
        }
        for (const watcher of cohort.watchers) deliver(watcher, batch);
      }
    });
  }

  #deliverMany(changes: readonly Change[], deliver: Deliver): void {
    const concerned: Cohort[] = [];
    for (const change of changes) {
      this.#visitAudiences(change.key, (audience) => {
        for (const cohort of audience.cohorts) {
          if (cohort === undefined || !wants(cohort.wish, change.kind)) continue;
          if (cohort.events.length === 0) concerned.push(cohort);
          cohort.events.push(change.event(cohort.wish.prevKv));
        }
      });
    }
    for (const cohort of concerned) {
      const batch = batchOf(cohort.events);
      cohort.events = [];
      for (const watcher of cohort.watchers) deliver(watcher, batch);
    }
  }

  #visitAudiences(key: Uint8Array, visit: (audience: Audience) => void): void {
    if (this.#singles.size > 0) {
      const audience = this.#singles.get(binaryString(key));
      if (audience !== undefined) visit(audience);
    }
    if (this.#ranges.size > 0) this.#ranges.visitContaining(key, visit);
  }
}

/** The same for equal intervals only: the length keeps key and end apart. */
function nameOf(watcher: Watcher): string {
  const key = binaryString(watcher.key);
  if (watcher.single) return key;
  const end = watcher.end === undefined ? "" : binaryString(watcher.end);
  return `${key.length} ${key}${end}`;
}
