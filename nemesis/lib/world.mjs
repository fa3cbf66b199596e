// What a fault is given: the cluster, the network, who is to be hit, and a book in which it says what it did.
import { seededRandom } from "../../drills/lib/report.mjs";

/** So many answers after a silence show that the cluster serves. */
const ANSWERS_ENOUGH = 50;

export class World {
  /** `{ kind, lane, target, fromMs, untilMs }`, as they happened. */
  faults = [];
  counts = new Map();
  isStopping = false;
  #nowMs;
  #answered;
  #wakers = new Set();

  constructor({ cluster, network, means, owner, nowMs, answered }) {
    this.cluster = cluster;
    this.network = network;
    this.means = means;
    this.owner = owner;
    this.#nowMs = nowMs;
    this.#answered = answered;
    this.founderPlaces = cluster.founders.map(({ place }) => place);
    this.places = cluster.members.map(({ place }) => place);
  }

  /** Clients for operators, what is known of the members, and what happened to the keys: given once they exist. */
  attach({ admin, monitor, chronicle }) {
    this.admin = admin;
    this.monitor = monitor;
    this.chronicle = chronicle;
  }

  leader() {
    const leader = this.monitor.leader;
    return leader !== undefined && this.cluster.isRunning(leader) && !leader.isSpare
      ? leader
      : undefined;
  }

  idOf(member) {
    return this.monitor.idOf(member);
  }

  /** Half of the faults hit the leader, the others anybody. */
  target({ draw }) {
    const leader = this.leader();
    if (draw < 0.5 && leader !== undefined) return leader;
    const { founders } = this.cluster;
    return founders[Math.floor(((draw * 2) % 1) * founders.length)];
  }

  /** The list in an order that `draw` decides. */
  shuffled(list, draw) {
    const random = seededRandom(Math.floor(draw * 2 ** 32));
    const rest = [...list];
    const drawn = [];
    while (rest.length > 0) drawn.push(...rest.splice(Math.floor(random() * rest.length), 1));
    return drawn;
  }

  /** All ways between two groups of places, in both directions. */
  both(some, others) {
    const ways = [];
    for (const a of some) {
      for (const b of others) if (a !== b) ways.push([a, b], [b, a]);
    }
    return ways;
  }

  /** Enters a fault in the book; the function that comes back enters its end. */
  injected({ kind, lane }, target) {
    const fault = { kind, lane, target, fromMs: this.#nowMs(), untilMs: undefined };
    this.faults.push(fault);
    return () => {
      fault.untilMs = this.#nowMs();
    };
  }

  count(name, by = 1) {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** Rests; ends early when the run is to stop. */
  pause(ms) {
    if (this.isStopping || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#wakers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms);
      this.#wakers.add(wake);
    });
  }

  /** Resolves with whether the member answered for itself in time. */
  async answers(member, timeoutMs) {
    const untilMs = performance.now() + timeoutMs;
    while (performance.now() < untilMs && !this.isStopping) {
      try {
        await this.admin.status(member.endpoint, { timeoutMs: 500 });
        return true;
      } catch {
        await this.pause(100);
      }
    }
    return false;
  }

  /** Waits until clients get a number of answers again, or the time is over. */
  async servesAgain(timeoutMs) {
    const untilMs = performance.now() + timeoutMs;
    const enough = this.#answered() + ANSWERS_ENOUGH;
    while (performance.now() < untilMs && !this.isStopping && this.#answered() < enough) {
      await this.pause(50);
    }
  }

  stop() {
    this.isStopping = true;
    for (const wake of [...this.#wakers]) wake();
  }
}
