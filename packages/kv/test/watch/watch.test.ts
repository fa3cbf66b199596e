import { describe, expect, test } from "vitest";
import { binaryString } from "../../src/bytes/bytes.ts";
import type { KvCommand } from "../../src/command.ts";
import { MemoryStore } from "../../src/store/memory-store.ts";
import {
  WATCH_STREAM_BYTES_MAX,
  WATCH_STREAM_RESPONSES_MAX,
} from "../../src/watch/queued-watch-stream.ts";
import type {
  WatchCreateRequest,
  WatchResponse,
  WatchStream,
} from "../../src/watch/watch-stream.ts";
import { MachineDriver } from "../model/machine-driver.ts";

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

function put(key: string, value = "", more: object = {}): KvCommand & { type: "put" } {
  return { type: "put", key: bytes(key), value: bytes(value), ...more };
}
function del(key: string, more: object = {}): KvCommand & { type: "deleteRange" } {
  return { type: "deleteRange", key: bytes(key), ...more };
}

function create(key: string, more: Partial<WatchCreateRequest> = {}): WatchCreateRequest {
  return {
    key: bytes(key),
    startRevision: 0,
    watchId: 0,
    noPut: false,
    noDelete: false,
    prevKv: false,
    progressNotify: false,
    ...more,
  };
}

/** A stream whose responses a test reads, with what `onReady` said. */
class Viewer {
  readonly driver: MachineDriver;
  readonly stream: WatchStream;
  signals = 0;

  constructor(driver: MachineDriver) {
    this.driver = driver;
    this.stream = driver.machine.watch.openStream(() => {
      this.signals++;
    });
  }

  /** Everything there is, deferred work done. */
  all(): WatchResponse[] {
    const found: WatchResponse[] = [];
    do {
      this.driver.deferred.drain();
      for (;;) {
        const taken = this.stream.take(1 << 20);
        if (taken.length === 0) break;
        found.push(...taken);
      }
    } while (this.driver.deferred.waiting > 0);
    return found;
  }

  /** The events of all responses as `kind key value@revision`. */
  events(): string[] {
    return this.all().flatMap(eventsOf);
  }
}

function eventsOf(response: WatchResponse): string[] {
  if (response.type !== "events") return [];
  return response.batch.events.map(({ kind, kv }) => {
    const value = kind === "put" ? `=${binaryString(kv.value)}` : "";
    return `${kind} ${binaryString(kv.key)}${value}@${kv.modRevision}`;
  });
}

/** What compaction made superfluous is really gone afterwards. */
async function clean(driver: MachineDriver): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await driver.flush();
    driver.deferred.drain();
  }
}

function setUp(): { driver: MachineDriver; viewer: Viewer } {
  const driver = new MachineDriver(new MemoryStore());
  return { driver, viewer: new Viewer(driver) };
}

