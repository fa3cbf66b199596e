import { HostWriters } from "../lib/host-writers.mjs";
import { addVoter, shown } from "../lib/membership.mjs";

export default {
  id: "wiped-member",
  hosts: { size: 3, spares: 1 },
  story:
    "A member's disk is replaced by an empty one. Under its old number it is recognised and turned away: it might vote twice, " +
    "or help to forget what it once acknowledged. It comes back as a learner under a new number.",
  async run(drill) {
    const leader = await drill.found();
    const wiped = drill.pick(drill.others(leader));
    const rest = drill.members([1, 2, 3]).filter((member) => member !== wiped);
    const writers = new HostWriters(drill, { members: () => rest });
    await writers.more(300);
    await wiped.kill();
    wiped.wipe();
    drill.say(`  member ${wiped.id} was killed and its folder removed`);

    const refused = await wiped.start("open").then(
      () => undefined,
      (error) => error,
    );
    drill.check(
      "it does not open with an empty disk",
      refused?.code === "IDENTITY_MISSING",
      refused?.message ?? "it did",
    );
    await wiped.kill();
    wiped.wipe();

    // Somebody insists and founds the group anew on it.
    const members = drill.members([1, 2, 3]).map((member) => member.asMember);
    const from = performance.now();
    await wiped.start("create", { members });
    const reasons = await drill.until("somebody to turn it away", () => {
      const heard = drill
        .members([1, 2, 3])
        .flatMap((member) => member.eventsOf("transport"))
        .filter(({ atMs, event }) => atMs >= from && event.type === "handshakeRefused")
        .map(({ event }) => event.reason);
      return heard.length > 0 && [...new Set(heard)];
    });
    drill.check("it is recognised by its peers and refused", true, reasons.join("; "));
    const lonely = await wiped
      .propose({ type: "set", key: "ghost", value: 1 }, { timeoutMs: 2_500 })
      .then(
        () => "acknowledged",
        (error) => error.code,
      );
    const state = await wiped.status();
    drill.check(
      "it neither leads nor writes nor is led",
      lonely !== "acknowledged" && state.role !== "leader" && state.leader === 0,
      lonely,
    );
    // Its vote would make a majority with one of the others: with the leader gone there must be none.
    const lead = await drill.leader({ among: () => rest });
    const alone = rest.find((member) => member !== lead);
    await lead.kill();
    drill.count("leaders killed");
    await drill.until("the last good member to have stood for election in vain", () => {
      return alone.events.some(
        ({ atMs, type, role }) => atMs > from && type === "role" && /candidate/i.test(role),
      );
    });
    const term = (await alone.status()).core.term;
    await drill.until("some time to pass", () => performance.now() - from > 6_000);
    drill.check(
      "the wiped member's vote elects nobody",
      (await alone.status()).leader === 0 && (await wiped.status()).leader === 0,
      `term ${term}`,
    );
    await lead.start("open");
    await drill.leader({ among: () => rest });

    // The way back: a new number, as a learner first.
    await wiped.kill();
    wiped.wipe();
    const again = drill.member(4);
    await again.start("join", { contacts: rest.map((member) => member.asMember) });
    await rest[0].ask("changeMembership", {
      steps: [{ action: "remove", member: wiped.id }],
      timeoutMs: 30_000,
    });
    const membership = await addVoter(rest[0], again);
    drill.check(
      "it is back under a new number",
      membership.voters.includes(4) && !membership.voters.includes(wiped.id),
      `voters ${shown(membership)}`,
    );
    await writers.more(100);
    await writers.stop();
    const now = [...rest, again];
    for (const member of now) await writers.verify(member);
    const ghost = await again.query({ key: "ghost" });
    drill.check("nothing that was written to the wiped member is there", ghost === null);
    await drill.compareStates(now);
  },
};
