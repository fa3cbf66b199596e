import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

export default {
  id: "crash-after-replicate-all",
  hosts: STAGED_HOSTS,
  story:
    "All followers have the entry, but the leader dies before an acknowledgement reaches it. The new leader commits the " +
    "entry; the client's retry is recognised.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    const { leader, others, otherIds } = write;
    drill.links.set("held", otherIds, leader.id);
    write.ask();
    await write.reached([leader, ...others]);
    drill.check(
      "every member has the entry, nobody has committed it",
      !(await write.hasCommitted(leader)) && !write.answered,
      `index ${write.index}, term ${write.term}`,
    );
    await write.killLeader();
    const next = await write.newLeader();
    drill.check("the new leader commits it", (await write.times(next)) === 1);
    const result = await write.retry();
    drill.check(
      "the client's retry is recognised and gets the first result",
      result.total === 1 && result.times === 1,
      `total ${result.total}`,
    );
    await write.oldLeaderReturns();
    await write.conclude();
  },
};
