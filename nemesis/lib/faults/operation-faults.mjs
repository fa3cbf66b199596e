// What operators do while everything else happens: hand leadership over, compact, and change who belongs to the cluster.

const CALL_TIMEOUT_MS = 3_000;
const JOIN_TIMEOUT_MS = 10_000;
const LEAVE_TIMEOUT_MS = 10_000;
const LOOK_INTERVAL_MS = 200;
/** Changes that stay readable behind a compaction. */
const KEPT_REVISIONS = 300;

/** Refused and timed-out requests are part of the weather; anything else is a mistake of ours. */
async function attempt(request) {
  try {
    return { value: await request() };
  } catch (error) {
    if (error?.outcome === undefined) throw error;
    return { error };
  }
}

async function transfer(world, step) {
  const leader = world.leader();
  const others = world.cluster.running.filter(({ name }) => name !== leader?.name);
  const target = others[Math.floor(step.draw * others.length)];
  const id = world.idOf(target);
  if (leader === undefined || id === undefined) return;
  const end = world.injected(step, `${leader.name} → ${target.name}`);
  const { error } = await attempt(() =>
    world.admin.maintenance.moveLeader(id, { at: leader.endpoint, timeoutMs: CALL_TIMEOUT_MS }),
  );
  if (error !== undefined) world.count("transfers refused");
  await world.pause(step.durationMs);
  end();
}

async function compaction(world, step) {
  const revision = world.chronicle.revision - KEPT_REVISIONS;
  const member = world.target(step);
  if (revision < 2) return;
  const end = world.injected(step, `${revision}, ${member.name}`);
  const { maintenance } = world.admin;
  const physical = step.strength < 0.5;
  await attempt(() => maintenance.compact(revision, { physical, timeoutMs: CALL_TIMEOUT_MS }));
  await attempt(() => maintenance.defragment({ at: member.endpoint, timeoutMs: CALL_TIMEOUT_MS }));
  const read = await attempt(async () => {
    let bytes = 0;
    const parts = maintenance.snapshot({ at: member.endpoint, timeoutMs: CALL_TIMEOUT_MS });
    const untilMs = performance.now() + CALL_TIMEOUT_MS;
    for await (const { blob } of parts) {
      bytes += blob.length;
      if (performance.now() > untilMs) break;
    }
    return bytes;
  });
  world.count("snapshot bytes read by clients", read.value ?? 0);
  await world.pause(step.durationMs);
  end();
}

/** The spare among the members of the cluster, as the cluster sees it. */
async function findSpare(world) {
  const { spare } = world.cluster;
  const { value } = await attempt(() => world.admin.cluster.list({ timeoutMs: CALL_TIMEOUT_MS }));
  if (value === undefined) return { isKnown: false };
  return {
    isKnown: true,
    member: value.members.find(({ peerUrls }) => peerUrls.includes(spare.peerUrl)),
  };
}

async function membership(world, step) {
  const { spare } = world.cluster;
  // One that could not be removed the last time is removed first.
  if (world.cluster.isRunning(spare) && !(await removeSpare(world, LEAVE_TIMEOUT_MS))) return;
  const end = world.injected(step, spare.name);
  spare.mayEnd = true;
  world.cluster.start(spare);
  const untilMs = performance.now() + JOIN_TIMEOUT_MS;
  while (performance.now() < untilMs && !world.isStopping) {
    const { member } = await findSpare(world);
    if (member !== undefined && !member.isLearner) {
      world.count("members that got their vote");
      break;
    }
    await world.pause(LOOK_INTERVAL_MS);
  }
  await world.pause(step.durationMs);
  await removeSpare(world, LEAVE_TIMEOUT_MS);
  end();
}

/**
 * Takes the spare out of the cluster and its data away. Its process ends only once it is out: a member that is gone but still
 * counted would make every other fault worse. False when the cluster could not be brought to it in time.
 */
export async function removeSpare(world, timeoutMs) {
  const { cluster } = world;
  const { spare } = cluster;
  const untilMs = performance.now() + timeoutMs;
  let wasMember = false;
  while (performance.now() < untilMs) {
    const { isKnown, member } = await findSpare(world);
    if (isKnown && member === undefined) {
      await cluster.kill(spare);
      // A start that was under way may have added it a moment ago.
      const again = await findSpare(world);
      if (again.isKnown && again.member === undefined) {
        spare.disk.wipe();
        if (wasMember) world.count("members removed");
        return true;
      }
    } else if (member !== undefined) {
      wasMember = true;
      await attempt(() => world.admin.cluster.remove(member.id, { timeoutMs: CALL_TIMEOUT_MS }));
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
  }
  return false;
}

export const OPERATION_FAULTS = { transfer, compaction, membership };
