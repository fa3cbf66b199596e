import { HostWriters } from "../lib/host-writers.mjs";
import { membershipsSeen, shown } from "../lib/membership.mjs";

const HELD_MS = 1_500;

export default {
  id: "joint-consensus",
  hosts: { size: 3, spares: 2 },
  story:
    "Two of three members are replaced in one change, the leader among them. While the change is under way both majorities " +
    "are needed: with the new one out of reach nothing is decided, although the old one is complete. The leader hands over.",
  async run(drill) {
    const leader = await drill.found();
    const stays = drill.others(leader)[0];
    const leaves = drill.members([1, 2, 3]).filter((member) => member !== stays);
    const comes = drill.members([4, 5]);
    const contacts = drill.members([1, 2, 3]).map((member) => member.asMember);
    await Promise.all(comes.map((member) => member.start("join", { contacts })));
    drill.say(
      `  member ${leader.id} leads; members ${leaves.map(({ id }) => id).join(" and ")} leave, 4 and 5 come`,
    );

    // Learners first, so that the joint change itself is the only thing left to do.
    const learners = comes.map(({ id, address, name }) => ({
      action: "learner",
      member: id,
      address,
      name,
    }));
    await stays.ask("changeMembership", { steps: learners, timeoutMs: 30_000 });
    const writers = new HostWriters(drill, { members: () => [stays] });
    await writers.more(100);
    await leader.ask("transferLeadership", { to: stays.id, timeoutMs: 20_000 });
    await drill.leader({ among: () => drill.members([1, 2, 3]), besides: leader.id });
    drill.check("the leader that leaves has handed over", (await stays.status()).role === "leader");
    await drill.until("the learners to have caught up", async () => {
      const last = (await stays.status()).core.last.index;
      const behind = await Promise.all(
        comes.map(async (member) => last - (await member.status()).applied.index),
      );
      return behind.every((entries) => entries < 200);
    });

    const from = performance.now();
    drill.links.set(
      "held",
      comes.map(({ id }) => id),
      stays.id,
    );
    const steps = [
      ...comes.map(({ id }) => ({ action: "voter", member: id })),
      ...leaves.map(({ id }) => ({ action: "remove", member: id })),
    ];
    let isDone = false;
    const change = stays
      .ask("changeMembership", { steps, timeoutMs: 60_000, skipCatchUp: true })
      .then((membership) => {
        isDone = true;
        return membership;
      });
    await drill.until("the joint membership to be in force", async () => {
      return (await stays.status()).core.membership.outgoing.length > 0;
    });
    const joint = (await stays.status()).core.membership;
    const before = writers.acknowledged.size;
    const heldMs = performance.now();
    await drill.until("a while to pass", () => performance.now() - heldMs > HELD_MS / 2);
    drill.check(
      "joint: the old majority alone decides nothing",
      !isDone && writers.acknowledged.size - before <= 8,
      `${shown(joint)}; ${writers.acknowledged.size - before} writes acknowledged that were decided before`,
    );
    drill.links.openAll();
    const membership = await change;
    drill.check(
      "the change is complete once the new majority answers",
      shown(membership) === [stays.id, 4, 5].sort((a, b) => a - b).join(" "),
      `voters ${shown(membership)}`,
    );
    await writers.more(100);
    await writers.stop();
    const seen = membershipsSeen([stays], from);
    drill.check("it went through a joint membership", seen.size >= 2, [...seen.keys()].join(" → "));
    drill.count("memberships", seen.size);

    for (const member of leaves) {
      await drill.until(`member ${member.id} to know that it is out`, async () => {
        return (await member.status()).condition === "removed";
      });
    }
    drill.check(
      "the members that left know it and take no part",
      true,
      leaves.map(({ id }) => id).join(", "),
    );
    await Promise.all(leaves.map((member) => member.kill()));
    const now = [stays, ...comes];
    await drill.leader({ among: () => now });
    for (const member of now) await writers.verify(member);
    await drill.compareStates(now);
  },
};
