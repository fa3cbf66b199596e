import { HostWriters } from "../lib/host-writers.mjs";
import { addVoter, shown } from "../lib/membership.mjs";

const attempt = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

export default {
  id: "quorum-lost-forever",
  hosts: { size: 5, spares: 2 },
  story:
    "Three of five disks are destroyed. The two that are left can decide nothing. An operator recovers the one with the longer " +
    "log, offline and guarded: it says what it kept and what may be lost, and becomes another cluster, so that a lost member " +
    "that turns up again is turned away. Then new members bring it back to three.",
  async run(drill) {
    await drill.found();
    const writers = new HostWriters(drill);
    await writers.more(500);
    await writers.stop();
    await drill.compareStates();
    const ids = drill.shuffled([1, 2, 3, 4, 5]);
    const lost = drill.members(ids.slice(0, 3));
    const left = drill.members(ids.slice(3));
    // One of the lost disks turns up again later: this one is not wiped.
    const [foundAgain] = lost;
    await Promise.all(lost.map((member) => member.kill()));
    for (const member of lost.slice(1)) member.wipe();
    drill.say(`  members ${lost.map(({ id }) => id).join(", ")} are gone`);
    const stuck = await attempt(
      left[0].propose({ type: "set", key: "ghost", value: 1 }, { timeoutMs: 3_000 }),
    );
    drill.check("two of five decide nothing", stuck !== undefined, stuck?.code);
    const lasts = await Promise.all(
      left.map(async (member) => (await member.status()).core.lastIndex),
    );
    const survivor = lasts[0] >= lasts[1] ? left[0] : left[1];
    const other = left.find((member) => member !== survivor);
    await Promise.all(left.map((member) => member.kill()));
    other.wipe();

    const tool = survivor;
    const confirm = "I accept data loss";
    const newClusterId = `${tool.clusterId}-recovered`;
    const { refused, report } = await recoverOffline(tool, newClusterId, confirm);
    drill.check(
      "without the words that accept the loss nothing is done",
      refused?.code === "INVALID_ARGUMENT",
      refused?.message,
    );
    drill.check(
      "the tool says what it kept and what may be lost",
      report.after.voters.length === 1 && report.after.voters[0] === survivor.id,
      `member ${survivor.id} kept everything through index ${report.keptThrough.index}, known committed through ${report.knownCommitted}; voters ${shown(report.before)} became ${shown(report.after)}`,
    );
    survivor.clusterId = newClusterId;
    await survivor.start("open");
    await drill.leader({ among: () => [survivor] });
    await writers.verify(survivor);

    await foundAgain.start("open");
    await drill.until("the member that was found again to be turned away", () =>
      [survivor, foundAgain].some((member) =>
        member.eventsOf("transport").some(({ event }) => event.type === "handshakeRefused"),
      ),
    );
    const away = await foundAgain.status();
    drill.check(
      "a lost member that turns up again is turned away and leads nobody",
      away.leader === 0 && (await survivor.status()).role === "leader",
    );
    await foundAgain.kill();

    const spares = drill.members([6, 7]);
    for (const spare of spares) {
      spare.clusterId = newClusterId;
      await spare.start("join", { contacts: [survivor.asMember] });
      await addVoter(survivor, spare);
    }
    const { membership } = (await survivor.status()).core;
    drill.check("the cluster is three again", membership.voters.length === 3, shown(membership));
    const again = new HostWriters(drill, {
      members: () => [survivor, ...spares],
      prefix: "again/",
    });
    await again.more(200);
    await again.stop();
    for (const member of [survivor, ...spares]) {
      await writers.verify(member);
      await again.verify(member);
    }
    await drill.compareStates([survivor, ...spares]);
  },
};

/** Runs the member's program as a tool on its data: once without the words, once with them. */
async function recoverOffline(member, newClusterId, confirm) {
  await member.startTool();
  const refused = await attempt(member.ask("recover", { newClusterId, confirm: "yes" }));
  const report = await member.ask("recover", { newClusterId, confirm });
  await member.kill();
  return { refused, report };
}
