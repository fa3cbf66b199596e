import { HostWriters } from "../lib/host-writers.mjs";
import { shown } from "../lib/membership.mjs";

export default {
  id: "remove-leader",
  hosts: { size: 4 },
  story:
    "The leader is asked to remove itself, under load. It hands over, the change is completed, and it steps down for good; " +
    "nobody waits for an election time-out.",
  async run(drill) {
    const leader = await drill.found();
    const others = drill.others(leader);
    const writers = new HostWriters(drill, { members: () => others });
    await writers.more(200);
    writers.longestGapMs = 0;
    const from = performance.now();
    const answer = await leader
      .ask("changeMembership", {
        steps: [{ action: "remove", member: leader.id }],
        timeoutMs: 30_000,
      })
      .then(
        (membership) => `voters ${shown(membership)}`,
        (error) => `${error.code}, ${error.outcome}: ${error.message}`,
      );
    drill.check(
      "the caller hears that the removal is complete",
      answer.startsWith("voters"),
      `${answer}, after ${Math.round(performance.now() - from)} ms`,
    );
    const successor = await drill.leader({ among: () => others });
    const { membership } = (await successor.status()).core;
    drill.check(
      "the group has three voters left",
      !membership.voters.includes(leader.id) && membership.voters.length === 3,
      `voters ${shown(membership)}`,
    );
    await drill.until("the old leader to know that it is out", async () => {
      return (await leader.status()).condition === "removed";
    });
    await writers.more(200);
    await writers.stop();
    drill.say(`  longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`);
    const next = await drill.leader({ among: () => others });
    drill.check("one of the others leads", next.id !== leader.id, `member ${next.id}`);
    const refused = await leader
      .propose({ type: "set", key: "late", value: 1 }, { timeoutMs: 2_000 })
      .then(
        () => undefined,
        (error) => error,
      );
    drill.check(
      "the removed member refuses writes and says why",
      refused?.outcome === "notApplied",
      refused?.message ?? "it took one",
    );
    const { term } = (await next.status()).core;
    await drill.until("some time to pass", () => performance.now() - from > 4_000);
    drill.check(
      "it does not disturb the others by elections",
      (await next.status()).core.term === term,
      `term ${term}`,
    );
    await leader.kill();
    for (const member of others) await writers.verify(member);
    await drill.compareStates(others);
  },
};
