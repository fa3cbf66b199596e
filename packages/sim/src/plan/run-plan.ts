import {
  changeMembership,
  decodeMembershipChange,
  type MemberId,
  type Membership,
} from "@quorate/core";
import { REPLICA_CHECKER } from "../checkers/replica-states.ts";
import type { Violation } from "../checkers/violation.ts";
import type { ClientRecord } from "../cluster/client-desk.ts";
import { CoreCluster } from "../cluster/core-cluster.ts";
import type { ClusterListener } from "../cluster/events.ts";
import { describeState } from "../cluster/machine.ts";
import type { FaultCounters } from "../faults/fault-counters.ts";
import { everyone, isQuorum } from "../invariants/quorums.ts";
import { checkLinearizability } from "../linearizability/check.ts";
import { registerModel } from "../linearizability/models/register.ts";
import { renderText } from "../linearizability/picture.ts";
import { Random } from "../random/random.ts";
import { Performer } from "./perform.ts";
import type { Plan } from "./plan.ts";

/** What a run came to. */
export interface RunResult {
  readonly violations: readonly Violation[];
  readonly events: number;
  readonly virtualMs: number;
  readonly operations: number;
  readonly counters: FaultCounters;
  /** Fingerprint of everything that happened: equal runs have equal digests. */
  readonly digest: string;
  /** The search for an order of the clients' operations was given up; nothing wrong was found. */
  readonly isUndecided: boolean;
}

/** Histories of a short run are easy; one that is not must not stop the show. */
const LINEARIZABILITY_STEPS_MAX = 2_000_000;

/** However much there is to catch up with, after so many times its patience a run gives up. */
const PATIENCE_RENEWALS_MAX = 20;

/** Clients with these numbers ask while the cluster recovers. */
const RECOVERY_CLIENT = 1_000;

/** Plays a plan: its actions with faults on, then the healing, then everything that must hold at the end. */
export function runPlan(plan: Plan, listener?: ClusterListener): RunResult {
  const cluster = new CoreCluster(plan.seed, plan.settings, listener);
  const performer = new Performer(cluster);
  for (const { atMs, action } of plan.actions) {
    if (!cluster.run(Math.max(0, atMs - cluster.nowMs))) break;
    performer.perform(action);
  }
  if (cluster.run(Math.max(0, plan.faultsMs - cluster.nowMs))) recover(cluster, plan);
  return conclude(cluster);
}

function conclude(cluster: CoreCluster): RunResult {
  const { violations } = cluster.ledger;
  const { operations } = cluster.clients.history;
  let isUndecided = false;
  if (violations.length === 0) {
    const checked = checkLinearizability(registerModel, operations, {
      stepsMax: LINEARIZABILITY_STEPS_MAX,
    });
    isUndecided = checked.verdict === "undecided";
    if (checked.verdict === "violated") {
      const picture = renderText(registerModel, checked.counterexample);
      cluster.ledger.report("linearizability", picture);
    }
  }
  return {
    violations,
    events: cluster.agenda.happened,
    virtualMs: cluster.nowMs,
    operations: operations.length,
    counters: cluster.counters,
    digest: cluster.digest(),
    isUndecided,
  };
}

/** The faults are over. Who can hear a quorum must come to an agreement in bounded time, and serve. */
function recover(cluster: CoreCluster, plan: Plan): void {
  const { ending, settings } = plan;
  if (ending.heals === "nothing") return;
  const electionMs = (settings.core.electionTicks ?? 10) * 2 * settings.tickMs;
  const patienceMs = electionMs * ending.patience;
  const chosen = ending.heals === "everyone" ? undefined : drawQuorum(cluster, plan.seed);
  healAmong(cluster, chosen);
  const healthy = chosen ?? [...cluster.members.keys()];
  if (!ending.traffic) cluster.run(electionMs * 4);
  if (cluster.violations.length > 0) return;
  if (!serves(cluster, healthy, patienceMs, electionMs * 2)) {
    report(cluster, "liveness", `no write was served within ${patienceMs} ms of healing`, healthy);
    return;
  }
  if (!converges(cluster, healthy, patienceMs, electionMs)) {
    report(cluster, "convergence", `not equal within ${patienceMs} ms after serving`, healthy);
    return;
  }
  compareStates(cluster, healthy);
  // What was answered before must still be there.
  for (const key of ["a", "b", "c"]) {
    cluster.clients.ask(RECOVERY_CLIENT, { type: "read", key }, { member: healthy[0] });
    cluster.runUntil(() => cluster.clients.isIdle, patienceMs);
  }
}

function healAmong(cluster: CoreCluster, chosen: readonly MemberId[] | undefined): void {
  if (chosen === undefined) {
    cluster.heal();
    return;
  }
  const away = [...cluster.members.keys()].filter((id) => !chosen.includes(id));
  const down = away.filter((id) => cluster.member(id).power === "down");
  cluster.heal();
  for (const id of down) cluster.member(id).crash();
  for (const here of chosen) {
    for (const there of away) {
      cluster.network.cut(here, there);
      cluster.network.cut(there, here);
    }
  }
}

