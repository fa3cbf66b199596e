export default {
  id: "check-quorum",
  hosts: { size: 5 },
  story:
    "A leader loses touch with the majority, first on the way out, then on the way back only. It steps down within an election " +
    "time-out instead of leading nobody, and refuses linearizable reads.",
  async run(drill) {
    await drill.found();
    for (const oneWay of [false, true]) {
      const leader = await drill.leader();
      await leader.propose({ type: "set", key: "name", value: "chen" }, { timeoutMs: 20_000 });
      const others = drill.shuffled(drill.others(leader)).slice(0, 3);
      const ids = others.map(({ id }) => id);
      const from = performance.now();
      drill.links.set("cut", ids, leader.id);
      if (!oneWay) drill.links.set("cut", leader.id, ids);
      await drill.until("the leader to step down", async () => {
        return (await leader.status()).role !== "leader";
      });
      drill.check(
        oneWay
          ? "a leader that three of five hear but that does not hear them steps down"
          : "a leader that cannot reach three of five steps down",
        true,
        `after ${Math.round(performance.now() - from)} ms`,
      );
      const read = await leader.query({ key: "name" }, { timeoutMs: 1_000 }).then(
        () => "answered",
        ({ code }) => code,
      );
      const { leader: known } = await leader.status();
      drill.check(
        "it answers no linearizable read unless somebody else leads",
        read !== "answered" || known !== 0,
        read,
      );
      drill.links.openAll();
      await drill.leader();
      drill.count("leaders that stepped down");
    }
    await drill.compareStates();
  },
};
