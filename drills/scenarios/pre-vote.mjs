import { HostWriters } from "../lib/host-writers.mjs";

const AWAY_MS = 6_000;

export default {
  id: "pre-vote",
  hosts: { size: 3 },
  story:
    "A member is cut off and times out again and again. It asks first whether it could win, so its term does not grow, and when " +
    "it comes back the leader is not disturbed.",
  async run(drill) {
    const leader = await drill.found();
    const away = drill.pick(drill.others(leader));
    const rest = drill.running().filter((member) => member !== away);
    const writers = new HostWriters(drill, { members: () => rest });
    const { term } = (await leader.status()).core;
    const from = performance.now();
    drill.links.setBetween(
      "cut",
      away.id,
      rest.map(({ id }) => id),
    );
    await drill.until("it to time out several times", () => performance.now() - from > AWAY_MS);
    const alone = await away.status();
    drill.check(
      "cut off for several time-outs, its term has not grown",
      alone.core.term === term && alone.leader === 0,
      `term ${alone.core.term} after ${Math.round(performance.now() - from)} ms, ${alone.role}`,
    );
    drill.links.openAll();
    await drill.until("it to follow again", async () => (await away.status()).leader === leader.id);
    await writers.more(100);
    await writers.stop();
    const after = await leader.status();
    drill.check(
      "the leader was not disturbed",
      after.role === "leader" && after.core.term === term,
      `member ${leader.id}, term ${after.core.term}; longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`,
    );
    await drill.compareStates();
  },
};
