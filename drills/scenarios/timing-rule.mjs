import { HostWriters } from "../lib/host-writers.mjs";

/** Ten ticks make an election time-out. */
const TICK_MS = 100;
const ELECTION_TIMEOUT_MS = 10 * TICK_MS;
const SLOW_MS = 120;

export default {
  id: "timing-rule",
  hosts: { size: 3, tickMs: TICK_MS },
  story:
    "Broadcast time must be far below the election time-out. The way to one member becomes slow: those at both ends say so with " +
    "what they have measured, while nothing is lost and writes go on. When the way is fast again they say that too.",
  async run(drill) {
    const leader = await drill.found();
    const writers = new HostWriters(drill, { timeoutMs: 20_000 });
    await writers.more(100);
    const far = drill.pick(drill.others(leader));
    // A disk that is busy with something else breaks the rule as well.
    await drill.until("the disk and the links to be fast enough", async () => {
      return timingOf(leader).at(-1)?.type !== "timingRuleBroken";
    });
    const from = performance.now();
    drill.links.slow(SLOW_MS, leader.id, far.id);
    drill.say(
      `  ${2 * SLOW_MS} ms from member ${leader.id}, the leader, to member ${far.id} and back`,
    );
    const broken = await drill.until("the leader to say so", () =>
      timingOf(leader, from).find(
        ({ type, peer }) => type === "timingRuleBroken" && peer === far.id,
      ),
    );
    drill.check(
      "the leader says that the rule is broken, and by what",
      broken.roundTripMs * 10 > ELECTION_TIMEOUT_MS &&
        broken.electionTimeoutMs === ELECTION_TIMEOUT_MS,
      `round trip ${Math.round(broken.roundTripMs)} ms, write to the log ${broken.diskMs.toFixed(1)} ms, election time-out ${broken.electionTimeoutMs} ms`,
    );
    const warned = (await leader.status()).warnings.filter((warning) => /round trip/.test(warning));
    drill.check("its status warns of it", warned.length === 1, warned[0]);
    await writers.more(100);
    drill.check("writes go on: the other follower makes a majority", true);

    const mended = performance.now();
    drill.links.openAll();
    await drill.until("the leader to say that it is fast again", () =>
      timingOf(leader, mended).find(({ type }) => type === "timingRuleKept"),
    );
    const { warnings } = await leader.status();
    drill.check(
      "the warning goes away with its cause",
      !warnings.some((warning) => /round trip/.test(warning)),
      `after ${Math.round(performance.now() - mended)} ms`,
    );
    drill.count("times the rule was broken");
    await writers.stop();
    for (const member of drill.running()) await writers.verify(member);
    await drill.compareStates();
  },
};

function timingOf(member, from = 0) {
  return member.events.filter(
    ({ atMs, type }) => atMs >= from && (type === "timingRuleBroken" || type === "timingRuleKept"),
  );
}
