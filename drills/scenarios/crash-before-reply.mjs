import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

export default {
  id: "crash-before-reply",
  hosts: STAGED_HOSTS,
  story:
    "The write is committed and applied everywhere; only the answer never leaves the leader, which dies. Others count on; " +
    "the client's retry gets the result of its first attempt, not a new one.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    const { leader } = write;
    write.ask({ loseAnswer: true });
    await drill.until("every member to have applied it", async () => {
      const seen = await Promise.all(drill.running().map((member) => member.peek(write.key)));
      return seen.every((entry) => entry?.times === 1);
    });
    drill.check("applied on every member, the client knows nothing", !write.answered);
    await write.killLeader();
    const next = await write.newLeader();
    const { result: later } = await next.propose({ type: "add", key: write.key, by: 10 });
    drill.check("somebody else has counted on meanwhile", later.total === 11, `${later.total}`);
    const result = await write.retry();
    drill.check(
      "the retry gets the first result and adds nothing",
      result.total === 1 && result.times === 1,
      `total ${result.total}, the counter stands at ${later.total}`,
    );
    await write.oldLeaderReturns();
    await drill.compareStates();
    const { total, times } = await leader.query({ key: write.key });
    drill.check("both commands were applied once", total === 11 && times === 2, `${total}`);
  },
};
