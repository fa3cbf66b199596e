import { pause } from "../lib/drill.mjs";
import { missingForPatroni, PatroniNode } from "../lib/patroni-node.mjs";
import { Skipped } from "../lib/report.mjs";

/** Patroni's own time-outs are in the tens of seconds on purpose. */
const WAIT_MS = 60_000;
/** Longer than two of Patroni's rounds: one that wants to step down has done it by then. */
const WATCHED_MS = 6000;

export default {
  id: "patroni",
  story:
    "Two PostgreSQL servers under Patroni keep their lock in three members of Quorate, through the JSON pages, as they would in " +
    "etcd. The leader of Quorate is killed: PostgreSQL must not notice. Then the primary is killed: the other one takes over with all that was committed.",
  async run(drill) {
    const missing = missingForPatroni();
    if (missing !== undefined) throw new Skipped(missing);
    const { cluster } = drill;
    cluster.startAll();
    await cluster.allReady();
    const basePort = cluster.members[0].clientPort + 50;
    const nodes = ["pg1", "pg2"].map(
      (name, place) =>
        new PatroniNode({
          name,
          folder: drill.folder,
          apiPort: basePort + 10 * place,
          postgresPort: basePort + 10 * place + 1,
          endpoints: cluster.endpoints,
        }),
    );
    try {
      await play(drill, nodes);
    } finally {
      await Promise.all(nodes.map((node) => node.stop()));
    }
  },
};

async function play(drill, [first, second]) {
  const { cluster } = drill;
  first.start();
  await drill.until("a primary", async () => (await first.role()) === "primary", WAIT_MS);
  second.start();
  const streams = () =>
    first.query("select count(*) from pg_stat_replication where state = 'streaming'") === "1";
  await drill.until("a replica that streams", streams, WAIT_MS);
  await drill.until("a replica by its own word", async () => (await second.role()) === "replica");
  const startedAt = first.query("select pg_postmaster_start_time()");
  const timeline = () => first.query("select timeline_id from pg_control_checkpoint()");
  const lineBefore = timeline();
  first.query("create table kept (n int)");

  const leader = await drill.leader();
  await cluster.kill(leader);
  drill.count("leaders of Quorate killed");
  let written = 0;
  let refused = 0;
  for (const end = performance.now() + WATCHED_MS; performance.now() < end; ) {
    try {
      first.query(`insert into kept values (${written})`);
      written += 1;
    } catch {
      refused += 1;
    }
    await pause(50);
  }
  drill.check(
    "PostgreSQL takes writes all the while a leader of Quorate dies",
    refused === 0 && written > 0,
    `${written} written, ${refused} refused`,
  );
  drill.check(
    "the primary was neither demoted nor restarted",
    (await first.role()) === "primary" &&
      first.query("select pg_postmaster_start_time()") === startedAt &&
      timeline() === lineBefore,
    `timeline ${lineBefore}`,
  );
  cluster.start(leader);
  await cluster.ready(leader);

  const caughtUp = () => second.query("select count(*) from kept") === String(written);
  await drill.until("the replica to have everything", caughtUp, WAIT_MS);
  await first.kill();
  drill.count("primaries killed");
  const killedAt = performance.now();
  await drill.until(
    "the other to take over",
    async () => (await second.role()) === "primary",
    WAIT_MS,
  );
  const took = Math.round((performance.now() - killedAt) / 1000);
  drill.check("the other server takes over", true, `after ${took} s, with a lock of 20 s`);
  drill.check("it has every committed row", caughtUp(), `${written} rows`);
  second.query(`insert into kept values (${written})`);
  drill.check("it takes writes", second.query("select count(*) from kept") === String(written + 1));
}
