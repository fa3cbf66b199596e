export default {
  id: "roles-cold-start",
  hosts: { size: 5 },
  story:
    "Five members start at once, all as followers. The first whose random time-out ends stands for election and wins; there is " +
    "one leader in the term, the others follow, and its empty entry is committed.",
  async run(drill) {
    const leader = await drill.found();
    const states = await drill.until("everybody to follow", async () => {
      const all = await Promise.all(drill.running().map((member) => member.status()));
      return all.every((state) => state.leader === leader.id) && all;
    });
    const terms = new Set(states.map(({ core }) => core.term));
    drill.check(
      "all agree on the leader and its term",
      terms.size === 1,
      `member ${leader.id}, term ${[...terms]}`,
    );
    const byTerm = new Map();
    for (const member of drill.members()) {
      for (const { role, term } of member.eventsOf("role")) {
        if (role === "leader") byTerm.set(term, (byTerm.get(term) ?? new Set()).add(member.id));
      }
    }
    drill.check(
      "no term had two leaders",
      [...byTerm.values()].every((leaders) => leaders.size === 1),
      [...byTerm].map(([term, leaders]) => `term ${term}: ${[...leaders]}`).join("; "),
    );
    const { core } = await leader.status();
    drill.check(
      "an entry of the leader's own term is committed, before anybody wrote",
      core.commit > drill.size - 1,
      `commit index ${core.commit}; ${drill.size} entries found the group`,
    );
    drill.count("elections", byTerm.size);
  },
};
