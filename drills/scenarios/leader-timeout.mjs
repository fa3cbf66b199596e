import { HostWriters } from "../lib/host-writers.mjs";

const ROUNDS = 3;

export default {
  id: "leader-timeout",
  hosts: { size: 3 },
  story:
    "The leader's process is stopped in its tracks (SIGSTOP): no heartbeats, and no error either. A follower misses it, stands " +
    "for election and leads in a higher term, with every committed entry; the old one wakes up and follows.",
  async run(drill) {
    await drill.found();
    const writers = new HostWriters(drill, { sticky: true, timeoutMs: 4_000 });
    for (let round = 1; round <= ROUNDS; round += 1) {
      await writers.more(100);
      const leader = await drill.leader();
      const { term } = (await leader.status()).core;
      const others = drill.others(leader);
      leader.process.signal("SIGSTOP");
      const from = performance.now();
      const next = await drill.leader({ among: () => others });
      const tookMs = Math.round(performance.now() - from);
      const after = (await next.status()).core.term;
      drill.check(
        "another leads in a higher term",
        next !== leader && after > term,
        `member ${leader.id} in term ${term}, member ${next.id} in term ${after}, after ${tookMs} ms`,
      );
      leader.process.signal("SIGCONT");
      await drill.until("the old leader to follow", async () => {
        return (await leader.status()).role === "follower";
      });
      drill.count("leaders stopped");
    }
    await writers.stop();
    for (const member of drill.running()) await writers.verify(member);
    await drill.compareStates();
  },
};
