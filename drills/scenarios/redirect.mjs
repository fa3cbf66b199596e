const CALLS = 300;

export default {
  id: "redirect",
  hosts: { size: 5 },
  story:
    "A client asks members at random, also while there is no leader. Each serves it: the leader at once, a follower by passing " +
    "the command on; and each says who leads.",
  async run(drill) {
    const leader = await drill.found();
    const served = new Map(drill.members().map(({ id }) => [id, 0]));
    const client = await drill.client();
    const call = async (n) => {
      const member = drill.pick(drill.running());
      const session = client.next();
      const { result, attempts } = await client.repeat(
        { type: "add", key: "calls", by: 1 },
        session,
        {
          members: () => [member, ...drill.others(member)],
          timeoutMs: 5_000,
        },
      );
      drill.count(attempts === 1 ? "served at once" : "served by another");
      served.set(member.id, served.get(member.id) + 1);
      if (result.total !== n) throw new Error(`call ${n} counted ${result.total}`);
    };
    for (let n = 1; n <= CALLS / 2; n += 1) await call(n);
    const states = await Promise.all(drill.running().map((member) => member.status()));
    drill.check(
      "every member says who leads",
      states.every((state) => state.leader === leader.id),
      `member ${leader.id}`,
    );
    const forwarded = states.reduce((sum, { metrics }) => sum + metrics.proposalsForwarded, 0);
    drill.check("followers passed commands on", forwarded > 0, `${forwarded} commands`);

    // Without a leader a member holds the command until there is one, within the caller's time.
    const waiting = drill.others(leader);
    await leader.kill();
    const killedAt = performance.now();
    drill.count("leaders killed");
    const asked = drill.pick(waiting);
    const reply = await asked.propose(
      { type: "set", key: "without-a-leader", value: true },
      { timeoutMs: 20_000 },
    );
    drill.check(
      "a command that came while nobody led is served by the next leader",
      reply.result.times === 1,
      `member ${asked.id} answered after ${Math.round(performance.now() - killedAt)} ms`,
    );
    for (let n = CALLS / 2 + 1; n <= CALLS; n += 1) await call(n);
    await leader.start("open");
    const { total } = await leader.query({ key: "calls" });
    drill.check("each call counted once", total === CALLS, `${total} of ${CALLS}`);
    drill.say(`  calls by member: ${[...served].map(([id, n]) => `${id}: ${n}`).join(", ")}`);
    await drill.compareStates();
  },
};
