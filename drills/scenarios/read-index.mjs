const ROUNDS = 200;

export default {
  id: "read-index",
  hosts: { size: 3 },
  story:
    "Every member is read from after every write, linearizably. Each read sees the write before it, on whichever member, and no " +
    "read writes anything to the log.",
  async run(drill) {
    const leader = await drill.found();
    await leader.propose({ type: "set", key: "n", value: 0 }, { timeoutMs: 20_000 });
    const before = (await leader.status()).core.last.index;
    let stale = 0;
    for (let n = 1; n <= ROUNDS; n += 1) {
      await drill.pick(drill.running()).propose({ type: "set", key: "n", value: n });
      const seen = await Promise.all(drill.running().map((member) => member.query({ key: "n" })));
      stale += seen.filter(({ value }) => value !== n).length;
      drill.count("writes");
      drill.count("reads", seen.length);
    }
    drill.check(
      "every read saw the write before it, on every member",
      stale === 0,
      `${drill.counted("reads")} reads, ${stale} of them old`,
    );
    const after = (await leader.status()).core.last.index;
    drill.check(
      "reads cost no entries: the log grew by the writes only",
      after - before <= ROUNDS + 2,
      `${after - before} entries for ${ROUNDS} writes`,
    );
    const states = await Promise.all(drill.running().map((member) => member.status()));
    drill.say(
      `  rounds of heartbeats for reads: ${states.map(({ metrics }) => metrics.readRounds).join(", ")}`,
    );
    await drill.compareStates();
  },
};
