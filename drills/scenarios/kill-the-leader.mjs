import { pause } from "../lib/drill.mjs";
import { Writers } from "../lib/writers.mjs";

const KILLS = 10;

export default {
  id: "kill-the-leader",
  story:
    "Twenty writers write through all three members. The leader is killed ten times with SIGKILL and comes back each time; " +
    "then all three are killed at once and started again. Every acknowledged write must be there, none applied twice.",
  async run(drill) {
    const { cluster } = drill;
    cluster.startAll();
    await cluster.allReady();
    const writers = new Writers(drill);
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const leader = await drill.leader();
      await pause(200 + drill.random() * 600);
      const before = writers.acknowledged.size;
      const killedAt = performance.now();
      await cluster.kill(leader);
      drill.count("leaders killed");
      await drill.until("writes to go on", () => writers.acknowledged.size > before + 20);
      drill.say(
        `  kill ${kill}: ${leader.name} led; writes went on after ${Math.round(performance.now() - killedAt)} ms`,
      );
      cluster.start(leader);
      await cluster.ready(leader);
    }
    await pause(drill.random() * 500);
    await Promise.all(cluster.members.map((member) => cluster.kill(member)));
    drill.count("members killed at once", cluster.members.length);
    await writers.stop();
    cluster.startAll();
    await cluster.allReady();
    await drill.leader();
    for (const member of cluster.members) await writers.verify(member);
    await drill.compareStates();
  },
};