describe("live events", () => {
  test("created comes first, revisions of several turns are one response each", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    for (const command of [put("a", "1"), put("b", "other"), put("a", "2"), del("a")]) {
      driver.apply(command);
      driver.deferred.drain();
    }
    const responses = viewer.all();
    expect(responses[0]).toEqual({ type: "created", watchId: 0, revision: 1 });
    expect(responses.slice(1).map((r) => [eventsOf(r), "revision" in r ? r.revision : 0])).toEqual([
      [["put a=1@2"], 2],
      [["put a=2@4"], 4],
      [["delete a@5"], 5],
    ]);
  });

  test("revisions of one portion are one response, in their order, with the newest revision", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    driver.applyTogether([put("a", "1"), put("b", "other"), del("a"), put("a", "2")]);
    driver.deferred.drain();
    driver.applyTogether([put("b", "other")]);
    const responses = viewer.all().slice(1);
    expect(responses.map((r) => [eventsOf(r), "revision" in r ? r.revision : 0])).toEqual([
      [["put a=1@2", "delete a@4", "put a=2@5"], 5],
    ]);
  });

  test("watchers hear of a change after those who made it, and of all changes of a turn together", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    viewer.stream.take(1);
    viewer.stream.take(1);
    driver.apply(put("a", "1"));
    driver.apply(put("a", "2"));
    expect(viewer.stream.take(1)).toEqual([]);
    driver.deferred.step();
    const [response, ...others] = viewer.stream.take(1);
    expect(response).toMatchObject({ type: "events", revision: 3 });
    expect(eventsOf(response as WatchResponse)).toEqual(["put a=1@2", "put a=2@3"]);
    expect(others).toEqual([]);
  });

  test("whoever asks how far it is, or begins to watch, finds every change before told", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    driver.apply(put("a", "1"));
    viewer.stream.requestProgress();
    driver.apply(put("a", "2"));
    viewer.stream.create(create("a", { watchId: 7 }));
    driver.apply(put("a", "3"));
    const told = viewer.all().map((response) => {
      const of = "watchId" in response ? response.watchId : "";
      return [response.type, of, ...eventsOf(response)].join(" ");
    });
    expect(told).toEqual([
      "created 0",
      "events 0 put a=1@2",
      "progress -1",
      "events 0 put a=2@3",
      "created 7",
      "events 0 put a=3@4",
      "events 7 put a=3@4",
    ]);
  });

  test("a flush before watchers were told takes nothing from them", async () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    const values = Array.from({ length: 40 }, (_, i) => `${i}`.padEnd(1000, "."));
    for (const value of values) driver.apply(put("a", value));
    await clean(driver);
    expect(viewer.events()).toEqual(values.map((value, i) => `put a=${value}@${i + 2}`));
  });

  test("a watcher that begins within a portion gets what comes from there on", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a", { startRevision: 3, watchId: 3 }));
    viewer.stream.create(create("a", { startRevision: 4, watchId: 4 }));
    viewer.stream.create(create("a", { startRevision: 5, watchId: 5 }));
    driver.applyTogether([put("a", "1"), put("a", "2"), put("a", "3")]);
    const found = viewer
      .all()
      .flatMap((r) => (r.type === "events" ? [[r.watchId, eventsOf(r)]] : []));
    expect(found).toEqual([
      [3, ["put a=2@3", "put a=3@4"]],
      [4, ["put a=3@4"]],
    ]);
    driver.apply(put("a", "4"));
    expect(viewer.events()).toEqual(["put a=4@5", "put a=4@5", "put a=4@5"]);
  });

  test("a portion of large values is told in several responses", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    const value = "v".repeat(30_000);
    driver.applyTogether(Array.from({ length: 9 }, () => put("a", value)));
    const counts = viewer.all().flatMap((r) => (r.type === "events" ? r.batch.events.length : []));
    expect(counts).toEqual([3, 3, 3]);
  });

  test("a previous pair is told even when the portion goes on to compact it", () => {
    const { driver, viewer } = setUp();
    driver.apply(put("a", "0"));
    viewer.stream.create(create("a", { prevKv: true }));
    driver.applyTogether([put("a", "1"), { type: "compact", revision: 3 }, put("a", "2")]);
    const previous = viewer
      .all()
      .flatMap((r) => (r.type === "events" ? r.batch.events : []))
      .map(({ prevKv }) => (prevKv === undefined ? undefined : binaryString(prevKv.value)));
    expect(previous).toEqual(["0", "1"]);
  });

  test("a put event carries the whole pair, a delete only key and revision", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    driver.apply({ type: "leaseGrant", id: -9n, ttlSeconds: 60 });
    driver.apply(put("a", "1"));
    driver.apply(put("a", "2", { lease: -9n }));
    driver.apply(del("a"));
    const events = viewer.all().flatMap((r) => (r.type === "events" ? r.batch.events : []));
    expect(events.map(({ kv }) => [kv.createRevision, kv.version, kv.lease])).toEqual([
      [2, 1, 0n],
      [2, 2, -9n],
      [0, 0, 0n],
    ]);
  });

  test("all changes of a transaction are one response, in their order", () => {
    const { driver, viewer } = setUp();
    driver.apply(put("p/d", "x"));
    viewer.stream.create(create("p/", { rangeEnd: bytes("p0") }));
    driver.apply({
      type: "txn",
      compare: [],
      success: [put("p/z", "1"), del("p/d"), put("elsewhere"), put("p/a", "2")],
      failure: [],
    });
    const [, response, ...more] = viewer.all();
    expect(more).toEqual([]);
    expect(response === undefined ? [] : eventsOf(response)).toEqual([
      "put p/z=1@3",
      "delete p/d@3",
      "put p/a=2@3",
    ]);
  });

  test("revoking a lease deletes its keys in byte order at one revision", () => {
    const { driver, viewer } = setUp();
    driver.apply({ type: "leaseGrant", id: 5n, ttlSeconds: 60 });
    driver.apply(put("b", "", { lease: 5n }));
    driver.apply(put("a", "", { lease: 5n }));
    viewer.stream.create(create("", { rangeEnd: Uint8Array.of(0) }));
    driver.apply({ type: "leaseRevoke", id: 5n });
    expect(viewer.events()).toEqual(["delete a@4", "delete b@4"]);
  });

  test("intervals: single key, prefix, from a key on, everything", () => {
    const { driver } = setUp();
    const viewers = [
      create("ab"),
      create("ab", { rangeEnd: bytes("ac") }),
      create("ab", { rangeEnd: Uint8Array.of(0) }),
      create("", { rangeEnd: Uint8Array.of(0) }),
    ].map((request) => {
      const viewer = new Viewer(driver);
      viewer.stream.create(request);
      return viewer;
    });
    for (const key of ["aa", "ab", "abc", "ac"]) driver.apply(put(key));
    expect(viewers.map((viewer) => viewer.events().map((e) => e.split(/[ =]/)[1]))).toEqual([
      ["ab"],
      ["ab", "abc"],
      ["ab", "abc", "ac"],
      ["aa", "ab", "abc", "ac"],
    ]);
  });

  test("filters drop events, and a response that would be empty is not sent", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a", { noPut: true }));
    viewer.stream.create(create("a", { noDelete: true }));
    viewer.stream.create(create("a", { noPut: true, noDelete: true }));
    driver.apply(put("a", "1"));
    driver.apply(del("a"));
    const responses = viewer.all().filter((r) => r.type === "events");
    expect(responses.map((r) => [r.watchId, ...eventsOf(r)])).toEqual([
      [1, "put a=1@2"],
      [0, "delete a@3"],
    ]);
  });

  test("the previous pair comes with updates and deletions, not with creations", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a", { prevKv: true }));
    for (const command of [put("a", "1"), put("a", "2"), del("a"), put("a", "3")]) {
      driver.apply(command);
    }
    const previous = viewer
      .all()
      .flatMap((r) => (r.type === "events" ? r.batch.events : []))
      .map(({ prevKv }) => prevKv && `${binaryString(prevKv.value)}@${prevKv.modRevision}`);
    expect(previous).toEqual([undefined, "1@2", "2@3", undefined]);
  });

  test("within a transaction the previous pair is the one before the transaction", () => {
    const { driver, viewer } = setUp();
    driver.apply(put("n", "old"));
    viewer.stream.create(create("n", { prevKv: true }));
    const all = { rangeEnd: Uint8Array.of(0) };
    driver.apply({
      type: "txn",
      compare: [],
      success: [del("a", all), put("n", "new")],
      failure: [],
    });
    const events = viewer.all().flatMap((r) => (r.type === "events" ? r.batch.events : []));
    expect(events.map(({ kind, prevKv }) => [kind, prevKv?.modRevision])).toEqual([
      ["delete", 2],
      ["put", 2],
    ]);
  });

  test("watchers with the same wish share one batch, so it is encoded once", () => {
    const { driver } = setUp();
    const viewers = Array.from({ length: 1000 }, () => new Viewer(driver));
    for (const viewer of viewers) viewer.stream.create(create("a"));
    const prefix = new Viewer(driver);
    prefix.stream.create(create("a", { rangeEnd: bytes("b") }));
    driver.apply(put("a", "1"));
    const batches = new Set(
      [...viewers, prefix].flatMap((viewer) =>
        viewer.all().flatMap((r) => (r.type === "events" ? [r.batch] : [])),
      ),
    );
    expect(batches.size).toBe(1);
  });

  test("onReady is called once until everything was taken", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    const putInOneTurn = (): void => {
      driver.apply(put("a"));
      driver.deferred.drain();
    };
    for (let i = 0; i < 5; i++) putInOneTurn();
    expect(viewer.signals).toBe(1);
    expect(viewer.stream.take(0)).toHaveLength(1);
    putInOneTurn();
    expect(viewer.signals).toBe(1);
    expect(viewer.all()).toHaveLength(6);
    putInOneTurn();
    expect(viewer.signals).toBe(2);
  });
});

