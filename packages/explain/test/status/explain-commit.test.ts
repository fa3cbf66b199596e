import { describe, expect, test } from "vitest";
import { explainCommit, type Finding } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { at, JOINT, THREE_VOTERS } from "../samples/samples.ts";
import { follower, leader } from "./statuses.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

function aboutOf(findings: readonly Finding[], code: string): object {
  const found = findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`no ${code} in ${codes(findings).join(", ")}`);
  return found.about;
}

const WAITING = { commit: 28, applied: 28, applying: 28 };

describe("a leader", () => {
  test("with everything committed says so", () => {
    expect(codes(explainCommit(leader()))).toEqual(["everythingCommitted"]);
  });

  test("names who holds the first uncommitted entry, how many are needed, and why the others lack it", () => {
    const findings = explainCommit(
      leader(WAITING, {
        2: { match: 20, active: false },
        3: { match: 25, state: "probe", next: 26 },
      }),
    );
    expect(codes(findings)).toEqual(["waitsForMajority", "voterSilent", "voterProbed"]);
    expect(aboutOf(findings, "waitsForMajority")).toMatchObject({
      first: 29,
      last: 31,
      holders: [1],
      needed: 2,
      voters: [1, 2, 3],
      half: "voters",
    });
    expect(aboutOf(findings, "voterSilent")).toMatchObject({ member: 2, match: 20 });
    expect(aboutOf(findings, "voterProbed")).toMatchObject({ member: 3, match: 25, next: 26 });
  });

  test("tells a snapshot, a full window and a stream on its way apart", () => {
    const snapshot = leader(WAITING, {
      2: { match: 7, state: "snapshot", pendingSnapshot: 20 },
      3: { match: 20, windowFull: true, inflightMessages: 4, inflightBytes: 512 },
    });
    expect(codes(explainCommit(snapshot)).slice(1)).toEqual(["voterOnSnapshot", "voterWindowFull"]);
    const stream = leader(WAITING, { 2: { match: 28 }, 3: { match: 27 } });
    expect(codes(explainCommit(stream)).slice(1)).toEqual(["voterReceiving", "voterReceiving"]);
  });

  test("does not count its own copy before its disk has it", () => {
    const findings = explainCommit(leader({ ...WAITING, durable: 28 }, { 3: { match: 28 } }));
    expect(codes(findings)).toEqual(["waitsForMajority", "ownDiskBehind", "voterReceiving"]);
    expect(aboutOf(findings, "waitsForMajority")).toMatchObject({ holders: [2] });
  });

  test("that is no voter does not count itself, nor a learner", () => {
    const status = leader(
      {
        ...WAITING,
        membership: { ...THREE_VOTERS, voters: [2, 3], learners: [1] },
      },
      { 3: { match: 28 } },
    );
    const findings = explainCommit(status);
    expect(aboutOf(findings, "waitsForMajority")).toMatchObject({
      holders: [2],
      voters: [2, 3],
      needed: 2,
    });
    expect(codes(findings)).not.toContain("ownDiskBehind");
  });

  test("in a joint state names the half that lacks its majority", () => {
    const joint = leader({ ...WAITING, membership: JOINT }, { 3: { match: 28 } });
    const findings = explainCommit(joint);
    expect(codes(findings)).toEqual(["earlierTermWithheld"]);
    const outgoingShort = explainCommit(
      leader(
        { ...WAITING, membership: { ...JOINT, voters: [1], outgoing: [1, 2, 3] } },
        { 2: { match: 28 }, 3: { match: 28 } },
      ),
    );
    expect(aboutOf(outgoingShort, "waitsForMajority")).toMatchObject({
      half: "outgoing",
      voters: [1, 2, 3],
      holders: [1],
    });
    expect(codes(outgoingShort).filter((code) => code === "waitsForMajority")).toHaveLength(1);
  });

  test("with a majority that holds only entries of earlier terms names the rule", () => {
    const findings = explainCommit(leader(WAITING, { 2: { match: 30 }, 3: { match: 10 } }));
    expect(aboutOf(findings, "earlierTermWithheld")).toMatchObject({ index: 30, term: 5 });
    expect(findings[0]?.section).toBe("Raft §5.4.2");
  });

  test("that hands over refuses new entries, and one that refused for its quota says so", () => {
    const quota = DECISION_SAMPLES.proposalRefused.find(({ reason }) => reason === "quotaExceeded");
    if (quota === undefined) throw new Error("no such sample");
    const decisions = [{ ...quota, id: 1 }];
    expect(codes(explainCommit(leader({ transferee: 2 }), { decisions }))).toEqual([
      "handoverRefusesProposals",
      "proposalRefused",
      "everythingCommitted",
    ]);
    const older = [{ ...quota, id: 1, term: 4 }];
    expect(codes(explainCommit(leader(), { decisions: older }))).toEqual(["everythingCommitted"]);
  });
});

