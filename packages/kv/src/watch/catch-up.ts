import { binaryString, compareBytes, type IntervalEnd } from "../bytes/bytes.ts";
import type { Revision } from "../key-value.ts";
import type { MvccStore } from "../mvcc/mvcc-store.ts";
import { RowReader } from "../mvcc/row.ts";
import { batchOf, Change } from "./event-source.ts";
import type { Deliver } from "./live-watchers.ts";
import type { KvEvent } from "./watch-stream.ts";
import { type Watcher, type Wish, wants, wishNumber } from "./watcher.ts";

/** One look at the history covers at most this many revisions... */
const REVISIONS_MAX = 1000;

/** ...of about this many bytes, so that it takes milliseconds. A few of the largest requests fit. */
const BYTES_MAX = 8 * 1024 * 1024;

/** Lagging watchers that want the same from the same revision on. */
interface Cohort {
  readonly key: Uint8Array;
  readonly end: IntervalEnd;
  readonly wish: Wish;
  readonly from: Revision;
  readonly watchers: Watcher[];
  readonly events: KvEvent[];
}

/**
 * Reads a stretch of history once for all of these watchers and delivers what concerns each of them. Returns the
 * revision up to which all of them are served now; their `nextRevision` says the same.
 */
export function catchUp(
  store: MvccStore,
  watchers: readonly Watcher[],
  deliver: Deliver,
): Revision {
  const cohorts = gather(watchers);
  let from = Number.POSITIVE_INFINITY;
  for (const cohort of cohorts.all) from = Math.min(from, cohort.from);
  const last = Math.min(store.revision, from + REVISIONS_MAX - 1);
  const to = scan(store, cohorts, from, last);
  for (const cohort of cohorts.all) {
    if (cohort.from > to) continue;
    for (const watcher of cohort.watchers) watcher.nextRevision = to + 1;
    if (cohort.events.length === 0) continue;
    const batch = batchOf(cohort.events);
    for (const watcher of cohort.watchers) deliver(watcher, batch);
  }
  return to;
}

interface Cohorts {
  readonly all: Cohort[];
  readonly singles: Map<string, Cohort[]>;
  readonly ranges: Cohort[];
}

function gather(watchers: readonly Watcher[]): Cohorts {
  const byName = new Map<string, Cohort>();
  const cohorts: Cohorts = { all: [], singles: new Map(), ranges: [] };
  for (const watcher of watchers) {
    const key = binaryString(watcher.key);
    const end = watcher.end === undefined ? "*" : `.${binaryString(watcher.end)}`;
    const name = `${wishNumber(watcher.wish)} ${watcher.nextRevision} ${key.length} ${key}${end}`;
    const known = byName.get(name);
    if (known !== undefined) {
      known.watchers.push(watcher);
      continue;
    }
    const cohort: Cohort = {
      key: watcher.key,
      end: watcher.end,
      wish: watcher.wish,
      from: watcher.nextRevision,
      watchers: [watcher],
      events: [],
    };
    byName.set(name, cohort);
    cohorts.all.push(cohort);
    if (!watcher.single) cohorts.ranges.push(cohort);
    else {
      const others = cohorts.singles.get(key);
      if (others === undefined) cohorts.singles.set(key, [cohort]);
      else others.push(cohort);
    }
  }
  return cohorts;
}

/** Collects events from whole revisions; returns the last one that was read completely. */
function scan(store: MvccStore, cohorts: Cohorts, from: Revision, last: Revision): Revision {
  let bytes = 0;
  let reading = from;
  let reached = last;
  const row = new RowReader();
  store.history.scan({ revision: from, sub: 0 }, last, row, () => {
    if (bytes > BYTES_MAX && row.revision !== reading) {
      reached = row.revision - 1;
      return false;
    }
    reading = row.revision;
    bytes += row.end - row.start;
    const change = new Change(store, row);
    if (cohorts.singles.size > 0) {
      for (const cohort of cohorts.singles.get(binaryString(change.key)) ?? []) {
        add(cohort, change);
      }
    }
    for (const cohort of cohorts.ranges) {
      if (contains(cohort, change.key)) add(cohort, change);
    }
    return true;
  });
  return reached;
}

function contains(cohort: Cohort, key: Uint8Array): boolean {
  if (compareBytes(key, cohort.key) < 0) return false;
  return cohort.end === undefined || compareBytes(key, cohort.end) < 0;
}

function add(cohort: Cohort, change: Change): void {
  if (change.revision < cohort.from || !wants(cohort.wish, change.kind)) return;
  cohort.events.push(change.event(cohort.wish.prevKv));
}
