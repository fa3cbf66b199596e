import { FaultyHosts } from "../lib/faulty-hosts.mjs";

/** Far longer than the drill waits: no write to the log comes through before it is over. */
const HELD_MS = 60_000;
const ROUNDS = 5;

export default {
  id: "follower-persists-first",
  hosts: { size: 3, tickMs: 300 },
  story:
    "A follower answers for an entry only when its disk has it. While the disks of both followers hang, the leader counts nobody; cut " +
    "off there, the followers come back without the entry and nobody was told of it. Cut off right after an acknowledgement, " +
    "everything that was acknowledged is there.",
  async run(drill) {
    const hosts = new FaultyHosts(drill);
    const leader = await drill.found({ envOf: (member) => hosts.disk(member).env });
    const followers = drill.others(leader);
    await leader.propose({ type: "set", key: "before", value: 0 });
    const { core } = await leader.status();
    await drill.until("the followers to have caught up", async () => {
      const states = await Promise.all(followers.map((member) => member.status()));
      return states.every((state) => state.applied.index >= core.last.index);
    });
    const index = core.last.index + 1;

    for (const member of followers) hosts.disk(member).set(`sync /log/ stall ${HELD_MS}`);
    let answered = false;
    const answer = leader
      .propose({ type: "set", key: "held", value: 1 }, { timeoutMs: 60_000 })
      .then((reply) => {
        answered = true;
        return reply;
      });
    await drill.until("the followers to have received the entry", async () => {
      const states = await Promise.all(followers.map((member) => member.status()));
      return states.every((state) => state.core.last.index >= index);
    });
    // Heartbeats come and go meanwhile: a follower that answered too early would have been heard.
    const heard = leader.events.length;
    await drill.until("some rounds of heartbeats", async () => {
      const { warnings } = await followers[0].status();
      return warnings.some((warning) => /under way/.test(warning));
    });
    const state = (await leader.status()).core;
    const matches = state.progress.filter(([id]) => id !== leader.id).map(([, { match }]) => match);
    drill.check(
      "while their disks hang, the leader counts no follower and answers nobody",
      matches.every((match) => match < index) && state.commit < index && !answered,
      `index ${index}, known of the followers ${matches.join(" and ")}, commit ${state.commit}; ${leader.events.length - heard} events`,
    );

    await Promise.all(followers.map((member) => member.kill()));
    drill.count("members cut off before the disk had it", followers.length);
    for (const member of followers) hosts.disk(member).clear();
    const lost = await Promise.all(followers.map((member) => lastIndexOffline(member)));
    drill.check(
      "cut off there, they come back without the entry",
      lost.every((last) => last < index),
      `their logs end at ${lost.join(" and ")}`,
    );
    await Promise.all(followers.map((member) => hosts.start(member)));
    const { position } = await answer;
    drill.check(
      "the leader sends it again, and only now the client is answered",
      position.index === index,
      `index ${position.index}`,
    );

    for (let round = 1; round <= ROUNDS; round += 1) await cutAfterAnswer(drill, hosts, round);
    await drill.compareStates();
  },
};

/** At the moment of the answer nothing more reaches any disk, and everybody is cut off. */
async function cutAfterAnswer(drill, hosts, round) {
  const leader = await drill.leader();
  const asked = drill.pick(drill.running());
  const key = `round-${round}`;
  await asked.propose({ type: "set", key, value: round }, { timeoutMs: 20_000 });
  for (const disk of hosts.disks.values()) disk.set("write * eio", "sync * eio");
  await Promise.all(drill.running().map((member) => member.kill()));
  for (const disk of hosts.disks.values()) disk.clear();
  // Without the leader of then: what a majority has on disk must be found by the others.
  const rest = drill.members().filter((member) => member !== leader);
  await Promise.all(rest.map((member) => hosts.start(member)));
  const next = await drill.leader({ among: () => rest });
  const entry = await next.query({ key }, { timeoutMs: 20_000 });
  drill.count("members cut off right after an answer", 3);
  drill.check(
    `cut off right after answer ${round}, the two others have what was acknowledged`,
    entry?.value === round && entry.times === 1,
  );
  await hosts.start(leader);
}

/** Where the log of a stopped member ends. */
async function lastIndexOffline(member) {
  member.startTool();
  const last = await member.ask("lastOnDisk");
  await member.kill();
  return last;
}