describe("a member that does not lead", () => {
  test("says that only the leader decides", () => {
    const findings = explainCommit(follower({ ...WAITING }));
    expect(codes(findings)).toEqual(["leaderDecides"]);
    expect(aboutOf(findings, "leaderDecides")).toMatchObject({ leader: 1, first: 29, last: 31 });
  });

  test("adds the leader's own reasons where they are known", () => {
    const findings = explainCommit(follower(WAITING), {
      others: [leader(WAITING, { 2: { match: 28 }, 3: { match: 20, active: false } })],
    });
    expect(codes(findings)).toEqual([
      "leaderDecides",
      "waitsForMajority",
      "voterReceiving",
      "voterSilent",
    ]);
  });

  test("without a leader waits or campaigns", () => {
    expect(codes(explainCommit(follower({ leader: 0 })))).toEqual(["noLeaderKnown"]);
    const asks = explainCommit(follower({ leader: 0, role: "preCandidate", membership: JOINT }));
    expect(aboutOf(asks, "campaigning")).toMatchObject({
      term: 6,
      needed: 2,
      voters: [1, 2, 4],
      outgoing: [1, 2, 3],
      outgoingNeeded: 2,
    });
    const runs = explainCommit(follower({ leader: 0, role: "candidate" }));
    expect(aboutOf(runs, "campaigning")).toMatchObject({ term: 5, outgoingNeeded: 0 });
  });

  test("says which committed entries it has not applied", () => {
    const findings = explainCommit(follower({ applied: 26, applying: 29 }));
    expect(codes(findings)).toEqual(["everythingCommitted", "applyBehind"]);
    expect(aboutOf(findings, "applyBehind")).toMatchObject({ first: 27, last: 31, handedOut: 29 });
  });
});

describe("what makes other answers pointless comes first", () => {
  test("a stopped member has nothing else to say", () => {
    const findings = explainCommit(leader({ stopped: "commit within log" }));
    expect(codes(findings)).toEqual(["stopped"]);
    expect(findings[0]?.importance).toBe("warning");
  });

  test("a member outside the group", () => {
    const findings = explainCommit(follower({ id: 9, leader: 0 }));
    expect(codes(findings)).toEqual(["outsideGroup", "noLeaderKnown"]);
  });

  test("a deposed leader that does not know it", () => {
    const findings = explainCommit(
      leader(WAITING, { 2: { active: false }, 3: { active: false } }),
      {
        others: [
          follower({ id: 2, term: 6, leader: 3 }),
          follower({ id: 3, term: 6, role: "leader", leader: 3 }),
        ],
      },
    );
    expect(codes(findings)[0]).toBe("newerTermElsewhere");
    expect(aboutOf(findings, "newerTermElsewhere")).toMatchObject({
      other: 3,
      otherTerm: 6,
      term: 5,
    });
    expect(codes(findings)).not.toContain("noMajorityTogether");
  });

  test("a leader that does not lead any more", () => {
    const findings = explainCommit(follower(WAITING), {
      others: [follower({ id: 1, term: 6, leader: 0 }), follower({ id: 3 })],
    });
    expect(codes(findings)).toEqual([
      "newerTermElsewhere",
      "leaderNotLeading",
      "noMajorityTogether",
      "leaderDecides",
    ]);
  });

  test("five members in three pieces, none with a majority", () => {
    const five = { ...THREE_VOTERS, voters: [1, 2, 3, 4, 5] };
    const status = leader({ ...WAITING, membership: five });
    const findings = explainCommit(status, {
      others: [
        follower({ id: 2, membership: five }),
        follower({ id: 3, membership: five, leader: 0, term: 5 }),
        follower({ id: 4, membership: five, leader: 0, term: 5 }),
        follower({ id: 5, membership: five, leader: 1, term: 4 }),
      ],
    });
    expect(aboutOf(findings, "noMajorityTogether")).toMatchObject({
      together: [1, 2],
      needed: 3,
      voters: [1, 2, 3, 4, 5],
    });
  });

  test("a stopped leader leads nobody", () => {
    const findings = explainCommit(follower(), {
      others: [leader({ stopped: "x" }), follower({ id: 3 })],
    });
    expect(aboutOf(findings, "noMajorityTogether")).toMatchObject({ together: [] });
  });
});

test("an empty log has nothing to commit", () => {
  const empty = leader({ commit: 0, applied: 0, applying: 0, durable: 0, last: at(0, 0) });
  expect(explainCommit(empty)[0]?.statement.en).toBe(
    "Nothing waits to be committed: the log of member 1 is empty.",
  );
});
