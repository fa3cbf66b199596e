import type { MemberId } from "@quorate/core";
import { bytesOf } from "../oracles/reference-store.ts";
import type { Door } from "../workloads/door.ts";
import type { NodeWorld } from "../world/node-world.ts";
import { hostOf, type SimNode } from "../world/sim-node.ts";
import { CALM_STREAMS } from "../world/stream-weather.ts";
import type { NodeCast } from "./run-nodes.ts";
import { staysCalm } from "./stays-calm.ts";

/** Everything that healing may take, in election time-outs, and besides in milliseconds. */
const PATIENCE_ELECTIONS = 30;
const PATIENCE_MS = 20_000;

/** Nobody renews any more: the longest lease and what a change of leader adds to it. */
const LEASES_END_MS = 30_000;

/** Ends all faults and waits for what must come about: a leader, answers, equal members, watchers that miss nothing. */
export async function recoverNodes(cast: NodeCast): Promise<void> {
  const { world, run, keys, leases, sessions, watches, changes } = cast;
  changes.isOver = true;
  if (!run.traffic) {
    keys.stop();
    sessions.stop();
  }
  leases.stop();
  heal(world);
  if (run.faults.length > 0) leaveHalfOpen(world);
  cast.supervisor.startsWhatIsDown = true;
  watches.nodes = () => healthy(world).map(({ id }) => id);
  const electionMs = run.settings.tickMs * (run.settings.core.electionTicks ?? 10);
  const patienceMs = PATIENCE_MS + PATIENCE_ELECTIONS * electionMs;
  let isServing = false;
  writeUntilAnswered(world, cast.door, () => {
    isServing = true;
  });
  const steps: readonly [what: string, done: () => boolean, why: () => string][] = [
    ["a healed group serves", () => isServing, () => standing(world)],
    ["a ruined machine is replaced", () => changes.isSettled, () => standing(world)],
    ["healed members catch up", () => isLevel(world), () => standing(world)],
  ];
  for (const [what, done, why] of steps) {
    if (await world.simulation.runUntil(done, patienceMs)) continue;
    if (!world.hasViolation) world.report(what, `not within ${patienceMs} ms: ${why()}`);
    return;
  }
  keys.stop();
  sessions.stop();
  await settleDown(cast, patienceMs, electionMs);
}

async function settleDown(
  { world, watches }: NodeCast,
  patienceMs: number,
  electionMs: number,
): Promise<void> {
  const { reference } = world.chronicle;
  const noLeases = await world.simulation.runUntil(() => reference.leases === 0, LEASES_END_MS);
  if (!noLeases && !world.hasViolation) {
    world.report("leases that nobody renews end", `${reference.leases} are left`);
    return;
  }
  const isDone = (): boolean => isLevel(world) && isIdle(world);
  if (!(await world.simulation.runUntil(isDone, patienceMs)) && !world.hasViolation) {
    world.report("a quiet group comes to rest", standing(world));
    return;
  }
  const { revisions } = world.chronicle;
  const seen = await world.simulation.runUntil(
    () => watches.behind(revisions).length === 0,
    patienceMs,
  );
  if (!seen && !world.hasViolation) {
    world.report("watchers receive everything", watches.behind(revisions).join(", "));
  }
  if (!world.hasViolation) await staysCalm(world, electionMs);
}

function heal(world: NodeWorld): void {
  const { network } = world;
  network.mendAll();
  network.weather = { ...CALM_STREAMS, delayMaxMs: network.weather.delayMaxMs };
  for (const node of world.nodes.values()) {
    node.clock.setRate(1);
    node.slownessMs = 0;
    node.applyMs = 0;
    node.disk.extraMs = 0;
    node.disk.storeExtraMs = 0;
    // A store that is slower than the group writes never catches up.
    node.disk.storePace = node.disk.pace;
    node.disk.stalledUntilMs = 0;
    node.disk.files.capacityBytes = Number.POSITIVE_INFINITY;
    node.disk.forgetMishaps();
    node.resume();
    if (node.power === "down") node.start();
  }
  world.say("everything is healed");
}

/** The wires are whole again, but some connections never hear of it: those who use them have to notice. */
function leaveHalfOpen(world: NodeWorld): void {
  const { network, nodes, random } = world;
  const draw = random.split("half open");
  const [one, other] = draw.sample([...nodes.keys()], 2);
  // Most matters what the leader says, and nobody answers.
  const from = world.leader()?.id ?? one;
  const to = from === one ? other : one;
  if (from === undefined || to === undefined || !draw.chance(0.5)) return;
  network.blackhole(hostOf(from), hostOf(to));
  if (draw.chance(0.5)) network.blackhole(hostOf(to), hostOf(from));
}

/** Machines that belong to the group as its leader knows it, with their data. */
function healthy(world: NodeWorld): readonly SimNode[] {
  const membership = world.leader()?.record.membership;
  if (membership === undefined) return [];
  const members: MemberId[] = [
    ...membership.voters,
    ...membership.outgoing,
    ...membership.learners,
  ];
  return [...world.nodes.values()].filter(
    (node) =>
      members.includes(node.id) &&
      !node.record.isGhost &&
      !(node.power === "failed" && node.disk.isDamaged),
  );
}

/** All members run and have applied the same. */
function isLevel(world: NodeWorld): boolean {
  const applied = world.leader()?.life?.replica.appliedIndex;
  if (applied === undefined) return false;
  return healthy(world).every((node) => node.life?.replica.appliedIndex === applied);
}

/** Nobody waits for anything. */
function isIdle(world: NodeWorld): boolean {
  return healthy(world).every((node) => {
    const status = node.life?.replica.status();
    return status !== undefined && status.pendingProposals === 0 && status.pendingReads === 0;
  });
}

/** A client of its own asks one node after the other until one of them takes a write. */
function writeUntilAnswered(world: NodeWorld, door: Door, done: () => void): void {
  let tries = 0;
  const attempt = (): void => {
    const ids = [...world.nodes.keys()];
    const node = ids[tries % ids.length] as MemberId;
    tries += 1;
    const command = { type: "put", key: bytesOf("z"), value: bytesOf(`after ${tries}`) } as const;
    door.ask(
      node,
      2_500,
      (life) => life.replica.propose(command, { timeoutMs: 2_000 }),
      (reply) => {
        if (reply.type === "answer") done();
        else world.simulation.agenda.after(100, attempt);
      },
    );
  };
  attempt();
}

function standing(world: NodeWorld): string {
  const parts: string[] = [];
  for (const node of world.nodes.values()) {
    const core = node.life === undefined ? undefined : node.record.core?.status();
    const applied = node.life?.replica.appliedIndex;
    parts.push(
      core === undefined
        ? `node ${node.id} is ${node.power} ${node.failure ?? ""}`
        : `node ${node.id} ${core.role} of ${core.leader} in term ${core.term}, applied ${applied} of ${core.commit}/${core.last.index}, ${node.life?.replica.status().condition}`,
    );
  }
  return parts.join("; ");
}
