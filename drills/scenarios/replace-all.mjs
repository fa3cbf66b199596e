import { HostWriters } from "../lib/host-writers.mjs";
import { shown } from "../lib/membership.mjs";

export default {
  id: "replace-all",
  hosts: {
    size: 3,
    spares: 3,
    snapshotPolicy: { entriesMax: 1_000, keepEntries: 100 },
    logSegmentBytes: 256 * 1024,
  },
  story:
    "Every member is replaced, one by one, under load, each in one change: the new one learns, gets its vote, and the old one " +
    "goes. No write is lost, and nobody waits longer than for an election.",
  async run(drill) {
    await drill.found();
    const inForce = new Set(drill.members([1, 2, 3]));
    const writers = new HostWriters(drill, {
      count: 8,
      members: () => [...inForce].filter((member) => member.isRunning),
    });
    await writers.more(500);
    const first = drill.shuffled([1, 2, 3]);
    for (const [place, id] of first.entries()) {
      const leaves = drill.member(id);
      const comes = drill.member(4 + place);
      const contacts = [...inForce].map((member) => member.asMember);
      await comes.start("join", { contacts });
      const through = [...inForce].find((member) => member !== leaves);
      writers.longestGapMs = 0;
      const from = performance.now();
      const membership = await through.ask("changeMembership", {
        steps: [
          { action: "voter", member: comes.id, address: comes.address, name: comes.name },
          { action: "remove", member: leaves.id },
        ],
        timeoutMs: 60_000,
      });
      inForce.add(comes);
      inForce.delete(leaves);
      await leaves.stop();
      drill.count("members replaced");
      await writers.more(300, 60_000);
      drill.say(
        `  ${leaves.id} → ${comes.id}: voters ${shown(membership)}, ${Math.round(performance.now() - from)} ms; ` +
          `longest time without an acknowledgement: ${Math.round(writers.longestGapMs)} ms`,
      );
    }
    await writers.stop();
    const members = [...inForce];
    const { core } = await members[0].status();
    drill.check(
      "none of the first members is left",
      core.membership.voters.every((id) => id > 3) && core.membership.voters.length === 3,
      `voters ${shown(core.membership)}`,
    );
    for (const member of members) await writers.verify(member);
    await drill.compareStates(members);
  },
};
