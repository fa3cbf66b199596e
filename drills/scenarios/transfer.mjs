import { HostWriters } from "../lib/host-writers.mjs";

const TRANSFERS = 6;

export default {
  id: "transfer",
  hosts: { size: 3 },
  story:
    "Leadership is handed over on request, again and again, under load: the target catches up and campaigns at once. Then to a " +
    "member that does not answer: the transfer ends with its time, and the old leader goes on. No write is lost.",
  async run(drill) {
    await drill.found();
    const writers = new HostWriters(drill);
    await writers.more(100);
    writers.longestGapMs = 0;
    for (let n = 1; n <= TRANSFERS; n += 1) {
      const leader = await drill.leader();
      const target = drill.pick(drill.others(leader));
      const through = drill.pick(drill.running());
      const to = await through.ask("transferLeadership", { to: target.id, timeoutMs: 10_000 });
      if (to !== target.id) drill.check("the one that was asked for leads", false, `${to}`);
      drill.count("transfers");
      await writers.more(50);
    }
    drill.check(
      "each transfer ended with the member that was asked for",
      true,
      `longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`,
    );
    const leader = await drill.leader();
    const silent = drill.pick(drill.others(leader));
    silent.process.signal("SIGSTOP");
    const refused = await leader
      .ask("transferLeadership", { to: silent.id, timeoutMs: 3_000 })
      .then(
        () => undefined,
        (error) => error,
      );
    drill.check(
      "a transfer to a silent member ends with its time",
      refused !== undefined,
      refused?.message,
    );
    silent.process.signal("SIGCONT");
    await writers.more(100);
    await writers.stop();
    for (const member of drill.running()) await writers.verify(member);
    await drill.compareStates();
  },
};
