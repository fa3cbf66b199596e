import { STAGED_HOSTS, StagedWrite } from "../lib/staged-write.mjs";

const WAIT_MS = 1_500;

export default {
  id: "unconfirmed-error",
  hosts: STAGED_HOSTS,
  story:
    "The leader cannot reach a majority. A write that is in its log by then ends with an error that says unknown, not failed; " +
    "a write that nobody could take says that it was not applied. Both are held against what happens.",
  async run(drill) {
    const write = await StagedWrite.prepare(drill);
    const { leader, others, otherIds } = write;
    const failed = async (member, command, options) =>
      member.propose(command, options).then(
        () => ({ code: "none", outcome: "applied" }),
        (error) => error,
      );

    drill.links.setBetween("held", leader.id, otherIds);
    const unknown = await failed(
      leader,
      { type: "add", key: "maybe", by: 1 },
      { timeoutMs: WAIT_MS },
    );
    drill.check(
      "a write that the leader took and could not confirm: unknown",
      unknown.outcome === "unknown",
      `${unknown.code}: ${unknown.message}`,
    );

    await drill.until("the leader to resign without a majority", async () => {
      return (await leader.status()).role !== "leader";
    });
    const lost = await failed(leader, { type: "add", key: "never", by: 1 }, { timeoutMs: WAIT_MS });
    drill.check(
      "a write that found no leader: not applied",
      lost.outcome === "notApplied",
      `${lost.code}: ${lost.message}`,
    );
    const large = { type: "set", key: "large", value: "x".repeat(2 << 20) };
    const refused = await failed(leader, large, {});
    drill.check(
      "a command that is too large: not applied",
      refused.code === "TOO_LARGE" && refused.outcome === "notApplied",
      refused.message,
    );

    // The others go on in a higher term: what only the old leader has is gone for good.
    const next = await drill.leader({ among: () => others });
    await next.propose({ type: "set", key: "name", value: "tttt" }, { timeoutMs: 20_000 });
    drill.links.setBetween("cut", leader.id, otherIds);
    drill.links.openAll();
    await drill.compareStates();
    const [maybe, never] = [
      await leader.query({ key: "maybe" }),
      await leader.query({ key: "never" }),
    ];
    drill.check("what was said not to be applied is not there", never === null);
    drill.check(
      "what was unknown has happened at most once",
      (maybe?.times ?? 0) <= 1,
      maybe === null ? "not at all, this time" : "once",
    );
    drill.count("errors that said unknown");
    drill.count("errors that said not applied", 2);
  },
};
