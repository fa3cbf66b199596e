const GROUPS = 30;
const WRITES_PER_GROUP = 20;

/** How many groups each of the members 1 to 3 leads, by the word of `member`; undefined while one has no leader. */
async function leadership(member) {
  const counts = new Map([1, 2, 3].map((id) => [id, 0]));
  for (const [, leader] of await member.ask("leaders")) {
    if (leader === 0) return undefined;
    counts.set(leader, counts.get(leader) + 1);
  }
  return counts;
}

const told = (counts) => [...counts].map(([id, count]) => `member ${id}: ${count}`).join(", ");

export default {
  id: "many-groups",
  hosts: { size: 3, balanceLeaders: true },
  story:
    "One leader is the bottleneck of all requests, so there are thirty groups, each with a log of its own, in the same three " +
    "processes. Leaders spread over the members. One member is killed: its groups are led by the others, and after its return " +
    "the leaders spread again. No group loses a write.",
  async run(drill) {
    await drill.found();
    const all = drill.members([1, 2, 3]);
    const members = all.map((member) => member.asMember);
    await Promise.all(all.map((member) => member.ask("createMore", { members, count: GROUPS })));
    const spread = (among) =>
      drill.until(
        "the leaders to be spread evenly",
        async () => {
          const counts = await leadership(among[0]);
          if (counts === undefined) return undefined;
          const led = among.map(({ id }) => counts.get(id));
          const isEven = Math.max(...led) - Math.min(...led) <= 2;
          return isEven && led.reduce((sum, count) => sum + count) === GROUPS && counts;
        },
        60_000,
      );
    drill.check("leaders are spread over the members", true, told(await spread(all)));

    const written = new Map();
    const write = async (round, among) => {
      const calls = [];
      for (let groupId = 1; groupId <= GROUPS; groupId += 1) {
        for (let number = 0; number < WRITES_PER_GROUP; number += 1) {
          const key = `${round}/${number}`;
          const command = { type: "set", key, value: `group ${groupId}` };
          const member = among[(groupId + number) % among.length];
          calls.push(
            member
              .propose(command, { groupId, timeoutMs: 20_000 })
              .then(() => written.set(`${groupId} ${key}`, { groupId, key })),
          );
        }
      }
      const outcomes = await Promise.allSettled(calls);
      const failed = outcomes.filter(({ status }) => status === "rejected");
      drill.count("writes without an answer", failed.length);
    };
    await write("first", all);
    const killed = drill.pick(all);
    const rest = all.filter((member) => member !== killed);
    await killed.kill();
    drill.say(`  member ${killed.id} was killed`);
    drill.check("the others lead its groups", true, told(await spread(rest)));
    await write("second", rest);
    await killed.start("open");
    await killed.ask("openMore", { count: GROUPS });
    drill.check("after its return the leaders spread again", true, told(await spread(all)));
    await write("third", all);
    drill.count("acknowledged writes", written.size);
    for (const member of all) {
      let missing = 0;
      let mixedUp = 0;
      for (const { groupId, key } of written.values()) {
        const entry = await member.query({ key }, { groupId, timeoutMs: 20_000 });
        if (entry === null) missing += 1;
        else if (entry.value !== `group ${groupId}` || entry.times !== 1) mixedUp += 1;
      }
      drill.check(
        `every acknowledged write is in its group, once (member ${member.id})`,
        missing === 0 && mixedUp === 0,
        `${written.size} acknowledged, ${missing} missing, ${mixedUp} mixed up`,
      );
    }
  },
};
