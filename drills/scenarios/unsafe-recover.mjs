import { cpSync, rmSync } from "node:fs";
import { quorate } from "../lib/command.mjs";
import { Writers } from "../lib/writers.mjs";

const YES = "--yes-i-accept-data-loss";

export default {
  id: "unsafe-recover",
  story:
    "Two of three served members lose their disks for good. The operator's command says what the last one would keep, refuses " +
    "while it runs, and makes it the only member of a new cluster. What was acknowledged is there; a lost member that turns up " +
    "with its old data is turned away; new members make it three again.",
  async run(drill) {
    const { cluster } = drill;
    const founders = [...cluster.members];
    // Every later start is like the first one, whoever is left.
    for (const member of founders) member.initialCluster = founders;
    cluster.startAll();
    await cluster.allReady();
    const writers = new Writers(drill);
    await writers.more(500);
    await writers.stop();
    await drill.compareStates();
    const [survivor, foundAgain, gone] = drill.shuffled(cluster.members);
    await Promise.all([foundAgain, gone].map((member) => cluster.kill(member)));
    cpSync(foundAgain.dataDir, `${foundAgain.dataDir}.found`, { recursive: true });
    for (const { dataDir } of [foundAgain, gone]) rmSync(dataDir, { recursive: true });
    drill.say(
      `  the disks of ${foundAgain.name} and ${gone.name} are gone, ${survivor.name} is left`,
    );

    const running = await quorate("unsafe-recover", survivor.dataDir, YES);
    drill.check(
      "while the survivor runs it is refused",
      running.code === 1 && /stop it first/.test(running.text),
      running.text,
    );
    await cluster.kill(survivor);
    await recover(drill, survivor);

    cluster.members = [survivor];
    cluster.start(survivor);
    await cluster.ready(survivor);
    await writers.verify(survivor);
    const names = (await drill.calls(survivor).members()).map(({ name }) => name);
    drill.check("clients see one member", names.join() === survivor.name, names.join(", "));

    await turnAway(drill, survivor, foundAgain);
    for (let place = 0; place < 2; place += 1) await join(drill, survivor);
    const again = new Writers(drill, { prefix: "again/" });
    await again.more(200);
    await again.stop();
    for (const member of cluster.members) {
      await writers.verify(member);
      await again.verify(member);
    }
    await drill.compareStates();
  },
};

/** A look first, then the deed; each says what it says. */
async function recover(drill, survivor) {
  const look = await quorate("unsafe-recover", survivor.dataDir);
  drill.check(
    "without the words it only says what it would do",
    look.code === 0 && /^would recover member/.test(look.text) && look.text.includes(YES),
  );
  const done = await quorate("unsafe-recover", survivor.dataDir, YES);
  drill.check("with them it is done", done.code === 0 && /^recovered member/.test(done.text));
  for (const line of done.text.split("\n")) drill.say(`    ${line}`);
}

/** A lost member turns up with the data it had. */
async function turnAway(drill, survivor, lost) {
  cpSync(`${lost.dataDir}.found`, lost.dataDir, { recursive: true });
  const before = await drill.calls(survivor).status();
  drill.cluster.start(lost);
  const pattern = /belongs to cluster .* connection between members was refused/;
  const line = await drill.until("it to be told why", () =>
    [survivor, lost].flatMap((member) => drill.linesOf(member)).find((said) => pattern.test(said)),
  );
  drill.check("a lost member that turns up is turned away in a sentence", true, line);
  const write = await drill
    .calls(lost)
    .put("ghost", "1", 8_000)
    .then(
      () => "acknowledged",
      ({ message }) => message,
    );
  drill.check("it acknowledges nothing", write !== "acknowledged", write);
  const after = await drill.calls(survivor).status();
  drill.check(
    "the recovered member leads on in its term",
    after.raftTerm === before.raftTerm && after.leader === after.header.memberId,
    `term ${after.raftTerm}`,
  );
  await drill.cluster.kill(lost);
}

/** Adds a member as an operator does: told to the cluster, then started on an empty folder. */
async function join(drill, survivor) {
  const { cluster } = drill;
  const known = [...cluster.members];
  const member = cluster.addMember(known);
  const { code, text } = await drill.until(`${member.name} to be added`, async () => {
    const added = await quorate(
      "--endpoints",
      survivor.endpoint,
      "member",
      "add",
      member.name,
      "--peer-urls",
      member.peerUrl,
    );
    return added.code === 0 && added;
  });
  drill.check(`${member.name} is added`, code === 0, text.split("\n")[0]);
  cluster.start(member);
  await cluster.ready(member);
  await drill.until(`${member.name} to vote`, async () => {
    const { isLearner } = await drill.calls(member).status();
    return !isLearner;
  });
}
