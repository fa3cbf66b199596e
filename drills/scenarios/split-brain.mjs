import { STAGED_HOSTS } from "../lib/staged-write.mjs";

const failed = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

export default {
  id: "split-brain",
  hosts: { ...STAGED_HOSTS, size: 5 },
  story:
    "The old leader is left with a minority, the majority elects a new one, and both are written to: set name=chen, set " +
    "name=tttt. Only the majority's write commits; after healing there is one history.",
  async run(drill) {
    const old = await drill.found();
    await old.propose({ type: "set", key: "name", value: "nobody" });
    const [companion, ...majority] = drill.shuffled(drill.others(old));
    const few = [old, companion];
    const ids = (members) => members.map(({ id }) => id);
    drill.links.setBetween("cut", ids(few), ids(majority));
    drill.say(
      `  members ${ids(few).join(", ")} | ${ids(majority).join(", ")}; member ${old.id} led`,
    );
    const minorityWrite = failed(
      old.propose({ type: "set", key: "name", value: "chen" }, { timeoutMs: 2_000 }),
    );
    const next = await drill.leader({ among: () => majority });
    await next.propose({ type: "set", key: "name", value: "tttt" }, { timeoutMs: 20_000 });
    const error = await minorityWrite;
    drill.check(
      "the minority's write is not acknowledged, and the client is told why",
      error !== undefined,
      `${error?.outcome}: ${error?.message}`,
    );
    const read = await failed(old.query({ key: "name" }, { timeoutMs: 1_000 }));
    drill.check("the minority answers no linearizable read", read !== undefined, read?.message);
    const stale = await old.query({ key: "name" }, { level: "stale" });
    drill.check("stale reads are served on request", stale.value === "nobody", stale.value);
    const states = await Promise.all([old, next].map((member) => member.status()));
    drill.check(
      "the majority's leader has the higher term",
      states[1].core.term > states[0].core.term,
      states.map(({ core }) => core.term).join(" and "),
    );
    drill.links.openAll();
    await drill.until("everybody to follow one leader", async () => {
      const all = await Promise.all(drill.running().map((member) => member.status()));
      return new Set(all.map(({ leader }) => leader)).size === 1 && all[0].leader !== 0;
    });
    const values = await Promise.all(
      drill.running().map(async (member) => (await member.query({ key: "name" })).value),
    );
    drill.check(
      "after healing all have the majority's write",
      values.every((value) => value === "tttt"),
      values.join(", "),
    );
    drill.count("writes committed", 2);
    drill.count("writes refused", 1);
    await drill.compareStates();
  },
};
