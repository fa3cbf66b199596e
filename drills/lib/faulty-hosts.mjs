// A group on disks that fail on command, and what must hold whatever they do.
import { FaultyDisk } from "./fault-shim.mjs";
import { HostWriters } from "./host-writers.mjs";

export class FaultyHosts {
  disks = new Map();

  constructor(drill) {
    this.drill = drill;
    for (const member of drill.members()) {
      this.disks.set(member, new FaultyDisk(drill.folder, member.name));
    }
  }

  /** Founds the group, with writers on all members; resolves once writes flow. */
  static async found(drill, writers = {}) {
    const hosts = new FaultyHosts(drill);
    hosts.leader = await drill.found({ envOf: (member) => hosts.disks.get(member).env });
    hosts.writers = new HostWriters(drill, { timeoutMs: 8_000, ...writers });
    await hosts.writers.more(200);
    return hosts;
  }

  disk(member) {
    return this.disks.get(member);
  }

  /** Starts a member again on its disk, faults and all. */
  start(member) {
    return member.start("open", {}, { env: this.disk(member).env });
  }

  /** What the leader of the moment says of itself. */
  async leaderNow() {
    return (await this.drill.leader()).status();
  }

  /** Waits for an event of this type since `fromMs`. */
  event(member, type, fromMs, timeoutMs) {
    return this.drill.until(
      `member ${member.id} to tell "${type}"`,
      () => member.eventsOf(type).find(({ atMs }) => atMs >= fromMs),
      timeoutMs,
    );
  }

  /** Everything acknowledged is on every member, once, and their states are equal. */
  async conclude() {
    for (const disk of this.disks.values()) disk.clear();
    await this.writers.stop();
    await this.drill.leader();
    for (const member of this.drill.running()) await this.writers.verify(member);
    await this.drill.compareStates();
  }
}

/**
 * Makes every write or sync of one member's log fail until it notices: the member must stop taking part and say why,
 * its process must live, the others must go on, and it must come back whole once the disk is well.
 */
export async function failOneDisk(hosts, member, rule) {
  const { drill, writers } = hosts;
  const { role } = await member.status();
  drill.say(`  member ${member.id} (${role}): ${rule}`);
  const from = performance.now();
  hosts.disk(member).set(rule);
  const { error } = await hosts.event(member, "stopped", from);
  drill.check(
    `member ${member.id} stops taking part and says why`,
    error?.code === "STORAGE_FAILED",
    `${error?.code}: ${error?.message}`,
  );
  const state = await member.status();
  drill.check(
    "its process lives, leads nothing and says so",
    state.role !== "leader" && state.condition === "stopped",
    `${state.condition}; ${state.warnings.join(" ")}`,
  );
  const refused = await member.propose({ type: "set", key: "refused", value: 1 }).then(
    () => undefined,
    (failure) => failure,
  );
  drill.check(
    "it refuses new writes as not applied",
    refused?.outcome === "notApplied",
    `${refused?.code}: ${refused?.message}`,
  );
  await writers.more(100);
  drill.say(`  writes go on; 100 more after ${Math.round(performance.now() - from)} ms`);
  drill.count("disks failed");

  // With the disk still failing, a start is refused or ends the same way; it never pretends.
  await member.kill();
  hosts.disk(member).set("sync * eio");
  const start = await hosts.start(member).then(
    () => undefined,
    (failure) => failure,
  );
  drill.check(
    "on the failing disk it refuses to start",
    start !== undefined,
    start === undefined ? "it started" : `${start.code ?? "no code"}: ${start.message}`,
  );
  await member.kill();
  hosts.disk(member).clear();
  await hosts.start(member);
  const { applied } = await hosts.leaderNow();
  await drill.until("the member to have caught up", async () => {
    return (await member.status()).applied.index >= applied.index;
  });
  drill.check(`member ${member.id} is back on its own disk`, true, `index ${applied.index}`);
}
