import { FaultyHosts, failOneDisk } from "../lib/faulty-hosts.mjs";

export default {
  id: "disk-sync-fails",
  hosts: { size: 3 },
  story:
    "Making the log durable fails with EIO, on a follower first and then on the leader. A failed sync is final: nobody knows " +
    "what is on the disk. The member stops taking part and says why, the others go on, no acknowledged write is lost, and " +
    "after a restart on a disk that is well it is back.",
  async run(drill) {
    const hosts = await FaultyHosts.found(drill);
    await failOneDisk(hosts, drill.pick(drill.others(await drill.leader())), "sync /log/ eio");
    await failOneDisk(hosts, await drill.leader(), "sync /log/ eio");
    await hosts.conclude();
  },
};
