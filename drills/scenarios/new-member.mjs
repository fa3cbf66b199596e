import { HostWriters } from "../lib/host-writers.mjs";
import { addVoter, membershipsSeen, shown } from "../lib/membership.mjs";

const KEYS = 3_000;

export default {
  id: "new-member",
  hosts: {
    size: 3,
    spares: 1,
    snapshotPolicy: { entriesMax: 500, keepEntries: 50 },
    logSegmentBytes: 256 * 1024,
  },
  story:
    "A cluster that has lived long enough to have given up the beginning of its log. An empty member joins: it comes in as a " +
    "learner, is brought up by a snapshot, and gets its vote only then. Writes go on all the time.",
  async run(drill) {
    const leader = await drill.found();
    const writers = new HostWriters(drill, {
      count: 16,
      valueBytes: 200,
      members: () => drill.members([1, 2, 3]),
    });
    await writers.more(KEYS, 120_000);
    await drill.until("the log's beginning to be given up", async () => {
      return (await leader.status()).firstIndex > 1;
    });
    const { firstIndex } = await leader.status();
    drill.say(`  the log begins at index ${firstIndex}: an empty member cannot come up by it`);

    const from = performance.now();
    const newcomer = drill.member(4);
    await newcomer.start("join", { contacts: drill.members([1, 2, 3]).map((m) => m.asMember) });
    const before = await newcomer.status();
    drill.check(
      "the new member waits to be added and does not campaign",
      before.core.term === 0 &&
        before.role === "follower" &&
        before.core.membership.voters.length === 0,
    );
    const membership = await addVoter(drill.member(1), newcomer);
    const tookMs = Math.round(performance.now() - from);
    drill.check(
      "it is a voter in the end",
      membership.voters.includes(4) && membership.learners.length === 0,
      `voters ${shown(membership)}, after ${tookMs} ms`,
    );
    const stages = [
      ...new Set(
        drill
          .member(1)
          .eventsOf("stage")
          .map(({ stage }) => stage.stage),
      ),
    ];
    drill.check(
      "the change told its stages: learner, catching up, promotion",
      ["addingLearners", "catchingUp", "changing", "done"].every((stage) =>
        stages.includes(stage),
      ) || ["addingLearners", "changing", "done"].every((stage) => stages.includes(stage)),
      stages.join(", "),
    );
    const seen = membershipsSeen(drill.members([1, 2, 3]), from);
    drill.check(
      "the three old voters kept their votes all the time",
      [...seen.values()].every(({ voters }) => [1, 2, 3].every((id) => voters.includes(id))),
      [...seen.keys()].join(" → "),
    );
    const installed = newcomer.events.filter(
      (e) => e.type === "snapshot" && e.phase === "installed",
    );
    drill.check("it came up by a snapshot", installed.length > 0, `${installed.length} installed`);
    await writers.more(200);
    await writers.stop();
    drill.say(`  longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`);
    for (const member of drill.running()) await writers.verify(member);

    // Its vote counts: with one of the old members gone, four voters still decide.
    await leader.kill();
    const next = await drill.leader({ besides: leader.id });
    const { result } = await next.propose(
      { type: "set", key: "after", value: 1 },
      { timeoutMs: 20_000 },
    );
    drill.check("with the old leader gone, the group of four decides", result.times === 1);
    await drill.compareStates();
  },
};
