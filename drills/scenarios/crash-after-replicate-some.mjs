import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

/** Of five members: one follower makes a minority together with the leader, two make a majority. */
const HOLDERS = [1, 2];

export default {
  id: "crash-after-replicate-some",
  hosts: { ...STAGED_HOSTS, size: 5 },
  story:
    "Five members. The leader dies with the entry on one follower (a minority has it), then another leader with the entry on " +
    "two followers (a majority has it, uncommitted). In the first case it may be kept or replaced, in the second it must be " +
    "kept; on every member alike, and the client's retry takes effect once.",
  async run(drill) {
    await drill.found();
    for (const count of HOLDERS) {
      const key = `held-by-${count}`;
      const leader = await drill.leader();
      const client = await drill.client();
      await client.repeat({ type: "add", key: "warm", by: 1 }, client.next());
      const write = new StagedWrite(drill, leader, client, key);
      const { core } = await drill.until("everybody to have caught up", async () => {
        const states = await Promise.all(drill.running().map((member) => member.status()));
        const [first, ...rest] = states.map((state) => state.core.last.index);
        return rest.every((index) => index === first) && leader.status();
      });
      write.index = core.last.index + 1;
      write.term = core.term;
      const chosen = drill.shuffled(write.others).slice(0, count);
      const rest = write.others.filter((member) => !chosen.includes(member));
      drill.links.set("held", write.otherIds, leader.id);
      drill.links.set(
        "held",
        leader.id,
        rest.map(({ id }) => id),
      );
      write.ask();
      await write.reached([leader, ...chosen]);
      const holders = await write.holders();
      drill.check(
        `the entry is on ${count + 1} of 5 members, uncommitted`,
        holders.length === count + 1 && !(await write.hasCommitted(leader)),
        `members ${holders.join(", ")}; index ${write.index}, term ${write.term}`,
      );
      await write.killLeader();
      const next = await write.newLeader();
      const times = await write.times(next);
      drill.say(
        `  member ${next.id} leads now: the entry was ${times === 1 ? "kept" : "replaced"}`,
      );
      if (count > 1) {
        drill.check("a majority had it: it was kept", times === 1);
        drill.check(
          "a member that has it leads: no other can win",
          holders.includes(next.id),
          `member ${next.id}`,
        );
      } else {
        drill.check("a minority had it: it was kept or replaced, never half", times <= 1);
      }
      drill.count(times === 1 ? "entries kept" : "entries replaced");
      const result = await write.retry();
      drill.check("the client's retry gets its one result", result.total === 1, `${result.total}`);
      await write.oldLeaderReturns();
      await write.conclude();
    }
  },
};
