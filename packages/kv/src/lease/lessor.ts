import type { Environment, Timer } from "@quorate/host";
import type { LeaseCheckpoint, LeaseCheckpointRequest, LeaseRevokeRequest } from "../command.ts";
import type { LeaseId } from "../key-value.ts";
import { CHECKPOINTS_PER_COMMAND_MAX, type LeaseClock, type Renewal } from "./lease-clock.ts";

/** How often a leader looks for leases that have run out; etcd's figure. */
const LOOK_INTERVAL_MS = 500;
/** Leases revoked per look, at most. */
const REVOCATIONS_PER_LOOK = 500;

/** The group as its lessor sees it, from one member. */
export interface LessorGroup {
  /** Whether this member leads, and the newest term it knows. */
  standing(): { readonly isLeader: boolean; readonly term: number };
  /** Resolves once the request is applied here. */
  propose(request: LeaseRevokeRequest | LeaseCheckpointRequest): Promise<unknown>;
  /** Resolves once everything is applied here that was committed when a quorum was asked, which is after the call. */
  readBarrier(): Promise<unknown>;
}

/** What a lessor works with. */
export interface LessorOptions {
  readonly clock: LeaseClock;
  readonly group: LessorGroup;
  readonly environment: Pick<Environment, "nowMs" | "setTimer">;
  /** What a new leader adds to every lease: the time in which nobody led. */
  readonly electionTimeoutMs: number;
  /** Hears of revocations and checkpoints that did not get through; the clock asks for them again. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Runs with every look, whoever leads. */
  readonly onLook?: ((nowMs: number) => void) | undefined;
}

/** What this member's clock has done, for monitoring. */
export interface LeaseCounts {
  renewed: number;
  expired: number;
}

/**
 * Runs the clock of leases while its member leads: tells it the time, proposes the revocation of what has run out, and
 * renews. Whoever is told to do something by time alone may have stood still: a renewal counts only when a quorum confirms
 * after it that this member leads, and what the clock proposes is void under another leader.
 */
export class Lessor {
  readonly counts: LeaseCounts = { renewed: 0, expired: 0 };
  readonly #options: LessorOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: LessorOptions) {
    this.#options = options;
    this.follow();
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** To be called whenever the member's role or term may have changed. */
  follow(): void {
    const { clock, group, environment, electionTimeoutMs } = this.#options;
    const { isLeader, term } = group.standing();
    const leads = isLeader ? term : undefined;
    if (leads === clock.leadingTerm) return;
    if (leads === undefined) clock.demote();
    else clock.promote(environment.nowMs(), electionTimeoutMs, leads);
  }

  /** The seconds the lease has from now on, 0 when there is none; undefined when this member does not lead. */
  async renew(id: LeaseId): Promise<number | undefined> {
    return (await this.renewAll([id]))?.[0];
  }

  /** Several at the price of one: they share the round with the quorum. In the order of `ids`. */
  async renewAll(ids: readonly LeaseId[]): Promise<readonly number[] | undefined> {
    const { clock } = this.#options;
    const term = clock.leadingTerm;
    if (term === undefined) return undefined;
    const found = new Map<LeaseId, number>();
    for (let open = ids; open.length > 0; ) {
      const renewals = this.#renewOnClock(open);
      await this.#confirm(renewals, term);
      // Its successor knows nothing of what this member's clock said.
      if (clock.leadingTerm !== term) return undefined;
      open = open.filter((id) => {
        const seconds = this.#secondsAfter(id, renewals.get(id));
        if (seconds !== undefined) found.set(id, seconds);
        return seconds === undefined;
      });
    }
    return ids.map((id) => found.get(id) ?? 0);
  }

  #renewOnClock(ids: readonly LeaseId[]): ReadonlyMap<LeaseId, Renewal> {
    const { clock, environment } = this.#options;
    const nowMs = environment.nowMs();
    return new Map(ids.map((id) => [id, clock.renew(id, nowMs)]));
  }

  /**
   * A leader that stood still may have been deposed meanwhile: only a round with the quorum after the renewals tells, as
   * for a read. A checkpoint that is out of date has to go before anybody hears of the renewal: a successor would count
   * from it. And nobody hears that a lease is gone before it is.
   */
  async #confirm(renewals: ReadonlyMap<LeaseId, Renewal>, term: number): Promise<void> {
    const { group } = this.#options;
    const awaited: Promise<unknown>[] = [];
    let cleared: LeaseCheckpoint[] = [];
    for (const [id, renewal] of renewals) {
      if (renewal.type === "expired") awaited.push(this.#revoke(id, term));
      if (renewal.type !== "renewed" || !renewal.clearCheckpoint) continue;
      cleared.push({ id, remainingSeconds: 0 });
      if (cleared.length < CHECKPOINTS_PER_COMMAND_MAX) continue;
      awaited.push(group.propose({ type: "leaseCheckpoint", checkpoints: cleared }));
      cleared = [];
    }
    if (cleared.length > 0) {
      awaited.push(group.propose({ type: "leaseCheckpoint", checkpoints: cleared }));
    }
    awaited.push(group.readBarrier());
    await Promise.all(awaited);
  }

  /** Undefined when it has to be renewed once more. */
  #secondsAfter(id: LeaseId, renewal: Renewal | undefined): number | undefined {
    const exists = this.#options.clock.knows(id);
    if (renewal?.type === "renewed" && exists) {
      this.counts.renewed += 1;
      return renewal.ttlSeconds;
    }
    // A leader whose disk is slow may not have applied a grant that others had applied and acknowledged.
    return renewal?.type === "unknown" && exists ? undefined : 0;
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = this.#options.environment.setTimer(LOOK_INTERVAL_MS, () => {
      this.#look();
      this.#schedule();
    });
  }

  #look(): void {
    const { clock, group, environment, onLook } = this.#options;
    const nowMs = environment.nowMs();
    onLook?.(nowMs);
    const leaderTerm = clock.leadingTerm;
    if (leaderTerm === undefined) return;
    for (const id of clock.expired(nowMs, REVOCATIONS_PER_LOOK)) {
      this.counts.expired += 1;
      this.#inBackground(this.#revoke(id, leaderTerm));
    }
    for (const checkpoints of clock.checkpoints(nowMs)) {
      this.#inBackground(group.propose({ type: "leaseCheckpoint", checkpoints, leaderTerm }));
    }
  }

  #revoke(id: LeaseId, leaderTerm: number): Promise<unknown> {
    return this.#options.group.propose({ type: "leaseRevoke", id, leaderTerm });
  }

  /** The clock asks again for what did not get through. */
  #inBackground(proposed: Promise<unknown>): void {
    proposed.catch((error: unknown) => this.#options.onFailure?.(error));
  }
}
