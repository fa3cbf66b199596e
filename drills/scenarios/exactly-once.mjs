import { pause } from "../lib/report.mjs";

const CLIENTS = 10;
const COMMANDS = 40;
const KILLS = 3;
/** One answer in so many is thrown away and asked for again, through another member. */
const LOST_ONE_IN = 4;

export default {
  id: "exactly-once",
  hosts: { size: 3 },
  story:
    "Ten clients count, each in a session of its own. A quarter of the answers is lost, leaders are killed in between, and " +
    "every client repeats what it has no answer for, through whichever member. Each command is applied once, and a repeated " +
    "one gets the result of the first time.",
  async run(drill) {
    await drill.found();
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => drill.client()));
    let wrong = 0;
    let running = CLIENTS;
    const work = Promise.all(
      clients.map(async (client, place) => {
        for (let n = 1; n <= COMMANDS; n += 1) {
          const session = client.next();
          const command = { type: "add", key: `client-${place}`, by: 1 };
          const loses = drill.random() < 1 / LOST_ONE_IN;
          if (loses) {
            drill.count("answers lost");
            const unheard = drill.pick(drill.running());
            unheard?.propose(command, { session, loseAnswer: true }).catch(() => undefined);
            // Long enough for it to happen, in most cases: the repeat then finds a result to get.
            await pause(drill.random() * 40);
          }
          const { result, attempts } = await client.repeat(command, session);
          if (attempts > 1) drill.count("repeats after an error", attempts - 1);
          if (result.total !== n) wrong += 1;
          drill.count("commands");
        }
        running -= 1;
      }),
    );
    for (let kill = 1; kill <= KILLS && running > 0; kill += 1) {
      await pause(300 + drill.random() * 400);
      const leader = await drill.leader();
      await leader.kill();
      drill.count("leaders killed");
      await drill.leader({ besides: leader.id });
      await leader.start("open");
    }
    await work;
    drill.check(
      "every answer was the result of the first time",
      wrong === 0,
      `${drill.counted("commands")} answers, ${wrong} wrong`,
    );
    const [member] = drill.running();
    const counts = await Promise.all(
      clients.map((_, place) => member.query({ key: `client-${place}` }, { timeoutMs: 20_000 })),
    );
    drill.check(
      "every command was applied once",
      counts.every(({ total, times }) => total === COMMANDS && times === COMMANDS),
      `${counts.reduce((sum, { times }) => sum + times, 0)} applied of ${CLIENTS * COMMANDS}`,
    );
    const states = await Promise.all(drill.running().map((each) => each.status()));
    drill.count(
      "copies dropped by the session tables",
      states.reduce((sum, { metrics }) => sum + metrics.duplicatesDropped, 0),
    );
    await drill.compareStates();
  },
};
