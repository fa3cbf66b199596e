import { FaultyHosts } from "../lib/faulty-hosts.mjs";
import { pause } from "../lib/report.mjs";

const KILLS = 3;

export default {
  id: "disk-short-writes",
  hosts: { size: 3 },
  story:
    "The system takes half of the bytes of every write, on all members, all the time, and members are killed in the middle of " +
    "it. What was not taken follows; nothing is lost and nobody stops.",
  async run(drill) {
    const hosts = await FaultyHosts.found(drill);
    for (const disk of hosts.disks.values()) disk.set("write * short");
    const from = performance.now();
    await hosts.writers.more(300);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await pause(drill.random() * 300);
      const member = drill.pick(drill.running());
      await member.kill();
      drill.count("members killed");
      await hosts.writers.more(50);
      await hosts.start(member);
      await hosts.writers.more(50);
    }
    const stopped = drill.running().flatMap((member) => member.eventsOf("stopped"));
    drill.check(
      "short writes are no failure: nobody stopped",
      stopped.filter(({ atMs }) => atMs >= from).length === 0,
      `${hosts.writers.acknowledged.size} writes acknowledged`,
    );
    await hosts.conclude();
  },
};
