import type { CoreStatus, Decision } from "@quorate/core";
import { describe, expect, test } from "vitest";
import { explainLeadership, type Finding } from "../../src/index.ts";
import { DECISION_SAMPLES } from "../samples/decision-samples.ts";
import { at, JOINT, THREE_VOTERS } from "../samples/samples.ts";
import { follower, leader } from "./statuses.ts";

function codes(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.code);
}

test("a member that leads, is stopped, outside the group, or a learner needs no further reason", () => {
  expect(codes(explainLeadership(leader()))).toEqual(["leadsAlready"]);
  expect(codes(explainLeadership(follower({ stopped: "x" })))).toEqual(["stopped"]);
  expect(codes(explainLeadership(follower({ id: 9 })))).toEqual(["outsideGroup"]);
  const learner = follower({ id: 4, membership: { ...THREE_VOTERS, learners: [4] } });
  expect(codes(explainLeadership(learner))).toEqual(["learnerCannotLead"]);
});

test("an outgoing voter of a joint state may still lead", () => {
  const outgoing = follower({ id: 3, membership: JOINT });
  expect(codes(explainLeadership(outgoing))).toEqual(["hearsLeader", "mayLead"]);
});

test("a follower that hears its leader says how long it would wait", () => {
  const [hears, may] = explainLeadership(follower());
  expect(hears?.about).toMatchObject({ leader: 1, elapsedTicks: 3, timeoutTicks: 13 });
  expect(may?.code).toBe("mayLead");
});

test("without a leader it waits or campaigns", () => {
  expect(codes(explainLeadership(follower({ leader: 0 })))).toEqual(["noLeaderKnown", "mayLead"]);
  const candidate = follower({ leader: 0, role: "candidate" });
  expect(codes(explainLeadership(candidate))).toEqual(["campaigning", "mayLead"]);
});

describe("logs that are newer elsewhere", () => {
  const behind = follower({ last: at(4, 40) });
  const withLast = (id: number, term: number, index: number): CoreStatus =>
    follower({ id, last: at(term, index) });

  test("bar it when too few voters are left", () => {
    const [bar] = explainLeadership(behind, { others: [withLast(3, 5, 2), withLast(1, 4, 41)] });
    expect(bar?.about).toMatchObject({ code: "logBehindMajority", newer: [1, 3], needed: 2 });
  });

  test("do not when a majority may still vote for it", () => {
    const findings = explainLeadership(behind, { others: [withLast(1, 4, 40), withLast(3, 5, 2)] });
    expect(codes(findings)).not.toContain("logBehindMajority");
  });

  test("count per half in a joint state, and learners never", () => {
    const joint = follower({ last: at(4, 40), membership: JOINT });
    const halves = explainLeadership(joint, { others: [withLast(1, 5, 1), withLast(3, 5, 1)] });
    expect(halves[0]?.about).toMatchObject({ code: "logBehindMajority", voters: [1, 2, 3] });
    const learners = explainLeadership(
      follower({ last: at(4, 40), membership: { ...THREE_VOTERS, learners: [4, 5] } }),
      { others: [withLast(4, 5, 1), withLast(5, 5, 1)] },
    );
    expect(codes(learners)).not.toContain("logBehindMajority");
  });
});

describe("remembered decisions", () => {
  const pending = DECISION_SAMPLES.campaignRefused.find(
    ({ reason }) => reason === "membershipChangePending",
  );
  if (pending === undefined) throw new Error("no such sample");

  test("of its own refused campaign bar it until the change is applied", () => {
    const decisions = [pending];
    expect(codes(explainLeadership(follower({ applied: 13 }), { decisions }))).toEqual([
      "campaignRefused",
      "hearsLeader",
    ]);
    expect(codes(explainLeadership(follower({ applied: 14 }), { decisions }))).toEqual([
      "hearsLeader",
      "mayLead",
    ]);
    const laterTerm = follower({ applied: 13, term: 6 });
    expect(codes(explainLeadership(laterTerm, { decisions }))).not.toContain("campaignRefused");
  });

  test("of voters that refused it bar it, unless they granted a vote since", () => {
    const refused: Decision = {
      ...DECISION_SAMPLES.voteRefused[0],
      id: 3,
      candidate: 2,
      candidateTerm: 6,
      term: 6,
    };
    const granted: Decision = {
      ...DECISION_SAMPLES.voteGranted[0],
      id: 3,
      candidate: 2,
      candidateTerm: 7,
    };
    const candidate = follower({ leader: 0, role: "candidate", term: 6 });
    expect(codes(explainLeadership(candidate, { decisions: [refused] }))).toEqual([
      "voteRefused",
      "campaigning",
    ]);
    expect(codes(explainLeadership(candidate, { decisions: [refused, granted] }))).toEqual([
      "campaigning",
      "mayLead",
    ]);
  });
});
