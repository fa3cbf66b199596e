// Three cores in one thread, with logs in memory: what the algorithm itself costs.
import { createCore } from "../../packages/core/dist/index.js";

/** Entries a log keeps behind what is applied: enough for every follower here, little enough to stay in the cache. */
const KEPT_ENTRIES = 4_096;

/** The smallest log that serves a core: an array with a moving start. */
class ArrayLog {
  #first = 1;
  #beforeTerm = 0;
  #entries = [];

  get firstIndex() {
    return this.#first;
  }
  get lastIndex() {
    return this.#first + this.#entries.length - 1;
  }
  term(index) {
    if (index === this.#first - 1) return this.#beforeTerm;
    if (index < this.#first) return "compacted";
    return this.#entries[index - this.#first]?.term ?? "unavailable";
  }
  entries(low, high, bytesMax) {
    if (low < this.#first) return "compacted";
    let end = low - this.#first;
    let bytes = 0;
    const stop = high - this.#first;
    do {
      bytes += this.#entries[end].payload.length;
      end++;
    } while (end < stop && bytes + this.#entries[end].payload.length <= bytesMax);
    return this.#entries.slice(low - this.#first, end);
  }
  snapshot() {
    return "building";
  }
  append(entries) {
    if (entries.length === 0) return;
    const at = entries[0].index - this.#first;
    if (at < this.#entries.length) this.#entries.length = at;
    for (const entry of entries) this.#entries.push(entry);
  }
  compactTo(index) {
    if (index < this.#first + KEPT_ENTRIES) return;
    this.#beforeTerm = this.term(index);
    this.#entries.splice(0, index + 1 - this.#first);
    this.#first = index + 1;
  }
}

const VOTERS = [1, 2, 3];

/** A leader and two followers whose disks and network answer at once. */
export class Trio {
  #members = VOTERS.map((id) => {
    const log = new ArrayLog();
    const core = createCore(
      { id, random: () => 0.5 },
      {
        hardState: { term: 0, vote: 0, commit: 0 },
        membership: {
          voters: VOTERS,
          outgoing: [],
          learners: [],
          learnersNext: [],
          autoLeave: false,
        },
        applied: 0,
      },
      log,
    );
    return { id, log, core, inbox: [], applied: 0 };
  });

  constructor() {
    this.#members[0].core.campaign();
    this.#settle();
    if (this.#members[0].core.status().role !== "leader") throw new Error("no leader");
  }

  /** Proposes a batch and returns when every member has applied it. */
  write(batch) {
    const [leader] = this.#members;
    const proposed = leader.core.propose(batch);
    if (!proposed.ok) throw new Error(proposed.reason);
    const target = proposed.first.index + batch.length - 1;
    this.#settle();
    for (const member of this.#members) {
      if (member.applied < target) throw new Error(`${member.id} applied ${member.applied}`);
      member.log.compactTo(member.applied - KEPT_ENTRIES);
    }
  }

  #settle() {
    for (let busy = true; busy; ) {
      busy = false;
      for (const member of this.#members) {
        const { core, inbox } = member;
        if (inbox.length > 0) {
          busy = true;
          member.inbox = [];
          for (const message of inbox) core.step(message);
        }
        while (core.hasEffects()) {
          busy = true;
          this.#perform(member, core.takeEffects());
        }
      }
    }
  }

  #perform(member, { send, append, apply }) {
    for (const message of send) this.#members[message.to - 1].inbox.push(message);
    if (append !== undefined) {
      member.log.append(append.entries);
      for (const message of append.afterDurable) this.#members[message.to - 1].inbox.push(message);
      member.core.appendDone(append.id);
    }
    if (apply !== undefined) {
      member.applied = apply.entries[apply.entries.length - 1].index;
      member.core.applyDone(apply.id);
    }
  }
}

/** The same batch again and again: payloads are opaque, and nobody changes them. */
export function batchOf(entries, bytes) {
  return Array.from({ length: entries }, () => ({
    kind: "command",
    payload: new Uint8Array(bytes),
  }));
}

export const SHAPES = [
  [1, 16],
  [1, 256],
  [64, 16],
  [64, 256],
  [1000, 16],
  [1000, 256],
];
