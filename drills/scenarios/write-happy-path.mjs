export default {
  id: "write-happy-path",
  hosts: { size: 3, tickMs: 300 },
  story:
    "One write, slowed down by holding the network: uncommitted on the leader, uncommitted on the followers, committed on " +
    "the leader and answered, committed on the followers.",
  async run(drill) {
    const leader = await drill.found();
    const followers = drill.others(leader);
    const ids = followers.map(({ id }) => id);
    await leader.propose({ type: "set", key: "before", value: 0 });
    const before = (await leader.status()).core;
    const index = before.last.index + 1;
    const holds = async (member) => (await member.status()).core.last.index >= index;
    const committed = async (member) => (await member.status()).core.commit >= index;

    drill.links.set("held", leader.id, ids);
    let answered = false;
    const answer = leader.propose({ type: "set", key: "name", value: "chen" }).then((reply) => {
      answered = true;
      return reply;
    });
    await drill.until("the leader to have the entry", () => holds(leader));
    const elsewhere = await Promise.all(followers.map(holds));
    drill.check(
      "the entry is in the leader's log only, uncommitted",
      !elsewhere.includes(true) && !(await committed(leader)) && !answered,
    );

    drill.links.set("held", ids, leader.id);
    drill.links.set("open", leader.id, ids);
    await drill.until("the followers to have the entry", async () =>
      (await Promise.all(followers.map(holds))).every(Boolean),
    );
    drill.check(
      "the followers have it, nobody has committed it, nobody was answered",
      !(await committed(leader)) && !answered,
    );

    drill.links.set("held", leader.id, ids);
    drill.links.set("open", ids, leader.id);
    const { position, result } = await answer;
    const known = await Promise.all(followers.map(committed));
    drill.check(
      "the acknowledgements arrive: committed on the leader, the client is answered",
      (await committed(leader)) && position.index === index && result.times === 1,
      `index ${position.index}, term ${position.term}`,
    );
    drill.check("the followers do not know yet that it is committed", !known.includes(true));

    drill.links.openAll();
    await drill.until("the followers to learn of it", async () =>
      (await Promise.all(followers.map(committed))).every(Boolean),
    );
    const values = await Promise.all(
      drill.running().map(async (member) => (await member.peek("name"))?.value),
    );
    drill.check(
      "it is committed and applied on every member",
      values.every((value) => value === "chen"),
      values.join(", "),
    );
    drill.count("writes", 1);
    await drill.compareStates();
  },
};