describe("many watchers of a busy key", () => {
  /** A machine whose clock the test turns: `after` collects what is to be run, with its delay. */
  function resting(watchers: number): {
    driver: MachineDriver;
    viewer: Viewer;
    timers: { delayMs: number; run: () => void }[];
  } {
    const timers: { delayMs: number; run: () => void }[] = [];
    const after = (delayMs: number, run: () => void): void => void timers.push({ delayMs, run });
    const driver = new MachineDriver(new MemoryStore(), { after });
    const viewer = new Viewer(driver);
    for (let i = 0; i < watchers; i++) viewer.stream.create(create("a"));
    viewer.all();
    return { driver, viewer, timers };
  }

  test("the first change is told at once, those of the rest after it in one response each", () => {
    const { driver, viewer, timers } = resting(100);
    driver.apply(put("a", "1"));
    expect(viewer.all()).toHaveLength(100);
    expect(timers).toHaveLength(1);
    for (const value of ["2", "3", "4"]) {
      driver.apply(put("a", value));
      expect(viewer.all()).toEqual([]);
    }
    timers.shift()?.run();
    const responses = viewer.all();
    expect(responses).toHaveLength(100);
    for (const response of responses) {
      expect(eventsOf(response)).toEqual(["put a=2@3", "put a=3@4", "put a=4@5"]);
    }
  });

  test("after a rest without changes the next one is told at once; a few watchers do not rest", () => {
    const { driver, viewer, timers } = resting(100);
    driver.apply(put("a", "1"));
    viewer.all();
    expect(timers[0]?.delayMs).toBeGreaterThanOrEqual(1);
    expect(timers[0]?.delayMs).toBeLessThanOrEqual(10);
    timers.shift()?.run();
    expect(viewer.all()).toEqual([]);
    driver.apply(put("a", "2"));
    expect(viewer.all()).toHaveLength(100);
    const few = resting(10);
    for (const value of ["1", "2", "3"]) {
      few.driver.apply(put("a", value));
      expect(few.viewer.all()).toHaveLength(10);
    }
    expect(few.timers).toEqual([]);
  });

  test("a rest does not make responses large", () => {
    const { driver, viewer } = resting(100);
    driver.apply(put("a", "1"));
    viewer.all();
    const large = "x".repeat(10_000);
    for (let i = 0; i < 8; i++) driver.apply(put("a", large));
    expect(viewer.events().length).toBeGreaterThanOrEqual(700);
  });
});

