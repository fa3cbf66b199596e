const ROUNDS = 5;

const settled = (promise) =>
  promise.then(
    (answer) => ({ value: answer.value }),
    (error) => ({ error }),
  );

export default {
  id: "stale-leader-read",
  hosts: { size: 3 },
  story:
    "The leader's process is stopped in its tracks; the others elect a new leader and write. The old one goes on and is read from " +
    "before it can know: it refuses, or answers what the new leader has. What it would have said by itself is asked as well: an old value.",
  async run(drill) {
    await drill.found();
    let locallyOld = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const old = await drill.leader();
      await old.propose({ type: "set", key: "n", value: round * 2 - 1 }, { timeoutMs: 20_000 });
      old.process.signal("SIGSTOP");
      const next = await drill.leader({ among: () => drill.others(old) });
      await next.propose({ type: "set", key: "n", value: round * 2 }, { timeoutMs: 20_000 });
      // They wait in its pipe and are the first thing that it sees.
      const local = settled(old.query({ key: "n" }, { level: "stale" }));
      const reads = ["linearizable", "lease", "linearizable", "lease"].map((level) =>
        settled(old.query({ key: "n" }, { level, timeoutMs: 3_000 })),
      );
      old.process.signal("SIGCONT");
      const answers = await Promise.all(reads);
      if ((await local).value === round * 2 - 1) locallyOld += 1;
      const wrong = answers.filter(({ value, error }) => !error && value !== round * 2);
      drill.count("reads refused", answers.filter(({ error }) => error).length);
      drill.count("reads answered", answers.filter(({ error }) => !error).length);
      drill.check(
        `round ${round}: nobody reads an old value from member ${old.id}, deposed without knowing it`,
        wrong.length === 0,
        answers.map(({ value, error }) => error?.code ?? `${value}`).join(", "),
      );
    }
    drill.check(
      "it did hold the old value when it was asked: answered by itself, the reads would have been wrong",
      locallyOld > 0,
      `in ${locallyOld} of ${ROUNDS} rounds`,
    );
    await drill.compareStates();
  },
};
