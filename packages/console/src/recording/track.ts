import type { Entry, LogIndex, MemberId } from "@quorate/core";
import type { ClusterEvent, MemberFrame, Violation } from "@quorate/sim";
import { EntryHistory, lastAtMost } from "./entry-history.ts";
import { type Flight, FlightLog } from "./flight-log.ts";
import { type Mark, type MarkKind, markOf } from "./mark.ts";
import { OperationLog } from "./operation-log.ts";
import type { RunAction } from "./run.ts";
import { isTold } from "./telling-index.ts";
import type { Watched } from "./watched.ts";

/** The whole cluster after one moment. Members and link sets that did not change are the same objects. */
export interface ClusterFrame {
  readonly members: readonly MemberFrame[];
  /** `from>to` of every direction that is cut. */
  readonly cuts: ReadonlySet<string>;
  readonly violations: number;
}

/** An event and the moment it belongs to. */
export interface EventAt {
  readonly moment: number;
  readonly event: ClusterEvent;
}

const NO_FRAME: ClusterFrame = { members: [], cuts: new Set(), violations: 0 };

/**
 * Everything that happened in a run, moment by moment, and how the cluster stood after each: looking at any moment costs
 * a few searches, however long the run is. A moment is one event of the simulated world or one thing done to it.
 */
export class Track {
  #times: number[] = [];
  #eventEnds: number[] = [];
  #events: ClusterEvent[] = [];
  #frames: ClusterFrame[] = [];
  /** Places of the events that the short version tells. */
  #told: number[] = [];
  #actions: Map<number, readonly RunAction[]> = new Map();
  #entries: Map<MemberId, EntryHistory> = new Map();
  #flights: FlightLog = new FlightLog();
  #operations: OperationLog = new OperationLog();
  #marks: Mark[] = [];
  #places: Map<MarkKind, number[]> = new Map();
  #violations: Violation[] = [];
  #cuts: ReadonlySet<string> = NO_FRAME.cuts;

  /** How many moments there are. */
  get length(): number {
    return this.#times.length;
  }

  get endMs(): number {
    return this.#times.at(-1) ?? 0;
  }

  get flights(): FlightLog {
    return this.#flights;
  }

  get operations(): OperationLog {
    return this.#operations;
  }

  get marks(): readonly Mark[] {
    return this.#marks;
  }

  get violations(): readonly Violation[] {
    return this.#violations;
  }

  atMs(moment: number): number {
    return this.#times[moment] ?? 0;
  }

  frame(moment: number): ClusterFrame {
    return this.#frames[moment] ?? NO_FRAME;
  }

