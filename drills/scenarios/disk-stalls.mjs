import { FaultyHosts } from "../lib/faulty-hosts.mjs";
import { pause } from "../lib/report.mjs";

const STALL_MS = 5_000;

export default {
  id: "disk-stalls",
  hosts: { size: 3 },
  story:
    "A write to the leader's log hangs for five seconds. It does not fail, so heartbeats go on and hide it; the leader notices, " +
    "hands over, and others answer while it hangs. When the disk answers again it follows as before.",
  async run(drill) {
    const hosts = await FaultyHosts.found(drill, { timeoutMs: 20_000, sticky: true });
    const { writers } = hosts;
    const leader = await drill.leader();
    const { diskStallMs = 2_000 } = drill.settings.limits ?? {};
    writers.longestGapMs = 0;
    const from = performance.now();
    hosts.disk(leader).set(`sync /log/ stall ${STALL_MS}`);
    // One write hangs; those after it find the disk as it was.
    await drill.until("a write to hang", async () => {
      return (await leader.status()).warnings.some((warning) => warning.includes("under way"));
    });
    hosts.disk(leader).clear();
    drill.say(`  a write of member ${leader.id}, the leader, hangs`);
    const stalled = await hosts.event(leader, "diskStalled", from);
    drill.check(
      "the leader notices and says so",
      stalled.forMs >= diskStallMs,
      `a write has been under way for ${Math.round(stalled.forMs)} ms`,
    );
    await hosts.event(leader, "resigned", from);
    const next = await drill.leader({ besides: leader.id });
    const ledAfterMs = Math.round(performance.now() - from);
    await writers.more(50);
    const wroteAfterMs = Math.round(performance.now() - from);
    drill.check(
      "another leads and writes go on while the disk still hangs",
      wroteAfterMs < STALL_MS,
      `member ${next.id} after ${ledAfterMs} ms, 50 writes after ${wroteAfterMs} ms`,
    );
    const recovered = await hosts.event(leader, "diskRecovered", from);
    drill.check(
      "the disk answers again, and the member says so",
      true,
      `after ${Math.round(recovered.afterMs)} ms`,
    );
    const { applied } = await hosts.leaderNow();
    await drill.until("it to have caught up", async () => {
      return (await leader.status()).applied.index >= applied.index;
    });
    drill.check(
      "it follows as before, without a restart",
      (await leader.status()).condition === "running" && leader.eventsOf("stopped").length === 0,
    );
    drill.say(`  longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`);

    // On a follower nobody should notice.
    const follower = drill.pick(drill.others(await drill.leader()));
    const { core } = await hosts.leaderNow();
    writers.longestGapMs = 0;
    const again = performance.now();
    hosts.disk(follower).set(`sync /log/ stall ${STALL_MS}`);
    await hosts.event(follower, "diskStalled", again);
    hosts.disk(follower).clear();
    await hosts.event(follower, "diskRecovered", again);
    await pause(200);
    const after = await hosts.leaderNow();
    drill.check(
      "a follower's disk that hangs changes nothing for the others",
      after.core.term === core.term,
      `term ${after.core.term}; longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`,
    );
    drill.count("stalls", 2);
    await hosts.conclude();
  },
};