describe("creating and cancelling", () => {
  test.each([
    ["watcherRangeEmpty", create("b", { rangeEnd: bytes("a") })],
    ["watcherRangeEmpty", create("b", { rangeEnd: bytes("b") })],
    ["compacted", create("b", { startRevision: -1 })],
    ["duplicateWatchId", create("b", { watchId: 7 })],
  ])("%s is refused, and the stream goes on", (reason, request) => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("x", { watchId: 7 }));
    viewer.stream.create(request);
    driver.apply(put("x", "1"));
    const [, refused, event] = viewer.all();
    expect(refused).toEqual({ type: "refused", revision: 1, reason });
    expect(event).toMatchObject({ type: "events", watchId: 7 });
  });

  test("chosen ids are honoured, automatic ones skip those in use and are not used again", () => {
    const { viewer } = setUp();
    viewer.stream.create(create("a", { watchId: 1 }));
    viewer.stream.create(create("b"));
    viewer.stream.create(create("c"));
    viewer.stream.cancel(2);
    viewer.stream.create(create("d"));
    viewer.stream.create(create("e", { watchId: 2 }));
    const ids = viewer.all().map((r) => `${r.type} ${"watchId" in r ? r.watchId : ""}`);
    expect(ids).toEqual([
      "created 1",
      "created 0",
      "created 2",
      "canceled 2",
      "created 3",
      "created 2",
    ]);
  });

  test("after cancelled there is silence; an unknown id is not answered", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    driver.apply(put("a", "1"));
    viewer.stream.cancel(0);
    viewer.stream.cancel(0);
    viewer.stream.cancel(55);
    driver.apply(put("a", "2"));
    expect(viewer.all().map((r) => r.type)).toEqual(["created", "events", "canceled"]);
    expect(driver.machine.watch.stats.watchers).toBe(0);
  });

  test("a closed stream is forgotten with its watchers", () => {
    const { driver, viewer } = setUp();
    driver.apply(put("a"));
    viewer.stream.create(create("a"));
    viewer.stream.create(create("a", { startRevision: 1 }));
    viewer.stream.close();
    viewer.stream.close();
    driver.apply(put("a", "2"));
    expect(viewer.all()).toEqual([]);
    expect(driver.machine.watch.stats).toEqual({ streams: 0, watchers: 0, lagging: 0 });
  });
});

