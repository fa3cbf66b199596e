import {
  changeMembership,
  decodeMembershipChange,
  type MemberId,
  type Membership,
} from "@quorate/core";
import { REPLICA_CHECKER } from "../checkers/replica-states.ts";
import type { ClientRecord } from "../cluster/client-desk.ts";
import type { CoreCluster } from "../cluster/core-cluster.ts";
import { describeState } from "../cluster/machine.ts";
import { describeMembership, everyone, isQuorum } from "../invariants/quorums.ts";
import { Random } from "../random/random.ts";
import type { Ending, Plan } from "./plan.ts";

/** However much there is to catch up with, after so many times its patience a run gives up. */
const PATIENCE_RENEWALS_MAX = 20;

/** How long a healed group is watched, and how often it may change its leader meanwhile. */
const CALM_ELECTIONS = 12;
const CALM_TERMS_MAX = 3;

/** Clients with these numbers ask while the cluster recovers. */
const RECOVERY_CLIENT = 1_000;

/** The faults are over. Who can hear a quorum must come to an agreement in bounded time, and serve. */
export function recover(cluster: CoreCluster, plan: Plan): void {
  const { ending, settings } = plan;
  if (ending.heals === "nothing") return;
  const electionMs = (settings.core.electionTicks ?? 10) * 2 * settings.tickMs;
  const patienceMs = electionMs * ending.patience;
  const chosen = ending.heals === "everyone" ? undefined : drawQuorum(cluster, plan.seed);
  healAmong(cluster, chosen, ending.rest);
  const healthy = chosen ?? [...cluster.members.keys()];
  // A member with one link may lead through it, so that nobody else is needed: then the group serves all the same.
  const isOneGroup = chosen === undefined || ending.rest !== "oneLink";
  if (!ending.traffic) cluster.run(electionMs * 4);
  if (cluster.violations.length > 0) return;
  if (!serves(cluster, healthy, patienceMs, electionMs * 2)) {
    report(cluster, "liveness", `no write was served within ${patienceMs} ms of healing`, healthy);
    return;
  }
  if (isOneGroup && !converges(cluster, healthy, patienceMs, electionMs)) {
    report(cluster, "convergence", `not equal within ${patienceMs} ms after serving`, healthy);
    return;
  }
  compareStates(cluster, healthy);
  if (!staysCalm(cluster, plan, electionMs)) return;
  // What was answered before must still be there.
  for (const key of ["a", "b", "c"]) {
    cluster.clients.ask(RECOVERY_CLIENT, { type: "read", key });
    cluster.runUntil(() => cluster.clients.isIdle, patienceMs);
  }
}

function healAmong(
  cluster: CoreCluster,
  chosen: readonly MemberId[] | undefined,
  rest: Ending["rest"],
): void {
  if (chosen === undefined) {
    cluster.heal();
    return;
  }
  const away = [...cluster.members.keys()].filter((id) => !chosen.includes(id));
  const down = away.filter((id) => cluster.member(id).power === "down");
  cluster.heal();
  if (rest === "cut") for (const id of down) cluster.member(id).crash();
  const friend = rest === "oneLink" ? chosen[0] : undefined;
  for (const here of chosen) {
    if (here === friend) continue;
    for (const there of away) {
      if (rest !== "mute") cluster.network.cut(here, there);
      if (rest !== "deaf") cluster.network.cut(there, here);
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

/** Every membership that is in force somewhere, or will be when what is in a log or on its way is applied. */
function inForce(cluster: CoreCluster): readonly Membership[] {
  const found: Membership[] = [];
  const travelling = cluster.network.travelling.flatMap(({ message }) =>
    message.type === "append" ? message.entries : [],
  );
  for (const member of cluster.members.values()) {
    let { membership } = member;
    found.push(membership);
    for (const entry of [...member.entries, ...member.entriesBeingWritten, ...travelling]) {
      if (entry.kind !== "membership" || entry.index <= member.applied) continue;
      const change = decodeMembershipChange(entry.payload);
      const changed = change === undefined ? undefined : changeMembership(membership, change);
      if (changed?.ok !== true) continue;
      membership = changed.membership;
      found.push(membership);
    }
  }
  return found.filter(({ voters }) => voters.length > 0);
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
    const asked = leader ?? member;
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

/** A group that has a leader keeps it, whoever else is about, and a joint membership ends by itself. */
function staysCalm(cluster: CoreCluster, plan: Plan, electionMs: number): boolean {
  const { preVote, checkQuorum } = plan.settings.core;
  if (preVote !== true || checkQuorum !== true) return true;
  const before = new Map([...cluster.members].map(([id, { core }]) => [id, core?.status().term]));
  // Whoever was away for long enters terms that began before: only terms after the newest of all are new.
  const newest = Math.max(...[...before.values()].map((term) => term ?? 0));
  cluster.run(electionMs * CALM_ELECTIONS);
  if (cluster.violations.length > 0) return false;
  // Those who stay away as well: nobody who hears a leader lets them into a new term.
  for (const [id, { core }] of cluster.members) {
    const term = core?.status().term ?? 0;
    const grown = before.get(id) === undefined ? 0 : term - newest;
    if (grown <= CALM_TERMS_MAX) continue;
    const message = `member ${id}: ${grown} new terms within ${CALM_ELECTIONS} election time-outs without faults`;
    cluster.ledger.report("stability", message);
    break;
  }
  const status = cluster.leader()?.core?.status();
  if (status?.membership.autoLeave === true) {
    const message = `still joint, although it was to end by itself: ${describeMembership(status.membership)}`;
    cluster.ledger.report("liveness", message);
  }
  return cluster.violations.length === 0;
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
