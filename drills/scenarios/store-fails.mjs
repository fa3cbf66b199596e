import { FaultyDisk } from "../lib/fault-shim.mjs";
import { Writers } from "../lib/writers.mjs";

/** How the key-value store's file fails, one after the other. */
const RULES = ["write data.mdb enospc", "sync data.mdb eio", "write data.mdb short"];
/** A member writes its store within ten seconds. */
const NOTICE_TIMEOUT_MS = 60_000;

export default {
  id: "store-fails",
  story:
    "The file of a served member's key-value store cannot be written: full disk, failed sync, short writes. It only holds what the " +
    "log holds, so the member says so and ends at once, leader or not; the others go on. Started on a disk that is well, it has " +
    "everything.",
  async run(drill) {
    const { cluster } = drill;
    const disks = new Map();
    for (const member of cluster.members) {
      const disk = new FaultyDisk(drill.folder, member.name);
      disks.set(member, disk);
      member.env = disk.env;
    }
    cluster.startAll();
    await cluster.allReady();
    const writers = new Writers(drill);
    await writers.more(200);
    for (const rule of RULES) await failStore(drill, writers, disks, rule);
    await writers.stop();
    for (const member of cluster.members) await writers.verify(member);
    await drill.compareStates();
  },
};

async function failStore(drill, writers, disks, rule) {
  const { cluster } = drill;
  const leader = await drill.leader();
  const from = drill.linesOf(leader).length;
  drill.say(`  ${leader.name}, the leader: ${rule}`);
  disks.get(leader).set(rule);
  const { code, signal } = await drill.within(
    `${leader.name} to end`,
    cluster.itsEnd(leader),
    NOTICE_TIMEOUT_MS,
  );
  const said = drill.linesOf(leader).slice(from);
  const why = said.find((line) => /key-value store could not be written/.test(line));
  drill.check("it says why it ends", why !== undefined, why);
  const isTorn = said.some((line) => /corrupted|free\(\)|malloc|core dumped/.test(line));
  drill.check(
    "it ends before anything touches what lmdb has damaged",
    signal === "SIGKILL" && !isTorn,
    `${signal ?? code}`,
  );
  await writers.more(100);
  drill.check("the others go on", true, `${(await drill.leader()).name} leads`);
  disks.get(leader).clear();
  cluster.start(leader);
  await cluster.ready(leader);
  await writers.more(100);
  drill.count("stores that failed");
}
