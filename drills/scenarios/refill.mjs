import { rmSync } from "node:fs";
import { join } from "node:path";
import { quorate } from "../lib/command.mjs";
import { damageHeader, damageMiddle } from "../lib/damage.mjs";
import { folderBytes } from "../lib/folder-bytes.mjs";
import { Writers } from "../lib/writers.mjs";

const VALUE_BYTES = 8_192;
/** More than a member applies before it writes its key-value store. */
const WRITES = 2_300;
const MIB = 2 ** 20;

export default {
  id: "refill",
  story:
    "The log of a served member rots under it. In the middle: the member starts, keeps the promises it can prove, and the others " +
    "give back the rest. Where the newest promise itself may be lost: it refuses to start, and doing what its message says, word by " +
    "word, makes the cluster whole again.",
  async run(drill) {
    const { cluster } = drill;
    cluster.startAll();
    await cluster.allReady();
    const writers = new Writers(drill, { valueBytes: VALUE_BYTES });
    await writers.more(WRITES, 120_000);
    const leader = await drill.leader();
    const member = drill.pick(cluster.members.filter((one) => one !== leader));
    const kv = await drill.until("its key-value store to be written", () => {
      const bytes = folderBytes(join(member.dataDir, "kv"));
      return bytes > MIB && bytes;
    });
    await cluster.kill(member);
    await writers.more(200);
    const { path, from } = damageMiddle(member.dataDir);
    drill.say(`  ${member.name} is stopped, its store holds ${(kv / MIB).toFixed(1)} MiB`);
    drill.say(`  the log is damaged at ${from} of ${path.slice(member.dataDir.length)}`);
    const verified = await quorate("log", "verify", member.dataDir);
    drill.check(
      "quorate log verify names the damage",
      verified.code === 1 && /refused/.test(verified.text),
      verified.text.split("\n").at(-2)?.trim(),
    );
    cluster.start(member);
    const began = await drill.said(member, /newest vote is certain/);
    drill.check("the member says that it fetches what was lost", true, began);
    await cluster.ready(member);
    await drill.said(member, /everything that the damaged log lost is back/);
    drill.check("it says when it has everything again", true);
    await writers.more(200);
    drill.count("logs refilled");
    await writers.verify(member);

    await refuseAndReplace(drill, member);
    await writers.more(200);
    await writers.stop();
    for (const one of cluster.members) await writers.verify(one);
    await drill.compareStates();
  },
};

/** The newest promise may be lost: the member refuses, and its message is the way out. */
async function refuseAndReplace(drill, member) {
  const { cluster } = drill;
  await cluster.kill(member);
  damageHeader(member.dataDir);
  cluster.start(member);
  const { code, signal, lastLines } = await cluster.itsEnd(member);
  const message = lastLines.at(-1);
  drill.check("it refuses to start", code === 1 && signal === null, message);
  const [, removal, removed, addition] =
    /That is: quorate (.+?); rm -r (.+?); quorate (.+?); then start/.exec(message) ?? [];
  drill.check("the message says the way out as commands", addition !== undefined);
  const other = cluster.members.find((one) => one !== member);
  const words = (text) => text.replace("<another member>", other.endpoint).split(" ");
  const removing = await quorate(...words(removal));
  drill.check("they work: the member is removed", removing.code === 0, removing.text);
  rmSync(removed, { recursive: true });
  const adding = await quorate(...words(addition));
  drill.check("they work: it is added again", adding.code === 0, adding.text.split("\n")[0]);
  // What was printed: the members there are, and that the cluster exists.
  member.flags = ["--initial-cluster-state=existing"];
  cluster.start(member);
  await cluster.ready(member);
  drill.count("members replaced");
}