/** A random quorum of everything that may be in force, as few members as possible most of the time. */
function drawQuorum(cluster: CoreCluster, seed: number): readonly MemberId[] {
  const random = Random.fromSeed(seed).split("quorum");
  const memberships = inForce(cluster);
  const all = [...new Set(memberships.flatMap((membership) => everyone(membership)))];
  let chosen = random.shuffled(all.filter((id) => cluster.members.has(id)));
  const enough = (members: readonly MemberId[]): boolean =>
    memberships.every((membership) => isQuorum(membership, (id) => members.includes(id)));
  for (const id of [...chosen]) {
    const fewer = chosen.filter((other) => other !== id);
    if (enough(fewer) && random.chance(0.8)) chosen = fewer;
  }
  return chosen.sort((left, right) => left - right);
}

/** Every membership that is in force somewhere, or will be when what is in somebody's log is applied. */
function inForce(cluster: CoreCluster): readonly Membership[] {
  const found: Membership[] = [];
  for (const member of cluster.members.values()) {
    let { membership } = member;
    if (membership.voters.length > 0) found.push(membership);
    for (const entry of member.entries) {
      if (entry.kind !== "membership" || entry.index <= member.applied) continue;
      const change = decodeMembershipChange(entry.payload);
      const changed = change === undefined ? undefined : changeMembership(membership, change);
      if (changed?.ok !== true) continue;
      membership = changed.membership;
      found.push(membership);
    }
  }
  return found.filter((membership) => membership.voters.length > 0);
}

/** Patience that starts anew whenever something moves: a long backlog takes its time, a cluster that stands still does not. */
class Patience {
  readonly #cluster: CoreCluster;
  readonly #healthy: readonly MemberId[];
  readonly #patienceMs: number;
  readonly #latestMs: number;
  #endMs: number;
  #progress = 0;

  constructor(cluster: CoreCluster, healthy: readonly MemberId[], patienceMs: number) {
    this.#cluster = cluster;
    this.#healthy = healthy;
    this.#patienceMs = patienceMs;
    this.#endMs = cluster.nowMs + patienceMs;
    this.#latestMs = cluster.nowMs + patienceMs * PATIENCE_RENEWALS_MAX;
  }

  get isOver(): boolean {
    let progress = 0;
    for (const id of this.#healthy) progress += this.#cluster.member(id).applied;
    if (progress > this.#progress) {
      this.#progress = progress;
      this.#endMs = Math.min(this.#cluster.nowMs + this.#patienceMs, this.#latestMs);
    }
    return this.#cluster.nowMs >= this.#endMs;
  }
}

/** Clients write at whoever leads until one is answered. */
function serves(
  cluster: CoreCluster,
  healthy: readonly MemberId[],
  patienceMs: number,
  attemptMs: number,
): boolean {
  const patience = new Patience(cluster, healthy, patienceMs);
  const records: ClientRecord[] = [];
  const isAnswered = (): boolean => records.some((record) => record.belief === "answered");
  for (let attempt = 0; !patience.isOver; attempt += 1) {
    const member = healthy[attempt % healthy.length];
    const leader = cluster.leader()?.id;
    const asked = leader !== undefined && healthy.includes(leader) ? leader : member;
    const record = cluster.clients.ask(
      RECOVERY_CLIENT + 1 + attempt,
      { type: "write", key: "a", value: `recovery ${attempt}` },
      { member: asked, repeats: false },
    );
    if (record !== undefined) records.push(record);
    cluster.runUntil(() => isAnswered() || record?.belief === "notApplied", attemptMs);
    if (cluster.violations.length > 0 || isAnswered()) return true;
    cluster.run(cluster.settings.tickMs);
  }
  return false;
}

function converges(
  cluster: CoreCluster,
  healthy: readonly MemberId[],
  patienceMs: number,
  sliceMs: number,
): boolean {
  const patience = new Patience(cluster, healthy, patienceMs);
  while (!patience.isOver) {
    if (cluster.runUntil(() => converged(cluster, healthy), sliceMs)) return true;
    if (cluster.violations.length > 0) return true;
  }
  return false;
}

function converged(cluster: CoreCluster, healthy: readonly MemberId[]): boolean {
  const leader = cluster.leader();
  if (leader === undefined) return false;
  const last = leader.core?.status().last.index ?? 0;
  const members = everyone(leader.membership);
  for (const id of healthy) {
    if (!members.includes(id)) continue;
    if (cluster.member(id).applied !== last) return false;
  }
  return true;
}

function compareStates(cluster: CoreCluster, healthy: readonly MemberId[]): void {
  const byIndex = new Map<number, string>();
  for (const id of healthy) {
    const { applied, machine } = cluster.member(id);
    const state = describeState(machine.state());
    const known = byIndex.get(applied);
    if (known !== undefined && known !== state) {
      cluster.ledger.report(REPLICA_CHECKER, `member ${id} differs after applying ${applied}`);
    }
    byIndex.set(applied, state);
  }
}

function report(
  cluster: CoreCluster,
  checker: string,
  what: string,
  healthy: readonly MemberId[],
): void {
  const states = healthy.map((id) => {
    const status = cluster.member(id).core?.status();
    if (status === undefined) return `${id} down`;
    return `${id} ${status.role} term ${status.term} commit ${status.commit} last ${status.last.index} applied ${status.applied}`;
  });
  cluster.ledger.report(checker, `${what}: ${states.join("; ")}`);
}
