import type { CoreStatus, Decision, MemberId } from "@quorate/core";
import type { MemberFacts } from "../invariants/member-facts.ts";
import { RaftModel } from "./raft-model.ts";
import { isModelled, type TraceEvent } from "./trace-event.ts";

/** Under this name a run is reported whose trace the model does not allow. */
export const TRACE_CHECKER = "trace of the abstract model";

/**
 * Makes a trace of what happens to the members of a run and replays it against the abstract model at once. The model has
 * no members that lose what their disks held: from the first such loss on, the rest of a run is not traced.
 */
export class TraceChecker {
  /** Hears the trace, line by line. */
  listener: ((event: TraceEvent) => void) | undefined;
  readonly #model: RaftModel = new RaftModel();
  readonly #report: (checker: string, message: string) => void;
  readonly #running: Set<MemberId> = new Set();
  #isOver = false;
  #steps = 0;

  constructor(report: (checker: string, message: string) => void) {
    this.#report = report;
  }

  /** How many steps the model has taken. */
  get steps(): number {
    return this.#steps;
  }

  started({ id, prints, durableHardState, applied, membership }: MemberFacts): void {
    const { term, vote, commit } = durableHardState;
    const terms: number[] = [];
    for (let index = prints.base + 1; index <= prints.last; index += 1) {
      terms.push(prints.termAt(index) as number);
    }
    const base = { index: prints.base, term: prints.termAt(prints.base) as number };
    this.#running.add(id);
    this.#take({ type: "started", id, term, vote, commit, applied, membership, base, terms });
  }

  /** What a core decided before its start was told is part of its start. */
  decided(decision: Decision): void {
    if (isModelled(decision) && this.#running.has(decision.id)) this.#take(decision);
  }

  stored({ id, durableHardState, durablePrints }: MemberFacts): void {
    const { term, vote } = durableHardState;
    const { last } = durablePrints;
    const position = { index: last, term: durablePrints.termAt(last) as number };
    this.#take({ type: "stored", id, term, vote, last: position });
  }

  /** The process ends; `status` is what its core was at the end. */
  ended(id: MemberId, status: CoreStatus | undefined): void {
    if (!this.#running.delete(id)) return;
    if (status !== undefined) this.#stood(id, status);
    this.#take({ type: "ended", id });
  }

  /** The end of the trace: what every running core is by its own account. */
  finish(statusOf: (member: MemberId) => CoreStatus | undefined): void {
    for (const id of this.#running) {
      const status = statusOf(id);
      if (status !== undefined) this.#stood(id, status);
    }
    this.#isOver = true;
  }

  /** Something happened that the model has no step for. */
  giveUp(): void {
    this.#isOver = true;
  }

  #stood(id: MemberId, status: CoreStatus): void {
    const { term, vote, role, commit, applied, applying, last } = status;
    this.#take({ type: "stood", id, term, vote, role, commit, applied, applying, last });
  }

  #take(event: TraceEvent): void {
    if (this.#isOver) return;
    this.#steps += 1;
    this.listener?.(event);
    const objection = this.#model.take(event);
    if (objection === undefined) return;
    this.#isOver = true;
    this.#report(
      TRACE_CHECKER,
      `step ${this.#steps} (${event.type}) breaks the rule "${objection.rule}": ${objection.message}`,
    );
  }
}
