import { STAGED_HOSTS } from "../lib/staged-write.mjs";

const TAIL = 5;
const GIVE_UP_MS = 1_000;

export default {
  id: "returning-leader",
  hosts: STAGED_HOSTS,
  story:
    "The leader is cut off with writes that nobody else has. The others elect a new leader and go on. When the old one comes " +
    "back it steps down, and its uncommitted tail is replaced.",
  async run(drill) {
    const leader = await drill.found();
    const others = drill.others(leader);
    const otherIds = others.map(({ id }) => id);
    await leader.propose({ type: "set", key: "name", value: "chen" });
    const { core } = await leader.status();

    drill.links.setBetween("cut", leader.id, otherIds);
    // Callers that give up: what they asked for must not be repeated by the member later on.
    const outcomes = await Promise.all(
      Array.from({ length: TAIL }, (_, n) =>
        leader.propose({ type: "set", key: `tail-${n}`, value: n }, { timeoutMs: GIVE_UP_MS }).then(
          () => "acknowledged",
          (error) => error.outcome,
        ),
      ),
    );
    drill.count("writes on the cut-off leader", TAIL);
    drill.check(
      "no write on the cut-off leader is acknowledged; their outcome is unknown",
      outcomes.every((outcome) => outcome === "unknown"),
      [...new Set(outcomes)].join(", "),
    );
    const tail = (await leader.status()).core.last;
    drill.check(
      "they are in its log, uncommitted",
      tail.index > core.last.index && tail.term === core.term,
      `up to index ${tail.index}, term ${tail.term}`,
    );

    const next = await drill.leader({ among: () => others });
    const { position } = await next.propose(
      { type: "set", key: "name", value: "tttt" },
      { timeoutMs: 20_000 },
    );
    drill.say(
      `  member ${next.id} leads in term ${position.term}; the old leader was ${leader.id}`,
    );
    drill.links.openAll();
    await drill.until("the old leader to follow", async () => {
      const status = await leader.status();
      return status.leader === next.id && status.applied.index >= position.index;
    });
    const after = await leader.status();
    drill.check(
      "the old leader follows in the higher term",
      after.role === "follower" && after.core.term >= position.term,
      `term ${after.core.term}`,
    );
    const left = await Promise.all(
      Array.from({ length: TAIL }, (_, n) => leader.query({ key: `tail-${n}` })),
    );
    drill.check(
      "its tail is gone, on itself and everywhere",
      left.every((entry) => entry === null),
      `${left.filter((entry) => entry !== null).length} of ${TAIL} found`,
    );
    const { value } = await leader.query({ key: "name" });
    drill.check("it has the new leader's value", value === "tttt", value);
    await drill.compareStates();
  },
};