  eventsOf(moment: number): readonly ClusterEvent[] {
    const start = moment === 0 ? 0 : (this.#eventEnds[moment - 1] ?? 0);
    return this.#events.slice(start, this.#eventEnds[moment] ?? start);
  }

  actionsOf(moment: number): readonly RunAction[] {
    return this.#actions.get(moment) ?? [];
  }

  /** The newest events up to and including `moment`, newest first, each with its moment. */
  newestEvents(moment: number, count: number, everything: boolean): readonly EventAt[] {
    const end = this.#eventEnds[moment] ?? 0;
    const found: EventAt[] = [];
    const add = (place: number): void => {
      const at = lastAtMost(this.#eventEnds, place) + 1;
      found.push({ moment: at, event: this.#events[place] as ClusterEvent });
    };
    if (everything) {
      for (let place = end - 1; place >= 0 && found.length < count; place -= 1) add(place);
      return found;
    }
    let told = lastAtMost(this.#told, end - 1);
    for (; told >= 0 && found.length < count; told -= 1) add(this.#told[told] as number);
    return found;
  }

  /** Moments of actions after `low` and up to `high`, newest first. */
  actionMoments(low: number, high: number): readonly number[] {
    const places = this.#places.get("action") ?? [];
    const found: number[] = [];
    for (let at = lastAtMost(places, high); at >= 0; at -= 1) {
      const moment = places[at] as number;
      if (moment <= low) break;
      found.push(moment);
    }
    return found;
  }

  /** Whether anything can be seen to happen; most ticks of a clock change nothing. */
  isQuiet(moment: number): boolean {
    const start = moment === 0 ? 0 : (this.#eventEnds[moment - 1] ?? 0);
    return this.#eventEnds[moment] === start && !this.#actions.has(moment);
  }

  /** The newest moment that is not later; -1 before the first. */
  momentAt(ms: number): number {
    return lastAtMost(this.#times, ms);
  }

  /** Undefined where the member's log did not reach at that moment. */
  entryAt(member: MemberFrame, index: LogIndex, moment: number): Entry | undefined {
    if (index < member.first || index > member.last) return undefined;
    return this.#entries.get(member.id)?.at(index, moment);
  }

  /** Marks of a stretch of time, oldest first. */
  marksBetween(fromMs: number, toMs: number): readonly Mark[] {
    const marks = this.#marks;
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle] as Mark).atMs <= fromMs) low = middle + 1;
      else high = middle;
    }
    const found: Mark[] = [];
    for (let at = low; at < marks.length; at += 1) {
      const mark = marks[at] as Mark;
      if (mark.atMs > toMs) break;
      found.push(mark);
    }
    return found;
  }

  /** The next moment after (or the last before) `moment` with a mark of one of these kinds; undefined for none. */
  nextMark(kinds: readonly MarkKind[], moment: number, direction: 1 | -1): number | undefined {
    let best: number | undefined;
    for (const kind of kinds) {
      const places = this.#places.get(kind);
      if (places === undefined) continue;
      const found =
        direction === 1
          ? places[lastAtMost(places, moment) + 1]
          : places[lastAtMost(places, moment - 1)];
      if (found === undefined) continue;
      if (best === undefined || (found - best) * direction < 0) best = found;
    }
    return best;
  }

  /** Takes note of an event of the moment that is being made. */
  note(event: ClusterEvent, cluster: Watched): void {
    const moment = this.length;
    if (isTold(event)) this.#told.push(this.#events.length);
    this.#events.push(event);
    const mark = markOf(event);
    if (mark !== undefined) this.#mark({ ...mark, moment, atMs: event.atMs } as Mark);
    switch (event.type) {
      case "sent":
        this.#flights.sent(flightOf(event, moment));
        return;
      case "delivered":
        this.#flights.ended(event.messageId, moment, event.atMs, "delivered");
        return;
      case "lost":
        this.#flights.ended(event.messageId, moment, event.atMs, event.reason);
        return;
      case "linkChanged": {
        const cuts = new Set(this.#cuts);
        if (event.isCut) cuts.add(linkName(event.from, event.to));
        else cuts.delete(linkName(event.from, event.to));
        this.#cuts = cuts;
        return;
      }
      case "client":
        this.#noteClient(event, cluster, moment);
        return;
      default:
        return;
    }
  }

  /** The moment is over: everything noted since the last one belongs to it. */
  close(cluster: Watched, actions: readonly RunAction[] = []): void {
    const moment = this.length;
    if (actions.length > 0) {
      this.#actions.set(moment, actions);
      this.#mark({ kind: "action", moment, atMs: cluster.nowMs });
    }
    for (const violation of cluster.violations.slice(this.#violations.length)) {
      this.#violations.push(violation);
      this.#mark({ kind: "violation", moment, atMs: cluster.nowMs });
    }
    for (const { id, arrivesAtMs } of actions.length > 0 ? (cluster.travelling?.() ?? []) : []) {
      if (arrivesAtMs !== undefined) this.#flights.moved(id, arrivesAtMs);
    }
    this.#frames.push(this.#capture(cluster, moment));
    this.#times.push(cluster.nowMs);
    this.#eventEnds.push(this.#events.length);
  }

  /** The same run up to `moment`, to be continued otherwise. */
  upTo(moment: number): Track {
    const copy = new Track();
    const count = moment + 1;
    copy.#times = this.#times.slice(0, count);
    copy.#eventEnds = this.#eventEnds.slice(0, count);
    copy.#events = this.#events.slice(0, copy.#eventEnds.at(-1) ?? 0);
    copy.#frames = this.#frames.slice(0, count);
    copy.#told = this.#told.slice(0, lastAtMost(this.#told, copy.#events.length - 1) + 1);
    copy.#actions = new Map([...this.#actions].filter(([at]) => at <= moment));
    copy.#entries = new Map([...this.#entries].map(([id, log]) => [id, log.upTo(moment)]));
    copy.#flights = this.#flights.upTo(moment);
    copy.#operations = this.#operations.upTo(moment);
    for (const mark of this.#marks) if (mark.moment <= moment) copy.#mark(mark);
    copy.#violations = this.#violations.slice(0, copy.#frames.at(-1)?.violations ?? 0);
    copy.#cuts = copy.#frames.at(-1)?.cuts ?? NO_FRAME.cuts;
    return copy;
  }

  #capture(cluster: Watched, moment: number): ClusterFrame {
    const before = this.#frames.at(-1) ?? NO_FRAME;
    const members: MemberFrame[] = [];
    let isSame = true;
    for (const id of cluster.memberIds()) {
      const known = before.members[members.length];
      const frame = cluster.frameOf(id, known);
      if (frame !== known) {
        isSame = false;
        const log = this.#entries.get(id) ?? new EntryHistory();
        this.#entries.set(id, log);
        const changed = cluster.changedEntries(id, (index) => log.newest(index));
        for (const entry of changed) log.put(entry, moment);
      }
      members.push(frame);
    }
    isSame &&= before.members.length === members.length;
    const violations = this.#violations.length;
    if (isSame && before.cuts === this.#cuts && before.violations === violations) return before;
    return { members: isSame ? before.members : members, cuts: this.#cuts, violations };
  }

  #noteClient(
    event: Extract<ClusterEvent, { readonly type: "client" }>,
    cluster: Watched,
    moment: number,
  ): void {
    const { client, phase, member, atMs } = event;
    if (phase === "repeats") {
      this.#operations.repeated(client, member, moment);
      return;
    }
    const record = cluster.clients.records.findLast((one) => one.client === client);
    const seen = cluster.clients.history.operations.findLast((one) => one.client === client);
    if (record === undefined) return;
    if (phase === "asks") {
      const { operation } = record;
      const calledAt = seen?.calledAt ?? 0;
      const attempts = [{ moment, member }];
      this.#operations.asked({
        client,
        operation,
        calledAt,
        askedAt: moment,
        askedMs: atMs,
        attempts,
      });
      return;
    }
    const isAnswer = phase === "answered" && seen?.output !== undefined;
    this.#operations.ended(client, {
      at: moment,
      ms: atMs,
      outcome: isAnswer ? "answered" : record.belief === "unknown" ? "unknown" : "refused",
      by: member,
      answer: record.answer,
      returned: isAnswer ? { output: seen.output, at: seen.returnedAt } : undefined,
    });
  }

  #mark(mark: Mark): void {
    if (mark.kind !== "message") this.#marks.push(mark);
    const places = this.#places.get(mark.kind);
    if (places === undefined) this.#places.set(mark.kind, [mark.moment]);
    else if (places.at(-1) !== mark.moment) places.push(mark.moment);
  }
}

export function linkName(from: MemberId, to: MemberId): string {
  return `${from}>${to}`;
}

function flightOf(
  { messageId, message, atMs, arrivesAtMs }: Extract<ClusterEvent, { readonly type: "sent" }>,
  moment: number,
): Flight {
  return {
    id: messageId,
    message,
    sentAt: moment,
    sentMs: atMs,
    arrivesMs: arrivesAtMs,
    endedAt: Number.POSITIVE_INFINITY,
    endedMs: Number.POSITIVE_INFINITY,
    outcome: "travelling",
  };
}