describe("history", () => {
  function history(): { driver: MachineDriver; viewer: Viewer } {
    const set = setUp();
    for (const command of [put("a", "1"), put("b"), put("a", "2"), del("a"), put("a", "3")]) {
      set.driver.apply(command);
    }
    return set;
  }

  test("a watch from the past gets everything since, then live events, without gap or repetition", () => {
    const { driver, viewer } = history();
    viewer.stream.create(create("a", { startRevision: 4 }));
    driver.apply(put("a", "4"));
    expect(viewer.events()).toEqual(["put a=2@4", "delete a@5", "put a=3@6", "put a=4@7"]);
    driver.apply(put("a", "5"));
    expect(viewer.events()).toEqual(["put a=5@8"]);
  });

  test("replayed events come under the current revision, with previous pairs and filters", () => {
    const { viewer } = history();
    viewer.stream.create(create("a", { startRevision: 1, prevKv: true, noDelete: true }));
    const [, response, ...more] = viewer.all();
    expect(more).toEqual([]);
    expect(response).toMatchObject({ type: "events", revision: 6 });
    const previous =
      response?.type === "events"
        ? response.batch.events.map(({ prevKv }) => prevKv?.modRevision)
        : [];
    expect(previous).toEqual([undefined, 2, undefined]);
  });

  test("a start in the future delivers nothing before it", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a", { startRevision: 4 }));
    for (const value of ["2", "3", "4", "5"]) driver.apply(put("a", value));
    expect(viewer.events()).toEqual(["put a=4@4", "put a=5@5"]);
  });

  test("the next revision is a start without history", () => {
    const { driver, viewer } = history();
    viewer.stream.create(create("a", { startRevision: 7 }));
    expect(driver.machine.watch.stats.lagging).toBe(0);
    driver.apply(put("a", "new"));
    expect(viewer.events()).toEqual(["put a=new@7"]);
  });

  test("below the compaction: created, then compacted; at it: served", () => {
    const { driver, viewer } = history();
    driver.apply({ type: "compact", revision: 5 });
    viewer.stream.create(create("a", { startRevision: 4 }));
    viewer.stream.create(create("a", { startRevision: 5 }));
    driver.deferred.drain();
    driver.apply(put("a", "after"));
    const responses = viewer.all();
    expect(responses.filter((r) => r.type !== "events")).toEqual([
      { type: "created", watchId: 0, revision: 6 },
      { type: "created", watchId: 1, revision: 6 },
      { type: "compacted", watchId: 0, compactRevision: 5 },
    ]);
    expect(responses.flatMap(eventsOf)).toEqual(["delete a@5", "put a=3@6", "put a=after@7"]);
    expect(viewer.stream.watchers).toBe(1);
  });

  test("a watch that begins at the compaction is told what was deleted there, also after a restart", async () => {
    const store = new MemoryStore();
    const driver = new MachineDriver(store);
    driver.apply(put("a", "1"));
    driver.apply(put("b", "2"));
    driver.apply({ type: "txn", compare: [], success: [del("a"), put("m", "3")], failure: [] });
    await clean(driver);
    driver.apply({ type: "compact", revision: 4 });
    await clean(driver);
    driver.apply(put("a", "new"));
    const expected = ["delete a@4", "put m=3@4", "put a=new@5"];
    const all = create("a", { rangeEnd: bytes("z"), startRevision: 4 });
    const viewer = new Viewer(driver);
    viewer.stream.create(all);
    expect(viewer.events()).toEqual(expected);
    await clean(driver);
    const again = new Viewer(await MachineDriver.open(store.reopen()));
    await clean(again.driver);
    again.stream.create(all);
    expect(again.events()).toEqual(expected);
  });

  test("a previous pair that was compacted away is missing, the event is not", () => {
    const { driver, viewer } = setUp();
    for (const value of ["1", "2", "3"]) driver.apply(put("a", value));
    driver.apply({ type: "compact", revision: 3 });
    driver.deferred.drain();
    viewer.stream.create(create("a", { startRevision: 3, prevKv: true }));
    const events = viewer.all().flatMap((r) => (r.type === "events" ? r.batch.events : []));
    expect(events.map(({ kv, prevKv }) => [kv.modRevision, prevKv?.modRevision])).toEqual([
      [3, undefined],
      [4, 3],
    ]);
  });

  test("a long history comes in several responses, none of which cuts a revision in two", () => {
    const { driver, viewer } = setUp();
    for (let i = 0; i < 1500; i++) {
      const success = [put("a", String(i)), put("b", String(i))];
      driver.apply({ type: "txn", compare: [], success, failure: [] });
    }
    viewer.stream.create(create("a", { rangeEnd: bytes("c"), startRevision: 1 }));
    const batches = viewer.all().flatMap((r) => (r.type === "events" ? [r.batch.events] : []));
    expect(batches.length).toBeGreaterThan(1);
    const revisions = batches.flat().map(({ kv }) => kv.modRevision);
    expect(revisions).toEqual(Array.from({ length: 3000 }, (_, i) => 2 + Math.floor(i / 2)));
    for (const events of batches) expect(events.length % 2).toBe(0);
  });

  test("history that was flushed is replayed the same", async () => {
    const { driver, viewer } = history();
    await driver.flush();
    driver.apply(put("a", "4"));
    viewer.stream.create(create("a", { startRevision: 2 }));
    expect(viewer.events()).toEqual([
      "put a=1@2",
      "put a=2@4",
      "delete a@5",
      "put a=3@6",
      "put a=4@7",
    ]);
  });

  test("many watchers that begin together read the history once", () => {
    const { driver } = history();
    const viewers = Array.from({ length: 500 }, () => new Viewer(driver));
    for (const viewer of viewers) viewer.stream.create(create("a", { startRevision: 2 }));
    driver.deferred.drain();
    const batches = viewers.map((viewer) =>
      viewer.all().find((r): r is WatchResponse & { type: "events" } => r.type === "events"),
    );
    expect(new Set(batches.map((r) => r?.batch)).size).toBe(1);
  });
});

