import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

export default {
  id: "crash-before-replicate",
  hosts: STAGED_HOSTS,
  story:
    "The leader dies with the entry only in its own log. Others write at the same place of the log; when the old leader " +
    "returns, its entry disappears. The client retries.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    const { leader, otherIds } = write;
    drill.links.set("held", leader.id, otherIds);
    const { logAppendMs } = (await leader.status()).metrics;
    write.ask();
    await write.reached([leader]);
    await drill.until("the entry to be durable on the leader", async () => {
      return (await leader.status()).metrics.logAppendMs > logAppendMs;
    });
    const holders = await write.holders();
    drill.check(
      "the entry is in the leader's own log only",
      holders.length === 1 && holders[0] === leader.id,
      `index ${write.index}, term ${write.term}`,
    );
    await write.killLeader();
    const next = await write.newLeader();
    drill.check("the command is nowhere among the others", (await write.times(next)) === 0);
    const { position } = await next.propose({ type: "set", key: "other", value: "tttt" });
    drill.check(
      "the others write at and after the same index, in a higher term",
      position.index >= write.index && position.term > write.term,
      `index ${position.index}, term ${position.term}`,
    );
    await write.oldLeaderReturns();
    await drill.until("the old leader to have caught up", async () => {
      return (await leader.status()).applied.index >= position.index;
    });
    drill.check(
      "the old leader's entry has disappeared",
      (await leader.peek(write.key)) === null && (await leader.peek("other"))?.value === "tttt",
    );
    const result = await write.retry();
    drill.check("the client's retry takes effect", result.total === 1, `total ${result.total}`);
    await write.conclude();
  },
};
