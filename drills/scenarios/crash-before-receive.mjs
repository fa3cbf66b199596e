import { pause } from "../lib/report.mjs";
import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

export default {
  id: "crash-before-receive",
  hosts: STAGED_HOSTS,
  story:
    "The leader is stopped before it reads the client's command, then killed. The command is nowhere; the client's retry is " +
    "safe and takes effect once.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    write.leader.process.signal("SIGSTOP");
    write.ask();
    await pause(100);
    await write.killLeader();
    const leader = await write.newLeader();
    drill.check("the command is nowhere", (await write.times(leader)) === 0);
    const result = await write.retry();
    drill.check("the retry takes effect", result.total === 1, `total ${result.total}`);
    await write.oldLeaderReturns();
    await write.conclude();
  },
};