describe("slow readers", () => {
  const value = "v".repeat(100_000);
  const more = Math.ceil(WATCH_STREAM_BYTES_MAX / value.length) + 20;

  test("a watcher that is not read falls behind, keeps nothing more in memory, and misses nothing", () => {
    const { driver, viewer } = setUp();
    const quick = new Viewer(driver);
    viewer.stream.create(create("a"));
    quick.stream.create(create("a"));
    const live: string[] = [];
    for (let i = 0; i < more; i++) {
      driver.apply(put("a", value));
      live.push(...quick.events());
    }
    expect(driver.machine.watch.stats.lagging).toBe(1);
    expect(viewer.stream.hasRoom).toBe(false);
    expect(live).toHaveLength(more);
    expect(viewer.events()).toEqual(live);
    expect(driver.machine.watch.stats.lagging).toBe(0);
    expect(viewer.stream.hasRoom).toBe(true);
    driver.apply(put("a", "last"));
    expect(viewer.events()).toEqual([`put a=last@${more + 2}`]);
  });

  test("many small events count as well as few large ones", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    for (let i = 0; i < WATCH_STREAM_RESPONSES_MAX + 10; i++) {
      driver.apply(put("a"));
      driver.deferred.drain();
    }
    expect(driver.machine.watch.stats.lagging).toBe(1);
    expect(viewer.events()).toHaveLength(WATCH_STREAM_RESPONSES_MAX + 10);
  });

  test("one event that is larger than the queue is delivered all the same", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    driver.apply(put("a", "x".repeat(WATCH_STREAM_BYTES_MAX + 1)));
    driver.apply(put("a", "y"));
    expect(viewer.events().map((event) => event.length)).toEqual([
      "put a=@2".length + WATCH_STREAM_BYTES_MAX + 1,
      "put a=y@3".length,
    ]);
  });

  test("who falls behind a compaction is told, after what was queued", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    for (let i = 0; i < more; i++) driver.apply(put("a", value));
    driver.apply({ type: "compact", revision: driver.machine.revision });
    const responses = viewer.all();
    expect(responses.at(-1)).toEqual({
      type: "compacted",
      watchId: 0,
      compactRevision: more + 1,
    });
    expect(responses.filter((r) => r.type === "events").length).toBeLessThan(more);
  });
});

