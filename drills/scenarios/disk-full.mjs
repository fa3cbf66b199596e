import { FaultyHosts } from "../lib/faulty-hosts.mjs";

export default {
  id: "disk-full",
  hosts: { size: 3, logSegmentBytes: 256 << 10 },
  story:
    "The leader's disk is full: files cannot grow. It says so before its log is at risk, hands over and can still be read; the " +
    "others take the writes. It goes on by itself when there is room again, or, where the others have filled the room it had " +
    "left, it has stopped before its log was at risk, says the way out, and comes back whole.",
  async run(drill) {
    const hosts = await FaultyHosts.found(drill, { valueBytes: 2_000 });
    const { writers } = hosts;
    const leader = await drill.leader();
    const from = performance.now();
    drill.say(`  member ${leader.id} leads; its files cannot grow from now on`);
    hosts.disk(leader).set(`write /${leader.id}/ full`);
    await hosts.event(leader, "storageFull", from, 60_000);
    drill.check(
      "the member says that its disk is full",
      true,
      `after ${Math.round(performance.now() - from)} ms`,
    );
    const [key] = writers.acknowledged.keys();
    const read = await leader.query({ key }, { level: "stale" }).catch(({ message }) => message);
    drill.check("it can still be read", typeof read === "object" && read !== null, key);
    const resigned = await hosts.event(leader, "resigned", from);
    const next = await drill.leader({ besides: leader.id });
    drill.check(
      "it has handed over",
      next !== leader,
      `${resigned.reason}; member ${next.id} leads`,
    );
    await writers.more(300, 60_000);
    const state = await leader.status();
    drill.check(
      "writes go on through the others; the full member's process lives",
      leader.isRunning,
      `${state.condition}; ${state.warnings.join(" ")}`,
    );
    const { applied } = await next.status();
    const stopped = leader.eventsOf("stopped").filter(({ atMs }) => atMs >= from);

    hosts.disk(leader).clear();
    drill.say(
      `  there is room again; the member ${stopped.length === 0 ? "is still running" : "has stopped"}`,
    );
    if (stopped.length === 0) {
      await hosts.event(leader, "storageFreed", from);
      drill.check("the member notices by itself", true);
    } else {
      const { error } = stopped[0];
      drill.check(
        "the member had stopped before it could lose anything, and says the way out",
        error?.code === "STORAGE_FULL",
        `${error?.code}: ${error?.message}`,
      );
      await leader.kill();
      await hosts.start(leader);
    }
    await drill.until("it to have caught up", async () => {
      return (await leader.status()).applied.index >= applied.index;
    });
    drill.check("it has caught up", true, `index ${applied.index}`);
    drill.count("disks full");
    await hosts.conclude();
  },
};
