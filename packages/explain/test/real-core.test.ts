import type { Decision, DecisionType } from "@quorate/core";
import { describe, expect, test } from "vitest";
import {
  explainCommit,
  explainDecision,
  explainElection,
  explainLeadership,
  explainMessage,
  explainReads,
  explainRefusal,
  type Finding,
} from "../src/index.ts";
import { THREE_VOTERS } from "./samples/samples.ts";
import { SmallCluster } from "./support/small-cluster.ts";
import { expectSentence } from "./support/text-checks.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

function kindsOf(decisions: readonly Decision[]): ReadonlySet<DecisionType> {
  return new Set(decisions.map((decision) => decision.type));
}

const ADD_LEARNER = {
  transition: "auto",
  steps: [{ action: "learner", member: 4 }],
  context: new Uint8Array(0),
} as const;

describe("what real members decide", () => {
  test("is told without a hole, decision by decision and message by message", () => {
    const cluster = new SmallCluster(THREE_VOTERS, { readMode: "lease" });
    // Restarted members of a group with lease reads do not vote at once: time must pass.
    cluster.tick(40);
    const first = cluster.leader;
    const [second = 0, third = 0] = [1, 2, 3].filter((id) => id !== first);
    cluster.propose(first);
    cluster.cut(third);
    cluster.propose(first);
    cluster.core(second).readIndex(1);
    cluster.core(first).readIndex(2, "quorum");
    cluster.tick(25);
    cluster.heal();
    cluster.tick(25);
    cluster.core(first).transferLeadership(second);
    cluster.tick(5);
    cluster.change(second, ADD_LEARNER);
    cluster.tick(5);
    const kinds = kindsOf(cluster.decisions);
    for (const kind of [
      "created",
      "becameLeader",
      "voteGranted",
      "appendSent",
      "appendAccepted",
      "commitAdvanced",
      "readConfirmed",
      "timeoutNowSent",
      "membershipSwitched",
    ] as const) {
      expect(kinds).toContain(kind);
    }
    for (const language of ["en", "zh"] as const) {
      for (const decision of cluster.decisions) {
        expectSentence(explainDecision(decision, { language }), language);
      }
      for (const message of cluster.messages) {
        expectSentence(explainMessage(message, { language }), language);
      }
    }
  });
});

describe("what real members say of themselves", () => {
  test("a cut-off leader names the silent voters, then gives up and says why", () => {
    const cluster = new SmallCluster(THREE_VOTERS);
    cluster.elect(1);
    cluster.tick(11);
    cluster.cut(1);
    cluster.propose(1);
    const waiting = explainCommit(cluster.core(1).status());
    expect(codes(waiting)[0]).toBe("waitsForMajority");
    expect(waiting[0]?.about).toMatchObject({ first: 3, last: 3, holders: [1], needed: 2 });
    cluster.core(1).readIndex(5);
    cluster.settle();
    expect(codes(explainReads(cluster.core(1).status()))).toEqual(["readsWaitForMajority"]);
    cluster.tick(25);
    expect(kindsOf(cluster.decisions)).toContain("quorumLost");
    const status = cluster.core(1).status();
    const leaderless = explainCommit(status);
    expect(["noLeaderKnown", "campaigning"]).toContain(leaderless.at(-1)?.code);
    const others = [cluster.core(2).status(), cluster.core(3).status()];
    expect(codes(explainCommit(status, { others }))).toContain("newerTermElsewhere");
    const refused = cluster.propose(1);
    if (refused.ok) throw new Error("accepted without a leader");
    expect(codes(explainRefusal(refused, status))[0]).toBe("callRefused");
  });

  test("a leader whose disk hangs counts without itself", () => {
    const cluster = new SmallCluster(THREE_VOTERS);
    cluster.elect(1);
    cluster.cut(3);
    cluster.stuckDisks.add(1);
    cluster.propose(1);
    const findings = explainCommit(cluster.core(1).status());
    expect(codes(findings).slice(0, 2)).toEqual(["waitsForMajority", "ownDiskBehind"]);
    expect(findings[0]?.about).toMatchObject({ holders: [2] });
  });

  test("a second change names the first, which is committed and not applied", () => {
    const cluster = new SmallCluster(THREE_VOTERS);
    cluster.elect(1);
    cluster.stuckMachines.add(1);
    cluster.change(1, ADD_LEARNER);
    const second = cluster.change(1, {
      ...ADD_LEARNER,
      steps: [{ action: "learner", member: 5 }],
    });
    if (!second.ok || "forwarded" in second) throw new Error("not taken by the leader");
    const [refused] = second.refusedChanges;
    if (refused === undefined) throw new Error("not refused");
    const [finding] = explainRefusal(refused, cluster.core(1).status());
    expect(finding?.about).toMatchObject({ code: "changeRefused", pendingIndex: 3, applied: 2 });
    expect(finding?.statement.en).toContain("index 3, which is committed but not applied yet");
  });

  test("an election after a silent leader names it, the time-out and the outcome", () => {
    const cluster = new SmallCluster(THREE_VOTERS);
    cluster.elect(1);
    cluster.propose(1);
    cluster.cut(1);
    cluster.tick(40, [2, 3]);
    const story = explainElection(cluster.decisions);
    expect(codes(story)).toContain("leaderFellSilent");
    expect(story.find(({ code }) => code === "leaderFellSilent")?.about).toMatchObject({
      leader: 1,
    });
    expect(story.at(-1)?.code).toBe("becameLeader");
    const winner = cluster.leader;
    const voter = winner === 2 ? 3 : 2;
    const seen = explainElection(cluster.decisions.filter(({ id }) => id === voter));
    expect(codes(seen)[0]).toBe("candidateElsewhere");
    expect(codes(seen)).toContain("voteGranted");
    expect(seen[0]?.about).toMatchObject({ candidate: winner });
  });

  test("a member with an old log cannot win, and its voters said so", () => {
    const cluster = new SmallCluster(THREE_VOTERS, { checkQuorum: false });
    cluster.elect(1);
    cluster.cut(3);
    cluster.propose(1);
    cluster.heal();
    cluster.core(3).campaign();
    const candidate = cluster.core(3).status();
    const others = [cluster.core(1).status(), cluster.core(2).status()];
    expect(codes(explainLeadership(candidate, { others }))[0]).toBe("logBehindMajority");
    cluster.settle();
    const { decisions } = cluster;
    const after = explainLeadership(candidate, { decisions });
    expect(codes(after)).toContain("voteRefused");
  });
});
