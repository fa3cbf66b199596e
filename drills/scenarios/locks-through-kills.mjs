import { Client } from "@quorate/client";

const KILLS = 3;
const CALL = { timeoutMs: 30_000 };
/** Longer than a kill and the election after it, so that only a lost keep-alive could end it. */
const TTL_SECONDS = 30;

export default {
  id: "locks-through-kills",
  story:
    "A lock is held and an election is won while leaders are killed. Nobody else gets in, the holder's fencing token stays good, " +
    "whoever observes the election sees every word of its leader in order, and the lock goes on the moment it is released.",
  async run(drill) {
    const { cluster } = drill;
    cluster.startAll();
    await cluster.allReady();
    const client = new Client({ endpoints: cluster.endpoints, ...CALL });
    try {
      await holdThroughKills(drill, client);
    } finally {
      client.close();
    }
    await drill.compareStates();
  },
};

async function holdThroughKills(drill, client) {
  const lock = await client.lock("drill/lock", { ttlSeconds: TTL_SECONDS });
  const leadership = await client.campaign("drill/election", "word 0", {
    ttlSeconds: TTL_SECONDS,
  });
  let isTaken = false;
  const next = client.lock("drill/lock", { ttlSeconds: TTL_SECONDS }).then((taken) => {
    isTaken = true;
    return taken;
  });
  const heard = [];
  const ending = new AbortController();
  let broken;
  const observing = (async () => {
    for await (const { value } of client.observeLeader("drill/election", {
      signal: ending.signal,
    })) {
      heard.push(Buffer.from(value).toString());
    }
  })().catch((error) => {
    broken = error;
  });
  const said = ["word 0"];
  await drill.until("the observer to hear the first word", () => heard.length === 1);
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await killLeader(drill);
    const { succeeded } = await client
      .transact()
      .when(lock.held)
      .do({ type: "put", key: "drill/guarded", value: `${kill}` })
      .commit(CALL);
    said.push(`word ${kill}`);
    await leadership.proclaim(`word ${kill}`, CALL);
    drill.check(
      `after kill ${kill} the lock is held by whoever held it, by nobody else`,
      succeeded && !lock.lost.aborted && !isTaken,
      `token ${lock.token}`,
    );
  }
  await drill.until("the observer to hear the last word", () => heard.at(-1) === said.at(-1));
  drill.check(
    "whoever observes heard every word once, in order",
    heard.join() === said.join() && broken === undefined,
    broken?.message ?? heard.join(", "),
  );
  await lock.release(CALL);
  const taken = await drill.within("the next one to get the lock", next);
  drill.check(
    "released, it goes to the next one with a greater token",
    taken.token > lock.token,
    `${lock.token}, then ${taken.token}`,
  );
  const late = await client
    .transact()
    .when(lock.held)
    .do({ type: "put", key: "drill/guarded", value: "late" })
    .commit(CALL);
  drill.check("the old token opens nothing any more", !late.succeeded);
  await taken.release(CALL);
  await leadership.resign(CALL);
  ending.abort();
  await observing;
}

async function killLeader(drill) {
  const { cluster } = drill;
  const leader = await drill.leader();
  await cluster.kill(leader);
  drill.count("leaders killed");
  await drill.until("another to lead", async () => (await drill.leader()) !== leader);
  cluster.start(leader);
  await cluster.ready(leader);
}
