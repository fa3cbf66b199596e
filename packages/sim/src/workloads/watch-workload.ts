import type { MemberId } from "@quorate/core";
import type { WatchResponse, WatchStream } from "@quorate/kv";
import type { RevisionChanges } from "../checkers/key-history.ts";
import type { WatchedChange, WatchItem, WatchRecord } from "../checkers/watch-validator.ts";
import { bytesOf, textOf } from "../oracles/reference-store.ts";
import type { Random } from "../random/random.ts";
import type { NodeWorld } from "../world/node-world.ts";
import type { NodeLife } from "../world/sim-node.ts";

export interface WatchWorkloadSettings {
  readonly watchers: number;
  /** Longest time an answer takes from the node to the watcher. */
  readonly delayMaxMs: number;
  /** A watcher that looks after its stream breaks it off with this probability. */
  readonly breaksOff: number;
  /** Longest time between something being ready and the node's connection taking it. */
  readonly takeDelayMaxMs: number;
}

/** A watcher looks after its stream this often: whether its node still lives, and how far it is. */
const LOOK_INTERVAL_MS = 300;
const TAKE_BYTES_MAX = 4_096;

/** What watchers watch: one key, the keys of transactions, everything. */
const INTERVALS: readonly {
  readonly key: string;
  readonly end: Uint8Array | undefined;
  readonly matches: (key: string) => boolean;
}[] = [
  { key: "r0", end: undefined, matches: (key) => key === "r0" },
  { key: "t", end: bytesOf("u"), matches: (key) => key >= "t" && key < "u" },
  { key: "", end: Uint8Array.of(0), matches: () => true },
];

interface Stream {
  readonly life: NodeLife;
  readonly node: MemberId;
  readonly source: WatchStream;
  isOver: boolean;
  lastDueMs: number;
}

class Watcher {
  readonly name: string;
  readonly interval: (typeof INTERVALS)[number];
  readonly wantsPrevious: boolean;
  /** The first revision it still wants; 0 before it knows any. */
  next = 0;
  stream: Stream | undefined;
  items: WatchItem[] | undefined;
  resumed = 0;

  constructor(name: string, interval: (typeof INTERVALS)[number], wantsPrevious: boolean) {
    this.name = name;
    this.interval = interval;
    this.wantsPrevious = wantsPrevious;
  }
}

/** Watchers that hang on to what happens to keys, across broken streams and dying nodes. */
export class WatchWorkload {
  readonly records: WatchRecord[] = [];
  readonly #world: NodeWorld;
  readonly #random: Random;
  settings: WatchWorkloadSettings;
  readonly #watchers: Watcher[] = [];
  /** Nodes that may be asked; absent: any. */
  nodes: (() => readonly MemberId[]) | undefined;

  constructor(world: NodeWorld, random: Random, settings: WatchWorkloadSettings) {
    this.#world = world;
    this.#random = random;
    this.settings = settings;
    for (let number = 1; number <= settings.watchers; number += 1) {
      const interval = INTERVALS[number % INTERVALS.length] as (typeof INTERVALS)[number];
      this.#watchers.push(new Watcher(`w${number}`, interval, random.chance(0.5)));
    }
  }

