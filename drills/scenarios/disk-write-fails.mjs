import { FaultyHosts, failOneDisk } from "../lib/faulty-hosts.mjs";

export default {
  id: "disk-write-fails",
  hosts: { size: 3 },
  story:
    "Writes to the log fail with EIO, on the leader first and then on a follower: the same end as a failed sync, the same way " +
    "back.",
  async run(drill) {
    const hosts = await FaultyHosts.found(drill);
    await failOneDisk(hosts, await drill.leader(), "write /log/ eio");
    await failOneDisk(hosts, drill.pick(drill.others(await drill.leader())), "write /log/ eio");
    await hosts.conclude();
  },
};
