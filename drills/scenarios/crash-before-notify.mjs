import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

export default {
  id: "crash-before-notify",
  hosts: STAGED_HOSTS,
  story:
    "The leader commits, answers the client, and dies before any follower learns that the entry is committed. The entry " +
    "stays committed in every later term.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    const { leader, others, otherIds } = write;
    drill.links.set("held", otherIds, leader.id);
    write.ask();
    await write.reached([leader, ...others]);
    drill.links.set("held", leader.id, otherIds);
    drill.links.set("open", otherIds, leader.id);
    const { result } = await write.outcome;
    const known = await Promise.all(others.map((member) => write.hasCommitted(member)));
    drill.check(
      "the client has its answer, and no follower knows of the commit",
      result.total === 1 && !known.includes(true),
      `index ${write.index}, term ${write.term}`,
    );
    write.outcome = undefined;
    await write.killLeader();
    const next = await write.newLeader();
    drill.check("the new leader has it committed", (await write.times(next)) === 1);
    await write.oldLeaderReturns();
    // Another leader, another term: what is committed stays.
    await next.kill();
    drill.count("leaders killed");
    const third = await drill.leader({ besides: next.id });
    const { core } = await third.status();
    drill.check(
      "it is committed in the terms after that, too",
      (await write.times(third)) === 1 && core.term > write.term + 1,
      `term ${core.term}`,
    );
    await next.start("open");
    const repeated = await write.retry();
    drill.check("a repeat gets the first result", repeated.total === 1, `${repeated.total}`);
    await write.conclude();
  },
};