  start(): void {
    for (const watcher of this.#watchers) this.#lookSoon(watcher);
  }

  /** Times a stream was resumed somewhere else. */
  get resumed(): number {
    return this.#watchers.reduce((sum, watcher) => sum + watcher.resumed, 0);
  }

  /** Watchers that have not received everything that concerns them yet. */
  behind(revisions: readonly RevisionChanges[]): readonly string[] {
    const late: string[] = [];
    for (const { name, interval, next } of this.#watchers) {
      const newest = newestOf(revisions, interval.matches);
      if (next <= newest && newest > 0) late.push(`${name} wants ${next} of ${newest}`);
    }
    return late;
  }

  #lookSoon(watcher: Watcher): void {
    const delayMs = this.#random.range(0, 2 * LOOK_INTERVAL_MS);
    this.#world.simulation.agenda.after(delayMs, () => {
      this.#look(watcher);
      this.#lookSoon(watcher);
    });
  }

  #look(watcher: Watcher): void {
    const { stream } = watcher;
    if (stream === undefined) {
      this.#connect(watcher);
      return;
    }
    const isGone =
      stream.life.gate.isDead || (this.nodes !== undefined && !this.nodes().includes(stream.node));
    if (isGone || this.#random.chance(this.settings.breaksOff)) {
      this.#disconnect(watcher, stream);
      return;
    }
    stream.life.gate.enter(() => {
      if (!stream.isOver) stream.source.requestProgress();
    });
  }

  #disconnect(watcher: Watcher, stream: Stream): void {
    stream.isOver = true;
    watcher.stream = undefined;
    watcher.items = undefined;
    stream.life.gate.enter(() => stream.source.close());
  }

  #connect(watcher: Watcher): void {
    const candidates = this.nodes?.() ?? [...this.#world.nodes.keys()];
    if (candidates.length === 0) return;
    const node = this.#random.pick(candidates);
    const life = this.#world.node(node).life;
    if (life === undefined || watcher.stream !== undefined) return;
    const source = life.machine.watch.openStream(() => {
      if (!stream.isOver) this.#takeSoon(watcher, stream);
    });
    const stream: Stream = { life, node, source, isOver: false, lastDueMs: 0 };
    watcher.stream = stream;
    watcher.resumed += watcher.next > 0 ? 1 : 0;
    const { interval, wantsPrevious, next } = watcher;
    life.gate.enter(() => {
      source.create({
        key: bytesOf(interval.key),
        rangeEnd: interval.end,
        startRevision: next,
        watchId: 0,
        noPut: false,
        noDelete: false,
        prevKv: wantsPrevious,
        progressNotify: false,
      });
    });
  }

  #takeSoon(watcher: Watcher, stream: Stream): void {
    const { agenda } = this.#world.simulation;
    agenda.after(this.#random.range(0, this.settings.takeDelayMaxMs), () => {
      stream.life.gate.enter(() => {
        if (stream.isOver) return;
        const responses = stream.source.take(TAKE_BYTES_MAX);
        if (responses.length === 0) return;
        this.#deliver(watcher, stream, responses);
        this.#takeSoon(watcher, stream);
      });
    });
  }

  #deliver(watcher: Watcher, stream: Stream, responses: readonly WatchResponse[]): void {
    const { agenda } = this.#world.simulation;
    const delayMs = this.#random.range(0, this.settings.delayMaxMs);
    stream.lastDueMs = Math.max(stream.lastDueMs, agenda.nowMs + delayMs);
    agenda.at(stream.lastDueMs, () => {
      for (const response of responses)
        if (!stream.isOver) this.#receive(watcher, stream, response);
    });
  }

  #receive(watcher: Watcher, stream: Stream, response: WatchResponse): void {
    switch (response.type) {
      case "created": {
        const startRevision = watcher.next > 0 ? watcher.next : response.revision + 1;
        watcher.next = startRevision;
        watcher.items = [];
        const { matches } = watcher.interval;
        const name = `${watcher.name} on node ${stream.node}`;
        this.records.push({ watcher: name, startRevision, matches, items: watcher.items });
        return;
      }
      case "events": {
        const changes = response.batch.events.map(changeOf);
        watcher.items?.push({ type: "changes", changes });
        for (const { revision } of changes) watcher.next = Math.max(watcher.next, revision + 1);
        return;
      }
      case "progress":
        watcher.items?.push({ type: "progress", revision: response.revision });
        watcher.next = Math.max(watcher.next, response.revision + 1);
        return;
      case "compacted": {
        const { compactRevision } = response;
        watcher.items?.push({ type: "compacted", compactedRevision: compactRevision });
        watcher.next = Math.max(watcher.next, compactRevision);
        this.#disconnect(watcher, stream);
        return;
      }
      default:
        this.#world.report(
          "watch guarantees",
          `${watcher.name} got an unexpected ${response.type} from node ${stream.node}`,
        );
    }
  }
}

function changeOf(event: {
  readonly kind: "put" | "delete";
  readonly kv: {
    readonly key: Uint8Array;
    readonly value: Uint8Array;
    readonly modRevision: number;
  };
  readonly prevKv: { readonly value: Uint8Array } | undefined;
}): WatchedChange {
  const { kind, kv, prevKv } = event;
  return {
    key: textOf(kv.key),
    value: kind === "put" ? textOf(kv.value) : null,
    revision: kv.modRevision,
    previous: prevKv === undefined ? undefined : textOf(prevKv.value),
  };
}

function newestOf(
  revisions: readonly RevisionChanges[],
  matches: (key: string) => boolean,
): number {
  for (let at = revisions.length - 1; at >= 0; at -= 1) {
    const { revision, changes } = revisions[at] as RevisionChanges;
    if (changes.some(({ key }) => matches(key))) return revision;
  }
  return 0;
}