describe("progress", () => {
  test("speaks for the whole stream, after all events up to its revision", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a"));
    viewer.stream.create(create("b"));
    driver.apply(put("a"));
    driver.apply(put("elsewhere"));
    viewer.stream.requestProgress();
    expect(viewer.all().map((r) => r.type)).toEqual(["created", "created", "events", "progress"]);
    viewer.stream.requestProgress();
    expect(viewer.all()).toEqual([{ type: "progress", watchId: -1, revision: 3 }]);
  });

  test("is silent without watchers, with one that lags, and with one that has not begun", () => {
    const { driver, viewer } = setUp();
    driver.apply(put("a"));
    viewer.stream.requestProgress();
    expect(viewer.all()).toEqual([]);
    viewer.stream.create(create("a", { startRevision: 1 }));
    viewer.stream.requestProgress();
    expect(viewer.all().map((r) => r.type)).toEqual(["created", "events"]);
    viewer.stream.create(create("a", { startRevision: 5 }));
    viewer.stream.requestProgress();
    expect(viewer.all().map((r) => r.type)).toEqual(["created"]);
    viewer.stream.cancel(1);
    viewer.stream.requestProgress();
    expect(viewer.all().map((r) => r.type)).toEqual(["canceled", "progress"]);
  });

  test("a sign of life goes to those who asked and heard nothing since the last one", () => {
    const { driver, viewer } = setUp();
    viewer.stream.create(create("a", { progressNotify: true }));
    viewer.stream.create(create("b", { progressNotify: true }));
    viewer.stream.create(create("c"));
    driver.apply(put("a"));
    viewer.all();
    viewer.stream.notifyProgress();
    expect(viewer.all()).toEqual([{ type: "progress", watchId: 1, revision: 2 }]);
    viewer.stream.notifyProgress();
    expect(viewer.all().map((r) => "watchId" in r && r.watchId)).toEqual([0, 1]);
  });
});

describe("restoring a snapshot", () => {
  test("live watchers are served what lies between from the snapshot's history", async () => {
    const source = new MachineDriver(new MemoryStore());
    const member = new MachineDriver(new MemoryStore());
    for (const driver of [source, member]) driver.apply(put("a", "1"));
    const viewer = new Viewer(member);
    viewer.stream.create(create("a"));
    viewer.stream.create(create("b", { startRevision: 5 }));
    for (const command of [put("a", "2"), put("b", "x"), put("b", "y"), put("b", "z")]) {
      source.apply(command);
    }
    await member.restore(await source.snapshot(), source.index);
    member.apply(put("a", "3"));
    const events = viewer
      .all()
      .flatMap((r) => eventsOf(r).map((event) => `${"watchId" in r ? r.watchId : ""} ${event}`));
    expect(events.sort()).toEqual(["0 put a=2@3", "0 put a=3@7", "1 put b=y@5", "1 put b=z@6"]);
  });

  test("watchers whose history the snapshot lacks are cancelled as compacted", async () => {
    const source = new MachineDriver(new MemoryStore());
    const member = new MachineDriver(new MemoryStore());
    const viewer = new Viewer(member);
    viewer.stream.create(create("a"));
    for (const value of ["1", "2", "3"]) source.apply(put("a", value));
    source.apply({ type: "compact", revision: 4 });
    await member.restore(await source.snapshot(), source.index);
    expect(viewer.all().slice(1)).toEqual([{ type: "compacted", watchId: 0, compactRevision: 4 }]);
  });
});
