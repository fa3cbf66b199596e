// What happens to the processes of members, and to the disks, clocks and processors under them.
import { limitProcessor } from "../processor.mjs";

const STOP_TIMEOUT_MS = 8_000;
/** After all members went down together, the next fault waits so long for somebody to be answered. */
const AGAIN_TIMEOUT_MS = 10_000;
const BACK_TIMEOUT_MS = 5_000;
const CPU_SHARE = 0.15;
const SLOW_SYNC_MS = [20, 200];
const SLOW_BEFORE_MS = [30, 150];
const SLOW_BEFORE_FOR_MS = 500;
const CLOCK_SHIFT_SECONDS_MAX = 3_600;

async function kill(world, step) {
  const member = world.target(step);
  const end = world.injected(step, member.name);
  await world.cluster.kill(member);
  await world.pause(step.durationMs);
  world.cluster.start(member);
  end();
}

async function killAll(world, step) {
  const { cluster } = world;
  const end = world.injected(step, "all");
  await Promise.all(cluster.founders.map((member) => cluster.kill(member)));
  await world.pause(step.durationMs);
  cluster.startFounders();
  end();
  await world.servesAgain(AGAIN_TIMEOUT_MS);
}

async function pauseProcess(world, step) {
  const member = world.target(step);
  const end = world.injected(step, member.name);
  world.cluster.signal(member, "SIGSTOP");
  await world.pause(step.durationMs);
  world.cluster.signal(member, "SIGCONT");
  end();
}

/**
 * Disks are slow for a moment before, as under load: what is acknowledged too early is then not there yet. The process stands
 * still while the power goes, so that it cannot say anything after its disk is gone.
 */
async function losePower(world, members, { durationMs, strength }) {
  const { cluster } = world;
  const [least, most] = SLOW_BEFORE_MS;
  const slowness = Math.round(least + strength * (most - least));
  for (const { shim } of members) shim?.set(`sync /data/ stall ${slowness}`);
  await world.pause(SLOW_BEFORE_FOR_MS);
  for (const member of members) cluster.signal(member, "SIGSTOP");
  for (const { disk } of members) disk.cutPower();
  await Promise.all(members.map((member) => cluster.kill(member)));
  await world.pause(durationMs);
  for (const member of members) {
    member.shim?.clear();
    member.disk.restorePower();
    cluster.start(member);
  }
}

async function powerLoss(world, step) {
  const member = world.target(step);
  const end = world.injected(step, member.name);
  await losePower(world, [member], step);
  end();
}

async function powerLossAll(world, step) {
  const end = world.injected(step, "all");
  await losePower(world, world.cluster.founders, step);
  end();
  await world.servesAgain(AGAIN_TIMEOUT_MS);
}

async function slowDisk(world, step) {
  const member = world.target(step);
  const [least, most] = SLOW_SYNC_MS;
  const end = world.injected(step, member.name);
  member.shim.set(`sync /data/ stall ${Math.round(least + step.strength * (most - least))}`);
  await world.pause(step.durationMs);
  member.shim.clear();
  end();
}

/** A member whose disk failed stops taking part: it is started again once the disk is well. */
async function failingDisk(world, step, rule) {
  const member = world.target(step);
  const end = world.injected(step, member.name);
  member.mayEnd = true;
  member.shim.set(rule);
  await world.pause(step.durationMs);
  member.shim.clear();
  await world.cluster.restart(member);
  member.mayEnd = false;
  end();
}

async function clockShift(world, step) {
  const member = world.target(step);
  const seconds = Math.round((step.strength * 2 - 1) * CLOCK_SHIFT_SECONDS_MAX);
  const end = world.injected(step, `${member.name} ${seconds > 0 ? "+" : ""}${seconds} s`);
  member.clock.set(seconds);
  await world.pause(step.durationMs);
  member.clock.set(0);
  end();
}

async function cpuQuota(world, step) {
  const member = world.target(step);
  const pid = world.cluster.pidOf(member);
  if (pid === undefined || !world.cluster.isRunning(member)) return;
  const end = world.injected(step, member.name);
  const release = limitProcessor(pid, CPU_SHARE, {
    cgroup: world.means.cgroup,
    owner: world.owner,
    pause: (ms) => world.pause(ms),
  });
  await world.pause(step.durationMs);
  await release();
  end();
}

async function rollingRestart(world, step) {
  const { cluster } = world;
  const end = world.injected(step, "all");
  for (const member of cluster.founders) {
    if (world.isStopping) break;
    const timer = setTimeout(() => cluster.signal(member, "SIGKILL"), STOP_TIMEOUT_MS);
    await cluster.kill(member, "SIGTERM");
    clearTimeout(timer);
    await world.pause(step.durationMs);
    cluster.start(member);
    await world.answers(member, BACK_TIMEOUT_MS);
  }
  end();
}

async function halfOpen(world, step) {
  const { cluster, network } = world;
  const member = world.target(step);
  const others = world.places.filter((place) => place !== member.place);
  const end = world.injected(step, member.name);
  const heal = [await network.cut(world.both([member.place], others))];
  try {
    if (network.cutClients !== undefined) heal.push(await network.cutClients(member.place));
    await world.pause(step.durationMs / 2);
    await cluster.kill(member);
    cluster.start(member);
    await world.pause(step.durationMs / 2);
  } finally {
    for (const undo of heal) await undo();
  }
  end();
}

export const PROCESS_FAULTS = {
  kill,
  "kill-all": killAll,
  pause: pauseProcess,
  "power-loss": powerLoss,
  "power-loss-all": powerLossAll,
  "slow-disk": slowDisk,
  "failing-sync": (world, step) => failingDisk(world, step, "sync /data/ eio"),
  "full-disk": (world, step) => failingDisk(world, step, "write /data/ full"),
  "clock-shift": clockShift,
  "cpu-quota": cpuQuota,
  "rolling-restart": rollingRestart,
  "half-open": halfOpen,
};
