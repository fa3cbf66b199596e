const SPLIT_MS = 4_000;

const failed = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

export default {
  id: "five-way-split",
  hosts: { size: 5 },
  story:
    "Five members in three pieces, then each alone: no majority anywhere. No write, no linearizable read, no wrong answer; stale " +
    "reads on request. When a majority is back together, the group heals by itself.",
  async run(drill) {
    const leader = await drill.found();
    await leader.propose({ type: "set", key: "name", value: "chen" }, { timeoutMs: 20_000 });
    await drill.compareStates();
    const ids = drill.shuffled([1, 2, 3, 4, 5]);
    for (const pieces of [
      [ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)],
      ids.map((id) => [id]),
    ]) {
      for (const piece of pieces) {
        drill.links.setBetween(
          "cut",
          piece,
          ids.filter((id) => !piece.includes(id)),
        );
      }
      const from = performance.now();
      await drill.until("nobody to lead", async () => {
        const all = await Promise.all(drill.running().map((member) => member.status()));
        return all.every(({ role }) => role !== "leader");
      });
      const writes = await Promise.all(
        drill
          .running()
          .map((member) =>
            failed(
              member.propose(
                { type: "set", key: "name", value: "tttt" },
                { timeoutMs: SPLIT_MS / 2 },
              ),
            ),
          ),
      );
      const reads = await Promise.all(
        drill
          .running()
          .map((member) => failed(member.query({ key: "name" }, { timeoutMs: SPLIT_MS / 2 }))),
      );
      const stale = await Promise.all(drill.running().map((member) => member.peek("name")));
      drill.count("writes refused", writes.filter((error) => error !== undefined).length);
      drill.count("reads refused", reads.filter((error) => error !== undefined).length);
      drill.check(
        `split into ${pieces.map((piece) => piece.join("+")).join(" | ")}: no write, no linearizable read`,
        [...writes, ...reads].every((error) => error !== undefined),
        `${[...new Set(writes.map(({ outcome }) => outcome))].join(", ")}; ${Math.round(performance.now() - from)} ms`,
      );
      drill.check(
        "stale reads on request see the last agreed value",
        stale.every(({ value }) => value === "chen"),
      );
      // Whoever still waited has given up by now: healing brings nothing back that was refused as not applied.
      drill.links.openAll();
      const next = await drill.leader();
      const { value } = await next.query({ key: "name" }, { timeoutMs: 20_000 });
      drill.check(
        "healed by itself; one value, one leader",
        ["chen", "tttt"].includes(value),
        `${value}, member ${next.id}`,
      );
      await next.propose({ type: "set", key: "name", value: "chen" }, { timeoutMs: 20_000 });
      await drill.compareStates();
    }
  },
};
